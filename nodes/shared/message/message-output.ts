/** Messages as items: which fields, decoded; texts; attachments as binary data. */
import type { IBinaryKeyData, IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import {
	SequenceSet,
	type Address,
	type FetchedMessage,
	type FetchItems,
	type Imap4,
	type SelectedMailbox,
} from '../../../engine/index';
import { bodyParts } from '../../../mail/body-parts';
import { implausible, treeFromStructure } from '../../../mail/mime-tree/from-structure';
import type { Cancellable, WithParameters } from '../execution/execution';
import { envelopeAddresses } from '../../../mail/address/envelope-addresses';
import { formatAddresses } from '../../../mail/address/format-addresses';
import { headerFields, headerText } from '../../../mail/header/header-text';
import { fetchContents, type ContentRequest } from './message-content';
import { fieldItems, fieldOptions, fieldValues, malformedFields } from './message-fields';

export interface OutputOptions {
	simplify: boolean;
	fields: ReadonlySet<string>;
	text: boolean;
	html: boolean;
	attachments: boolean;
	attachmentPrefix: string;
}

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
		description: 'What to return of each message',
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
			'Which body to return, decoded. Text is made of the HTML where a message has no other. Messages stay unread.',
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
			'How the names of the binary fields begin; a number follows: attachment_0, attachment_1 …',
	},
];

export function readOutputOptions(execution: WithParameters, itemIndex: number): OutputOptions {
	const body = execution.parameter<string>('body', itemIndex, 'none');
	return {
		simplify: execution.parameter('simplify', itemIndex, true),
		fields: new Set(execution.parameter<string[]>('fields', itemIndex, [])),
		text: body === 'text' || body === 'both',
		html: body === 'html' || body === 'both',
		attachments: execution.parameter('downloadAttachments', itemIndex, false),
		attachmentPrefix: execution.parameter('attachmentPrefix', itemIndex, 'attachment_'),
	};
}

/** Who fetches: a run of a node, or a poll. */
export interface Fetching extends Cancellable {
	context: { helpers: Pick<IExecuteFunctions['helpers'], 'prepareBinaryData'> };
}

/**
 * Fetches messages of the selected mailbox: one UID FETCH for all, and one for the bodies of those
 * whose bodies are laid out alike. No flag is changed by reading.
 * @param found called for each message that is still there, in the order of `uids`
 */
export async function fetchOutputs(
	execution: Fetching,
	imap: Imap4,
	mailbox: SelectedMailbox,
	uids: readonly number[],
	options: OutputOptions,
	found: (uid: number, json: IDataObject, binary: IBinaryKeyData | undefined) => void,
): Promise<void> {
	if (uids.length === 0) return;
	const messages = new Map<number, FetchedMessage>();
	const headers = new Map<number, Buffer>();
	const set = SequenceSet.from(uids);
	for await (const message of imap.fetch(set, fetchItems(options), { uid: true })) {
		if (message.uid === undefined) continue;
		messages.set(message.uid, message);
		// A large one is still on its way, and must be read before the next message is asked for.
		const header = await message.body[0]?.bytes();
		if (header) headers.set(message.uid, header);
	}
	execution.checkCancelled();
	const requests = contentRequests(messages.values(), options);
	// Said in the item: text and attachments are then from the message, not from the server's description.
	const wholes = new Map(requests.flatMap(({ uid, whole }) => (whole ? [[uid, whole]] : [])));
	const contents = await fetchContents(execution, imap, requests, binaryStore(execution.context));
	for (const uid of uids) {
		const message = messages.get(uid);
		if (!message) continue;
		const reference: IDataObject = { mailbox: mailbox.name, uidValidity: mailbox.uidValidity, uid };
		const fields = options.simplify ? simplified(message) : fieldValues(message, options.fields);
		const header = headers.get(uid);
		const { text, html, attachments = [] } = contents.get(uid) ?? {};
		const json = {
			...fields,
			...(header ? { header: headerFields(header) } : {}),
			...malformedFields(message),
			...(options.text ? { text: text ?? '' } : {}),
			...(options.html ? { html: html ?? '' } : {}),
			...(wholes.has(uid) ? { readAsWhole: wholes.get(uid) } : {}),
			// Last, behind what a person looks for.
			...reference,
		};
		const binary = Object.fromEntries(
			attachments.map(({ data }, index) => [`${options.attachmentPrefix}${index}`, data]),
		);
		found(uid, json, attachments.length > 0 ? binary : undefined);
	}
}

function fetchItems({ simplify, fields, text, html, attachments }: OutputOptions): FetchItems {
	const bodies = text || html || attachments;
	if (simplify) {
		return { uid: true, flags: true, internalDate: true, envelope: true, bodyStructure: bodies };
	}
	const items = fieldItems(fields);
	return { ...items, uid: true, bodyStructure: bodies || items.bodyStructure };
}

function contentRequests(
	messages: Iterable<FetchedMessage>,
	{ text, html, attachments }: OutputOptions,
): ContentRequest[] {
	const requests: ContentRequest[] = [];
	if (!text && !html && !attachments) return requests;
	for (const { uid, bodyStructure } of messages) {
		if (uid === undefined) continue;
		const whole = bodyStructure
			? implausible(treeFromStructure(bodyStructure), undefined)
			: 'the server describes its parts in a way that cannot be read';
		const parts = bodyStructure && whole === undefined ? bodyParts(bodyStructure) : undefined;
		requests.push({
			uid,
			body: parts?.body,
			whole,
			text: text ? { format: 'text', links: 'keep', images: false } : undefined,
			html,
			attachments: !attachments ? [] : (parts?.attachments ?? 'all'),
		});
	}
	return requests;
}

/** Streams into n8n's binary storage. */
export function binaryStore({ helpers }: Fetching['context']) {
	return helpers.prepareBinaryData.bind(helpers);
}

/** Few flat fields, those that people look for first. */
function simplified({ envelope, internalDate, flags = [] }: FetchedMessage): IDataObject {
	const addresses = (list: readonly Address[] = []): string =>
		formatAddresses(envelopeAddresses(list));
	return {
		subject: headerText(envelope?.subject),
		from: addresses(envelope?.from),
		to: addresses(envelope?.to),
		cc: addresses(envelope?.cc),
		replyTo: addresses(envelope?.replyTo),
		date: internalDate?.toISOString() ?? null,
		messageId: envelope?.messageId ?? null,
		inReplyTo: envelope?.inReplyTo ?? null,
		flags,
	};
}
