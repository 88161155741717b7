/** A message composed from fields (RFC 5322, MIME). */
import type { IBinaryData, IDataObject } from 'n8n-workflow';
import type { WithItems } from '../fields/with-parameters';
import { isSet } from '../fields/is-expression';
import { UserError } from '../errors/user-error';
import { isHeaderFieldName } from '../../../engine/index';
import { parseAddresses } from '../../../mail/address/parse-addresses';
import { composeMessage, type MessageParts } from '../../../mail/compose/compose-message';
import { newMessageId } from '../../../mail/compose/message-id';
import { messageIds } from '../../../mail/header/message-ids';
import { utf8Bytes } from '../../../mail/header/header-text';
import { calendarEvent } from '../../../mail/unwrap/calendar';
import { isEmptyValue, strictChoice, strictText, strictTexts } from '../fields/strict-values';
import { moment } from '../fields/workflow-time';
import { addressLine, withoutLineEnds } from './recipients';

const MORE_ADDRESSES = [
	['cc', 'CC'],
	['bcc', 'BCC'],
	['replyTo', 'Reply To'],
] as const;

export interface ComposedMessage {
	bytes: Buffer;
	/** With angle brackets. */
	messageId: string;
}

/** All that the fields of an item say, and the names of its files, which are there. */
export interface Composition {
	mail: MessageParts;
	messageId: string;
	attachments: readonly string[];
	images: ReadonlyArray<{ cid: string; name: string }>;
}

/**
 * @param date of the Date field, if the item gives it none
 * @throws UserError if a field cannot be in a header; NodeOperationError if a file is missing
 */
export function readComposition(
	execution: WithItems,
	item: number,
	date: Date | undefined,
): Composition {
	const more = execution.parameter<IDataObject>('composeOptions', item, {});
	const has = (name: string): boolean => isSet(execution.context, 'composeOptions', more, name);
	const mail: MessageParts = {
		text: strictText(execution.parameter<unknown>('text', item, ''), 'Text') || undefined,
		html: ('html' in more && strictText(more.html, 'HTML')) || undefined,
		date: has('date') ? moment(more.date, execution.context.getTimezone(), 'Date') : date,
		headers: [...customFields(more.headers), ...priorityFields(more)],
		icalEvent: 'invitation' in more ? invitation(more.invitation) : undefined,
	};
	const subject = strictText(execution.parameter<unknown>('subject', item, ''), 'Subject');
	mail.subject = withoutLineEnds(subject, 'Subject') || undefined;
	const addresses = (name: string, label: string): string | undefined =>
		addressLine(execution.parameter<unknown>(name, item, ''), label, { required: true });
	const from = addresses('from', 'From');
	mail.from = from;
	mail.to = addresses('to', 'To');
	for (const [name, label] of MORE_ADDRESSES) {
		if (name in more) mail[name] = addressLine(more[name], label);
	}
	if ('references' in more) mail.references = referencesIn(more.references);
	// Without it, the message would not be part of the conversation.
	if ('inReplyTo' in more) mail.inReplyTo = answeredIds(more.inReplyTo);
	// Mail programs go by References, which holds at least the message that is answered (RFC 5322 §3.6.4).
	mail.references ??= mail.inReplyTo;
	const sender = parseAddresses(utf8Bytes(from ?? ''))[0]?.address;
	const messageId = has('messageId')
		? messageIdIn(more.messageId, 'Message ID')
		: newMessageId(sender);
	return {
		mail,
		messageId,
		attachments: fileNames(execution, item, attachmentNames(more)),
		images: inlineImages(execution, item, more.inlineImages),
	};
}

export async function composedMessage(
	execution: WithItems,
	item: number,
	{ mail, messageId, attachments, images }: Composition,
): Promise<ComposedMessage> {
	const files: MessageParts['attachments'] = await itemFiles(execution, item, attachments);
	for (const { cid, name } of images) {
		for (const file of await itemFiles(execution, item, [name])) {
			files.push({ ...file, cid, contentDisposition: 'inline' });
		}
	}
	return { bytes: await composeMessage({ ...mail, messageId, attachments: files }), messageId };
}

/** What mail programs go by; RFC 2156 has one of them only. */
const PRIORITY_FIELDS = {
	high: { Importance: 'High', 'X-Priority': '1 (Highest)', 'X-MSMail-Priority': 'High' },
	normal: {},
	low: { Importance: 'Low', 'X-Priority': '5 (Lowest)', 'X-MSMail-Priority': 'Low' },
};

function priorityFields(more: IDataObject): Array<{ key: string; value: string }> {
	if (!('priority' in more)) return [];
	const priority = strictChoice(more.priority, 'Priority', ['high', 'normal', 'low']);
	return Object.entries(PRIORITY_FIELDS[priority]).map(([key, value]) => ({ key, value }));
}

/**
 * @returns with angle brackets
 * @throws UserError if it is empty, or not one Message-ID
 */
export function messageIdIn(value: unknown, label: string): string {
	const given = strictText(value, label, { required: true }).trim();
	const id = given.startsWith('<') ? given : `<${given}>`;
	if (/^<[^<>\s\0]+>$/.test(id)) return id;
	throw new UserError(
		`"${given.slice(0, 100)}" in the field "${label}" is not a Message-ID`,
		'A Message-ID has no spaces, such as <1234@example.com>. If the field is an expression, check what it returns.',
	);
}

/** Names of binary fields, separated by commas. */
export function attachmentNames(more: IDataObject): string {
	if (!('attachments' in more)) return '';
	const { attachments: given } = more;
	return Array.isArray(given)
		? strictTexts(given, 'Attachments').join(',')
		: strictText(given, 'Attachments');
}

/** As text, or as the list that items have. A message that begins a conversation has none. */
function referencesIn(given: unknown): string | undefined {
	const label = 'References';
	const texts = Array.isArray(given) ? strictTexts(given, label) : [strictText(given, label)];
	const text = withoutLineEnds(texts.join(' '), label).trim();
	const ids = messageIds(text);
	return (ids.length > 0 ? ids.join(' ') : text) || undefined;
}

/** One Message-ID or several, as they stand in a message, even if its sender put spaces into one. */
function answeredIds(value: unknown): string {
	const label = 'In Reply To';
	const given = strictText(value, label, { required: true }).trim();
	return /^(?:<[^<>\r\n\0]+>\s*)+$/.test(given) ? given : messageIdIn(given, label);
}

/** Fields that have a parameter of their own, or that describe the parts of the message. */
const RESERVED =
	/^(?:from|to|cc|bcc|subject|date|message-id|in-reply-to|references|reply-to|mime-version|content-.*)$/i;

/** @throws UserError if one cannot be in a header */
function customFields(given: unknown): Array<{ key: string; value: string }> {
	const rows: unknown = isEmptyValue(given) ? [] : (given as IDataObject).field;
	if (!Array.isArray(rows)) return [];
	return rows.map((row: IDataObject | null) => {
		const key = strictText(row?.name, 'Header Fields: Name', { required: true }).trim();
		if (!isHeaderFieldName(key) || key.length > 200) {
			throw new UserError(
				`"${key.slice(0, 100)}" is not a valid name of a header field`,
				'A name has no spaces and no colon, such as List-Unsubscribe.',
			);
		}
		if (RESERVED.test(key)) {
			throw new UserError(
				`The header field "${key}" cannot be set in "Header Fields"`,
				'Use the field of this node for it. The node creates the fields that describe the parts of a message.',
			);
		}
		const value = strictText(row?.value, `Header Fields: ${key}`, { required: true });
		return { key, value: withoutLineEnds(value, key) };
	});
}

function inlineImages(execution: WithItems, item: number, given: unknown): Composition['images'] {
	const rows: unknown = isEmptyValue(given) ? [] : (given as IDataObject).image;
	return (Array.isArray(rows) ? (rows as Array<IDataObject | null>) : []).flatMap((row) => {
		const id = strictText(row?.contentId, 'Inline Images: Content-ID', { required: true });
		const cid = messageIdIn(id, 'Inline Images: Content-ID').slice(1, -1);
		const field = strictText(row?.field, 'Inline Images: Input Binary Field', { required: true });
		return fileNames(execution, item, field).map((name) => ({ cid, name }));
	});
}

/** @throws UserError unless it is iCalendar text that says what the recipients are to do with it */
function invitation(given: unknown): NonNullable<MessageParts['icalEvent']> {
	const content = strictText(given, 'Calendar Invitation', { required: true });
	const method = calendarEvent(content)?.method ?? '';
	if (/^\s*BEGIN:VCALENDAR/i.test(content) && /^[A-Z-]{1,40}$/.test(method)) {
		return { method, content, filename: 'invite.ics' };
	}
	throw new UserError(
		'The field "Calendar Invitation" is not iCalendar text with an event and a METHOD',
		'Start it with BEGIN:VCALENDAR, and add a line such as METHOD:REQUEST before BEGIN:VEVENT (RFC 5546).',
	);
}

/** A file as the composer takes it. */
export interface ItemFile {
	filename: string;
	contentType: string;
	content: Buffer;
}

/**
 * @param names of binary fields, separated by commas
 * @throws NodeOperationError if the item has no such field
 */
export function fileNames(execution: WithItems, item: number, names: string): string[] {
	const listed = names.split(',').map((one) => one.trim());
	const given = listed.filter((name) => name !== '');
	for (const name of given) execution.context.helpers.assertBinaryData(item, name);
	return given;
}

/** The files of an item. @param names as {@link fileNames} returned them */
export async function itemFiles(
	execution: WithItems,
	item: number,
	names: readonly string[],
): Promise<ItemFile[]> {
	const { helpers } = execution.context;
	const found: ItemFile[] = [];
	for (const name of names) {
		const data: IBinaryData = helpers.assertBinaryData(item, name);
		found.push({
			filename: data.fileName || name,
			contentType: data.mimeType,
			content: await helpers.getBinaryDataBuffer(item, name),
		});
	}
	return found;
}
