/** What "Get" of Part asks for: which section, how, and where to put it. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Execution } from '../../shared/execution/execution';
import {
	strictBoolean,
	strictChoice,
	strictText,
	strictWholeNumber,
} from '../../shared/fields/strict-values';
import type { OctetRange } from '../../../mail/byte-range';
import { binaryFieldProperty, readBinaryField } from '../../shared/fields/output-field';
import { parseSection, type Section } from './section';

const octets = (displayName: string, name: string, least: number, description: string) =>
	({
		displayName,
		name,
		type: 'number',
		typeOptions: { minValue: least },
		default: least,
		description,
	}) satisfies INodeProperties;

export const sectionProperties: INodeProperties[] = [
	{
		displayName: 'Section',
		name: 'section',
		type: 'string',
		default: '1',
		required: true,
		placeholder: 'e.g. 1.2',
		description:
			'Number of a part such as 1 or 2.1, HEADER, TEXT, HEADER.FIELDS (From To), 2.MIME for the header of a part, or 2.HEADER and 2.TEXT of an attached message',
	},
	{
		displayName: 'Decode',
		name: 'decode',
		type: 'boolean',
		default: true,
		description:
			'Whether to decode the transfer encoding (base64, quoted-printable) and the charset instead of returning the section as sent',
	},
	{
		displayName: 'Put Result Into',
		name: 'sectionOutput',
		type: 'options',
		options: [
			{
				name: 'Binary File',
				value: 'binary',
				description: 'As a file in a binary field, whatever its size',
			},
			{ name: 'Text Field', value: 'text', description: 'As text in a field of the item' },
		],
		default: 'text',
	},
	{ ...binaryFieldProperty, displayOptions: { show: { sectionOutput: ['binary'] } } },
	{
		displayName: 'Put Output in Field',
		name: 'textField',
		type: 'string',
		displayOptions: { show: { sectionOutput: ['text'] } },
		default: 'text',
		required: true,
		hint: 'The name of the output field to put the text in',
	},
	{
		displayName: 'Options',
		name: 'sectionOptions',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			octets(
				'Range Length (Bytes)',
				'length',
				1,
				'Max number of bytes to return. Without this option, the rest of the section is returned.',
			),
			octets('Range Start (Bytes)', 'start', 0, 'The first byte to return, counted from 0'),
		],
	},
];

export interface SectionSettings {
	section: Section;
	decode: boolean;
	range?: OctetRange;
	field: string;
	asFile: boolean;
}

/** @throws UserError */
export function readSectionSettings(execution: Execution, item: number): SectionSettings {
	const given = (name: string, standard: unknown): unknown =>
		execution.parameter<unknown>(name, item, standard);
	const output = strictChoice(given('sectionOutput', 'text'), 'Put Result Into', [
		'text',
		'binary',
	]);
	const asFile = output === 'binary';
	return {
		section: parseSection(strictText(given('section', ''), 'Section')),
		decode: strictBoolean(given('decode', true), 'Decode'),
		range: readRange(execution.parameter<IDataObject>('sectionOptions', item, {})),
		field: asFile
			? readBinaryField(execution, item)
			: strictText(given('textField', 'text'), 'Put Output in Field', { required: true }).trim(),
		asFile,
	};
}

/** Numbers that BODY[…]<…> takes (RFC 9051 §9 `number`). */
const MOST = 4_294_967_295;

function readRange(options: IDataObject): OctetRange | undefined {
	const number = (name: string, field: string, least: number, standard: number): number =>
		name in options ? strictWholeNumber(options[name], field, { min: least, max: MOST }) : standard;
	const start = number('start', 'Range Start (Bytes)', 0, 0);
	const length = number('length', 'Range Length (Bytes)', 1, MOST);
	return start === 0 && length === MOST ? undefined : { start, length };
}
