/** What people look for first in a header, in one form: from the server's ENVELOPE, or from the header itself. */
import type { Envelope } from '../../engine/index';
import { envelopeAddresses } from '../address/envelope-addresses';
import type { MailAddress } from '../address/mailbox-address';
import { parseAddresses } from '../address/parse-addresses';
import { decodeWords } from './encoded-words';
import { headerText, ownCharset, textOfBytes } from './header-text';
import { messageIds, rawMessageIds } from './message-ids';
import type { RawHeader } from './raw-header';

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

type Charsets = readonly (string | null | undefined)[];

/** Whether a header has any of the fields of a summary. */
export function hasSummary(header: RawHeader): boolean {
	return SUMMARY_FIELDS.some((name) => header.first(name.toLowerCase()) !== undefined);
}

/**
 * Sender and Reply-To default to From, as in ENVELOPE (RFC 9051 §7.5.2).
 * @param fields of a whole header, or those of its fields that are wanted
 * @param likely charsets of the texts, for bytes beyond ASCII that are not UTF-8
 */
export function summaryOfHeader(fields: RawHeader, likely: Charsets = []): HeaderSummary {
	const charsets = [...likely, ownCharset(fields)];
	const addresses = (name: string): MailAddress[] => {
		const values = fields.all(name);
		return values.length === 1
			? parseAddresses(values[0] as string, charsets)
			: values.flatMap((value) => parseAddresses(value, charsets));
	};
	const id = (name: string): string | null => {
		const value = fields.first(name);
		return value === undefined ? null : textOfBytes(value);
	};
	const from = addresses('from');
	const orFrom = (list: MailAddress[]): MailAddress[] => (list.length > 0 ? list : from);
	const [date, subject] = [fields.first('date'), fields.first('subject')];
	return {
		date: date === undefined ? null : textOfBytes(date),
		subject: subject === undefined ? null : decodeWords(subject, charsets),
		from,
		sender: orFrom(addresses('sender')),
		replyTo: orFrom(addresses('reply-to')),
		to: addresses('to'),
		cc: addresses('cc'),
		bcc: addresses('bcc'),
		inReplyTo: id('in-reply-to'),
		messageId: cleanId(id('message-id')),
	};
}

/** A Message-ID without what some put around it or into it: other servers name the message by it. */
function cleanId(written: string | null): string | null {
	if (written === null) return null;
	return messageIds(written)[0] ?? messageIds(written.replace(/\s+/g, ''))[0] ?? written;
}

/** The Message-IDs of the References field, oldest first. */
export function referencesOf(header: RawHeader): string[] {
	return rawMessageIds(header.all('references'));
}

/** Whether the server describes a header that says nothing at all. */
export function isEmptyEnvelope({ date, subject, messageId, from, to }: Envelope): boolean {
	return !date && !subject && !messageId && from.length === 0 && to.length === 0;
}
