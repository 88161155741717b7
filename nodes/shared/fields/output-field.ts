/** The binary field that a file is put into. */
import type { INodeProperties } from 'n8n-workflow';
import type { Execution } from '../execution/execution';
import { UserError } from '../errors/user-error';

export const binaryFieldProperty: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	hint: 'The name of the output binary field to put the file in',
};

/** @throws UserError if it is empty */
export function readBinaryField(execution: Execution, item: number): string {
	const field = String(execution.parameter<unknown>('binaryPropertyName', item, 'data')).trim();
	if (field !== '') return field;
	throw new UserError(
		'The field "Put Output File in Field" is empty',
		'Enter a name such as "data".',
	);
}
