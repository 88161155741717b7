/** The fields of the output that files and texts are put into. */
import type { INodeProperties } from 'n8n-workflow';
import { strictText } from './strict-values';
import type { WithParameters } from './with-parameters';

export const binaryFieldProperty: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	hint: 'The name of the output binary field to put the file in',
};

/** @throws UserError if it is empty, or no name */
export const readBinaryField = (execution: WithParameters, item: number): string =>
	strictText(
		execution.parameter<unknown>('binaryPropertyName', item, 'data'),
		'Put Output File in Field',
		{ required: true },
	).trim();

/** What the names of several binary fields begin with. @throws UserError if it is not text */
export const readPrefix = (execution: WithParameters, item: number): string =>
	strictText(
		execution.parameter<unknown>('attachmentPrefix', item, 'attachment_'),
		'Attachment Prefix',
	);
