/** What people look for first in a header, in one form: from the server's ENVELOPE, or from the header itself. */
import type { Envelope } from '../../engine/index';
import { envelopeAddresses } from '../address/envelope-addresses';
import type { MailAddress } from '../address/mailbox-address';
import { parseAddresses } from '../address/parse-addresses';
import { charsetNamed } from '../charset/labels';
import { decodeWords } from './encoded-words';
import { headerText } from './header-text';
import { messageIds } from './message-ids';
import { parseParameters } from './parameters';
import { RawHeader } from './raw-header';

/** The fields that a summary is made of. */
export const SUMMARY_FIELDS = [
	'Date',
	'Subject',
	'From',
	'Reply-To',
	'To',
	'Cc',
	'Message-ID',
	'In-Reply-To',
] as const;

export interface HeaderSummary {
	/** The Date field as it was sent. */
	date: string | null;
	/** Decoded; null if there is no such field. */
	subject: string | null;
	from: MailAddress[];
	sender: MailAddress[];
	replyTo: MailAddress[];
	to: MailAddress[];
	cc: MailAddress[];
	bcc: MailAddress[];
	inReplyTo: string | null;
	messageId: string | null;
}

export function summaryOfEnvelope(envelope: Envelope): HeaderSummary {
	return {
		date: envelope.date,
		subject: envelope.subject === null ? null : headerText(envelope.subject),
		from: envelopeAddresses(envelope.from),
		sender: envelopeAddresses(envelope.sender),
		replyTo: envelopeAddresses(envelope.replyTo),
		to: envelopeAddresses(envelope.to),
		cc: envelopeAddresses(envelope.cc),
		bcc: envelopeAddresses(envelope.bcc),
		inReplyTo: envelope.inReplyTo?.trim() ?? null,
		messageId: cleanId(envelope.messageId?.trim() ?? null),
	};
}

/**
 * Sender and Reply-To default to From, as in ENVELOPE (RFC 9051 §7.5.2).
 * @param header as BODY[HEADER] returns it, or those of its fields that are wanted
 * @param likely charsets of the texts, for bytes beyond ASCII that are not UTF-8
 * @returns undefined if it has none of the fields of a summary
 */
export function summaryOfFields(header: Buffer, likely: Charsets = []): HeaderSummary | undefined {
	const fields = new RawHeader(header);
	return SUMMARY_FIELDS.some((name) => fields.first(name.toLowerCase()) !== undefined)
		? summarized(fields, likely)
		: undefined;
}

/** The same of any header, with nothing in it if it says nothing. */
export function summaryOfHeader(header: Buffer, likely: Charsets = []): HeaderSummary {
	return summarized(new RawHeader(header), likely);
}

type Charsets = readonly (string | null | undefined)[];

function summarized(fields: RawHeader, likely: Charsets): HeaderSummary {
	const charsets = [...likely, ownCharset(fields)].filter((one) => charsetNamed(one) !== undefined);
	const addresses = (name: string): MailAddress[] =>
		fields.all(name).flatMap((value) => parseAddresses(value, charsets));
	const line = (name: string): string | null => fields.first(name)?.trim() ?? null;
	const from = addresses('from');
	const orFrom = (list: MailAddress[]): MailAddress[] => (list.length > 0 ? list : from);
	const subject = fields.first('subject');
	return {
		date: line('date'),
		subject: subject === undefined ? null : decodeWords(subject, charsets),
		from,
		sender: orFrom(addresses('sender')),
		replyTo: orFrom(addresses('reply-to')),
		to: addresses('to'),
		cc: addresses('cc'),
		bcc: addresses('bcc'),
		inReplyTo: line('in-reply-to'),
		messageId: cleanId(line('message-id')),
	};
}

/** Of a message that is one text. */
function ownCharset(fields: RawHeader): string | undefined {
	const type = fields.first('content-type');
	return type === undefined ? undefined : parseParameters(type).parameters.charset;
}

/** A Message-ID without what some put around it or into it: other servers name the message by it. */
function cleanId(written: string | null): string | null {
	if (written === null) return null;
	return messageIds(written)[0] ?? messageIds(written.replace(/\s+/g, ''))[0] ?? written;
}

/** The Message-IDs of the References field, oldest first. @param header with that field, raw */
export function referencesOf(header: Buffer): string[] {
	return new RawHeader(header).all('references').flatMap(messageIds).map(byItself);
}

/** The same text; what is cut out of a longer one holds all of that in memory. */
const byItself = (text: string): string => Buffer.from(text).toString();

/** Whether the server describes a header that says nothing at all. */
export function isEmptyEnvelope({ date, subject, messageId, from, to }: Envelope): boolean {
	return !date && !subject && !messageId && from.length === 0 && to.length === 0;
}
