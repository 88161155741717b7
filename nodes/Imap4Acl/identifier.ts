/** Whose rights (RFC 4314 §2). */
import type { INodeProperties } from 'n8n-workflow';
import type { Execution } from '../shared/execution/execution';
import { strictText } from '../shared/fields/strict-values';

export const identifierProperty: INodeProperties = {
	displayName: 'Identifier',
	name: 'identifier',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'bob',
	description:
		'Name of a user, of a group as the server writes it, or "anyone". With a minus in front the rights are denied.',
};

/** @throws UserError if it is empty */
export function readIdentifier(execution: Execution, item: number): string {
	const identifier = execution.parameter<unknown>('identifier', item, '');
	return strictText(identifier, 'Identifier', { required: true });
}
