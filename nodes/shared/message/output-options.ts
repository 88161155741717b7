/** Which fields and contents the operations that return messages put into their items. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { TextForm } from '../../../mail/reading/text-form';
import type { WithParameters } from '../fields/with-parameters';
import {
	optionalSwitch,
	strictBoolean,
	strictChoice,
	strictChoices,
	strictWholeNumber,
} from '../fields/strict-values';
import { readPrefix } from '../fields/output-field';
import { fieldNames, fieldOptions } from './message-fields';

/** Characters of a text. */
const USUAL_LENGTH = 20_000;

/** What is read of a message beyond its fields, text and files. */
export type Detail = 'authentication' | 'bounce' | 'calendar' | 'unsubscribe';

export interface OutputOptions {
	simplify: boolean;
	fields: readonly string[];
	/** Undefined if the text is not wanted. */
	text: TextForm | undefined;
	html: boolean;
	attachments: boolean;
	attachmentPrefix: string;
	/** Addresses as lists of names and addresses, rather than as text. */
	addressesAsData: boolean;
	details: readonly Detail[];
}

const DETAILS: Record<Detail, { name: string; description: string }> = {
	authentication: {
		name: 'Authentication Results',
		description: 'The results of SPF, DKIM and DMARC, as recorded by the receiving server',
	},
	bounce: {
		name: 'Bounce',
		description: 'For delivery reports and read receipts: recipient, status, action, diagnostic',
	},
	calendar: {
		name: 'Calendar Event',
		description: 'For invitations: method, start, end, organizer, attendees',
	},
	unsubscribe: {
		name: 'Unsubscribe Links',
		description: 'Where to unsubscribe from a mailing list, and whether a single request is enough',
	},
};

/** The options of a text. */
const textChoices: INodeProperties[] = [
	{
		displayName: 'Include Image Descriptions',
		name: 'images',
		type: 'boolean',
		default: false,
		description: 'Whether text converted from HTML includes the alternative text of images',
	},
	{
		displayName: 'Links',
		name: 'links',
		type: 'options',
		options: [
			{
				name: 'Footnotes',
				value: 'footnotes',
				description: 'Listed below the text, each one once',
			},
			{ name: 'Keep', value: 'keep', description: 'After the text of the link' },
			{
				name: 'Remove',
				value: 'remove',
				description: 'Left out; only the text of the link remains',
			},
		],
		default: 'keep',
		description: 'What to do with the addresses of links in text converted from HTML',
	},
	{
		displayName: 'Maximum Length',
		name: 'maxLength',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: USUAL_LENGTH,
		description:
			'Max number of characters of text. Longer text is cut after a word, and the item then has textIsCut. Without this option, AI agents get 20,000 characters.',
	},
	{
		displayName: 'Only New Text',
		name: 'onlyNewText',
		type: 'boolean',
		default: false,
		description: 'Whether to leave out what is quoted from earlier messages, and the signature',
	},
	{
		displayName: 'Text Format',
		name: 'textFormat',
		type: 'options',
		options: [
			{
				name: 'Markdown',
				value: 'markdown',
				description:
					'With headings, lists, tables and links; converted from the HTML if there is any',
			},
			{ name: 'Plain Text', value: 'text' },
		],
		default: 'text',
		description: 'The form of the text',
	},
];

const collection = (options: INodeProperties[]): INodeProperties => ({
	// The trigger has options of its own below.
	displayName: 'Content Options',
	name: 'contentOptions',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options,
});

/** For operations that return texts and nothing else of what is in messages. */
export const textOptions = collection(textChoices);

const contentOptions = collection([
	{
		displayName: 'Addresses As',
		name: 'addressesAs',
		type: 'options',
		options: [
			{
				name: 'Objects',
				value: 'objects',
				description: 'A list of names and addresses, for example [{ name, address }]',
			},
			{ name: 'Text', value: 'text', description: 'One line, as in a header field' },
		],
		default: 'text',
		description: 'How to return senders and recipients in simplified items',
	},
	{
		displayName: 'Also Return',
		name: 'alsoReturn',
		type: 'multiOptions',
		options: Object.entries(DETAILS).map(([value, { name, description }]) => ({
			name,
			value,
			description,
		})),
		default: [],
		description: "What else to read from the messages. What a message doesn't have is null.",
	},
	...textChoices,
]);

/** The fields of operations that put out messages. */
export const outputProperties: INodeProperties[] = [
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
	{
		displayName: 'Fields',
		name: 'fields',
		type: 'multiOptions',
		displayOptions: { show: { simplify: [false] } },
		options: fieldOptions,
		default: ['envelope', 'flags', 'internalDate', 'size'],
		description: 'What to return for each message',
	},
	{
		displayName: 'Body',
		name: 'body',
		type: 'options',
		options: [
			{ name: 'HTML', value: 'html' },
			{ name: 'None', value: 'none' },
			{ name: 'Text', value: 'text' },
			{ name: 'Text and HTML', value: 'both' },
		],
		default: 'none',
		description:
			"Which body to return, decoded. If a message has no plain text, it's converted from HTML. Messages stay unread.",
	},
	{
		displayName: 'Download Attachments',
		name: 'downloadAttachments',
		type: 'boolean',
		default: false,
		description: 'Whether to return attachments as binary data',
	},
	{
		displayName: 'Attachment Prefix',
		name: 'attachmentPrefix',
		type: 'string',
		displayOptions: { show: { downloadAttachments: [true] } },
		default: 'attachment_',
		description:
			'Prefix for the names of the binary fields, followed by a number: attachment_0, attachment_1, …',
	},
	contentOptions,
];

/** @throws UserError unless it is exactly true or false */
export const readSimplify = (execution: WithParameters, itemIndex: number): boolean =>
	strictBoolean(execution.parameter<unknown>('simplify', itemIndex, true), 'Simplify');

/** @throws UserError if a field or an option holds what is none of its values */
export function readOutputOptions(execution: WithParameters, itemIndex: number): OutputOptions {
	const body = strictChoice(execution.parameter<unknown>('body', itemIndex, 'none'), 'Body', [
		'none',
		'text',
		'html',
		'both',
	]);
	const given = execution.parameter<IDataObject>('contentOptions', itemIndex, {});
	const simplify = readSimplify(execution, itemIndex);
	const attachments = strictBoolean(
		execution.parameter<unknown>('downloadAttachments', itemIndex, false),
		'Download Attachments',
	);
	return {
		simplify,
		fields: simplify
			? []
			: strictChoices(execution.parameter<unknown>('fields', itemIndex, []), 'Fields', fieldNames),
		text: body === 'text' || body === 'both' ? readTextForm(given, execution.isTool) : undefined,
		html: body === 'html' || body === 'both',
		attachments,
		attachmentPrefix: attachments ? readPrefix(execution, itemIndex) : '',
		addressesAsData:
			choice(given, 'addressesAs', 'Addresses As', ['text', 'objects']) === 'objects',
		details: readDetails(given),
	};
}

/**
 * @param forModel whether an AI model reads it, which pays for each word
 * @throws UserError if an option holds what is none of its values
 */
export function readTextForm(given: IDataObject, forModel = false): TextForm {
	return {
		format: choice(given, 'textFormat', 'Text Format', ['text', 'markdown']),
		links: choice(given, 'links', 'Links', ['keep', 'footnotes', 'remove']),
		images: optionalSwitch(given, 'images', 'Include Image Descriptions') ?? false,
		onlyNew: optionalSwitch(given, 'onlyNewText', 'Only New Text') ?? false,
		...('maxLength' in given
			? { maxLength: strictWholeNumber(given.maxLength, 'Maximum Length', { min: 1 }) }
			: forModel
				? { maxLength: USUAL_LENGTH }
				: {}),
	};
}

/** @returns the first choice if the option is not there */
function choice<Choice extends string>(
	given: IDataObject,
	name: string,
	label: string,
	choices: readonly [Choice, ...Choice[]],
): Choice {
	return name in given ? strictChoice(given[name], label, choices) : choices[0];
}

function readDetails(given: IDataObject): Detail[] {
	const known = Object.keys(DETAILS) as Detail[];
	return 'alsoReturn' in given ? strictChoices(given.alsoReturn, 'Also Return', known) : [];
}
