/** A message composed from fields (RFC 5322, MIME). */
import type { IBinaryData, IDataObject, INodeProperties } from 'n8n-workflow';
import type { Execution } from '../execution/execution';
import { UserError } from '../errors/user-error';
import { composeMessage, type MessageParts } from '../../../mail/compose/compose-message';

const field = (
	displayName: string,
	name: string,
	description: string,
	placeholder?: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	description,
	placeholder,
});

const ADDRESSES = 'Addresses, separated by commas';

export const composeProperties: INodeProperties[] = [
	field('From', 'from', 'Address of the sender', 'Anna <anna@example.com>'),
	field('To', 'to', ADDRESSES, 'bob@example.com'),
	field('Subject', 'subject', 'Subject of the message'),
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 5 },
		default: '',
		description: 'The body as plain text',
	},
	{
		displayName: 'More Fields',
		name: 'composeOptions',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			field(
				'Attachments',
				'attachments',
				'Names of binary fields of the item, separated by commas',
				'data, attachment_0',
			),
			field('BCC', 'bcc', ADDRESSES),
			field('CC', 'cc', ADDRESSES),
			{
				displayName: 'HTML',
				name: 'html',
				type: 'string',
				typeOptions: { rows: 5 },
				default: '',
				description: 'The body as HTML; with a text besides, mail clients show either',
			},
			field('In Reply To', 'inReplyTo', 'Message-ID of the message that this one answers'),
			field('References', 'references', 'Message-IDs of the conversation, separated by blanks'),
			field('Reply To', 'replyTo', ADDRESSES),
		],
	},
];

const HEADER_FIELDS = ['from', 'to', 'subject'] as const;
const MORE_HEADER_FIELDS = ['cc', 'bcc', 'replyTo', 'inReplyTo', 'references'] as const;

/**
 * @param date of the Date field
 * @throws UserError if a header field holds a line end, or a binary field is missing
 */
export async function composedMessage(
	execution: Execution,
	item: number,
	date: Date | undefined,
): Promise<Buffer> {
	const more = execution.parameter<IDataObject>('composeOptions', item, {});
	const mail: MessageParts = {
		text: textOf(execution.parameter<unknown>('text', item, '')) || undefined,
		html: textOf(more.html) || undefined,
		date,
		attachments: await itemFiles(execution, item, textOf(more.attachments)),
	};
	for (const name of HEADER_FIELDS) {
		mail[name] = headerText(execution.parameter<unknown>(name, item, ''), name);
	}
	for (const name of MORE_HEADER_FIELDS) mail[name] = headerText(more[name], name);
	return composeMessage(mail);
}

function textOf(value: unknown): string {
	return value === undefined || value === null ? '' : String(value);
}

/** A line end in a header field would begin a new field, or the body. */
function headerText(value: unknown, name: string): string | undefined {
	const text = textOf(value);
	if (/[\r\n\0]/.test(text)) {
		throw new UserError(
			`The field "${name}" of the message holds a line end, which no header field can hold`,
		);
	}
	return text || undefined;
}

/** A file as the composer takes it. */
export interface ItemFile {
	filename: string;
	contentType: string;
	content: Buffer;
}

/**
 * The files of an item.
 * @param names of binary fields, separated by commas
 * @throws NodeOperationError if one is missing
 */
export async function itemFiles(
	execution: Execution,
	item: number,
	names: string,
): Promise<ItemFile[]> {
	const { helpers } = execution.context;
	const found: ItemFile[] = [];
	for (const name of names
		.split(',')
		.map((one) => one.trim())
		.filter(Boolean)) {
		const data: IBinaryData = helpers.assertBinaryData(item, name);
		found.push({
			filename: data.fileName ?? name,
			contentType: data.mimeType,
			content: await helpers.getBinaryDataBuffer(item, name),
		});
	}
	return found;
}
