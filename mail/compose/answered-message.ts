/** What an answer needs of the message that it answers, from that message's header. */
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
	const { subject, messageId } = summaryOfHeader(fields, likely);
	const people = (name: string): Correspondent[] =>
		fields
			.all(name)
			.flatMap((value) => parseAddresses(value, charsets))
			.filter(({ address }) => address.includes('@'))
			.map(({ name: called, address }) => ({ name: called, address }));
	const ids = (name: string): string[] => rawMessageIds(fields.all(name));
	const sent = parseDateField(fields.first('date') ?? '');
	return {
		subject: subject ?? '',
		from: people('from'),
		replyTo: people('reply-to'),
		to: people('to'),
		cc: people('cc'),
		mailFollowupTo: people('mail-followup-to'),
		messageId: messageIds(messageId)[0],
		references: ids('references'),
		inReplyTo: ids('in-reply-to'),
		sent: sent === undefined ? undefined : new Date(sent),
	};
}
