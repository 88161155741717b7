/** What people look for first in a header, in one form: from the server's ENVELOPE, or from the header itself. */
import type { Envelope } from '../../engine/index';
import { envelopeAddresses } from '../address/envelope-addresses';
import type { MailAddress } from '../address/mailbox-address';
import { parseAddresses } from '../address/parse-addresses';
import { decodeWords } from './encoded-words';
import { headerText } from './header-text';
import { messageIds } from './message-ids';
import { RawHeader } from './raw-header';

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
		inReplyTo: envelope.inReplyTo,
		messageId: envelope.messageId,
	};
}

/** @param header as BODY[HEADER] returns it. Sender and Reply-To default to From, as in ENVELOPE (RFC 9051 §7.5.2) */
export function summaryOfHeader(header: Buffer): HeaderSummary {
	const fields = new RawHeader(header);
	const addresses = (name: string): MailAddress[] =>
		fields.all(name).flatMap((value) => parseAddresses(value));
	const line = (name: string): string | null => fields.first(name)?.trim() ?? null;
	const from = addresses('from');
	const orFrom = (list: MailAddress[]): MailAddress[] => (list.length > 0 ? list : from);
	const subject = fields.first('subject');
	return {
		date: line('date'),
		subject: subject === undefined ? null : decodeWords(subject),
		from,
		sender: orFrom(addresses('sender')),
		replyTo: orFrom(addresses('reply-to')),
		to: addresses('to'),
		cc: addresses('cc'),
		bcc: addresses('bcc'),
		inReplyTo: line('in-reply-to'),
		messageId: line('message-id'),
	};
}

/** The Message-IDs of the References field, oldest first. @param header with that field, raw */
export function referencesOf(header: Buffer): string[] {
	return new RawHeader(header).all('references').flatMap(messageIds);
}

/** Whether the server describes a header that says nothing at all. */
export function isEmptyEnvelope({ date, subject, messageId, from, to }: Envelope): boolean {
	return !date && !subject && !messageId && from.length === 0 && to.length === 0;
}
