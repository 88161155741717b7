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
	placeholder: 'e.g. bob',
	description:
		'User name, group name as the server writes it, or "anyone". A leading minus sign denies the rights.',
};

/** @throws UserError if it is empty */
export function readIdentifier(execution: Execution, item: number): string {
	const identifier = execution.parameter<unknown>('identifier', item, '');
	return strictText(identifier, 'Identifier', { required: true });
}
