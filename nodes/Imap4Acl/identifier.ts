/** Whose rights (RFC 4314 §2). */
import type { INodeProperties } from 'n8n-workflow';
import type { Execution } from '../shared/execution/execution';
import { UserError } from '../shared/errors/user-error';

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
	const identifier = String(execution.parameter<unknown>('identifier', item, ''));
	if (identifier !== '') return identifier;
	throw new UserError('The field "Identifier" is empty', 'Enter the name of a user or group.');
}
