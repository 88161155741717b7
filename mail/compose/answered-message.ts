/** What an answer needs of the message that it answers, from that message's header. */
import { parseAddresses } from '../address/parse-addresses';
import { decodeWords } from '../header/encoded-words';
import { RawHeader } from '../header/raw-header';
import { parseDateField } from '../sent-date';
import { rawMessageIds } from '../header/message-ids';
import type { AnsweredMessage, Correspondent } from './reply';

export interface Answered extends AnsweredMessage {
	/** By its Date field. */
	sent: Date | undefined;
}

/** @param header as BODY[HEADER] returns it */
export function answeredMessage(header: Buffer): Answered {
	const fields = new RawHeader(header);
	const people = (name: string): Correspondent[] =>
		fields
			.all(name)
			.flatMap((value) => parseAddresses(value))
			.filter(({ address }) => address.includes('@'))
			.map(({ name: called, address }) => ({ name: called, address }));
	const ids = (name: string): string[] => rawMessageIds(fields.all(name));
	const sent = parseDateField(fields.first('date') ?? '');
	return {
		subject: decodeWords(fields.first('subject') ?? ''),
		from: people('from'),
		replyTo: people('reply-to'),
		to: people('to'),
		cc: people('cc'),
		mailFollowupTo: people('mail-followup-to'),
		messageId: ids('message-id')[0],
		references: ids('references'),
		inReplyTo: ids('in-reply-to'),
		sent: sent === undefined ? undefined : new Date(sent),
	};
}
