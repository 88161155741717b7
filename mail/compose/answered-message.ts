/** What an answer needs of the message that it answers, from that message's header. */
import type { MailAddress } from '../address/mailbox-address';
import { parseAddresses } from '../address/parse-addresses';
import { summaryOfHeader } from '../header/header-summary';
import { ownCharset } from '../header/header-text';
import { RawHeader } from '../header/raw-header';
import { parseDateField } from '../sent-date';
import { messageIds, rawMessageIds } from '../header/message-ids';
import type { AnsweredMessage, Correspondent } from './reply';

export interface Answered extends AnsweredMessage {
	/** By its Date field. */
	sent: Date | undefined;
}

/**
 * @param header as BODY[HEADER] returns it
 * @param likely charsets of the texts, for bytes beyond ASCII that are not UTF-8
 */
export function answeredMessage(header: Buffer, likely: readonly string[] = []): Answered {
	const fields = new RawHeader(header);
	const charsets = [...likely, ownCharset(fields)];
	const { subject, messageId, from, to, cc } = summaryOfHeader(fields, likely);
	const listed = (name: string): MailAddress[] =>
		fields.all(name).flatMap((value) => parseAddresses(value, charsets));
	const ids = (name: string): string[] => rawMessageIds(fields.all(name));
	const sent = parseDateField(fields.first('date') ?? '');
	return {
		subject: subject ?? '',
		from: people(from),
		// In a summary it defaults to From.
		replyTo: people(listed('reply-to')),
		to: people(to),
		cc: people(cc),
		mailFollowupTo: people(listed('mail-followup-to')),
		messageId: messageIds(messageId)[0],
		references: ids('references'),
		inReplyTo: ids('in-reply-to'),
		sent: sent === undefined ? undefined : new Date(sent),
	};
}

const people = (addresses: readonly MailAddress[]): Correspondent[] =>
	addresses
		.filter(({ address }) => address.includes('@'))
		.map(({ name, address }) => ({ name, address }));
