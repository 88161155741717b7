import { append } from '../../commands/message/append';
import type { Appended, AppendedMessage } from '../../commands/message/append';
import type { MessageSource, MessageToAppend } from '../../commands/message/append-source';
import { appendedMessage } from '../../commands/message/append-source';
import type { CommandOptions } from '../messages';
import { MailboxMethods } from './mailbox-methods';

/** APPEND, for which no mailbox has to be open (RFC 9051 §6.3.12). */
export abstract class AppendMethods extends MailboxMethods {
	/**
	 * APPEND (RFC 9051 §6.3.12).
	 * @param message bytes, text, a stream, or what opens one: see {@link MessageSource}. Bare CR and LF
	 * become CRLF, unless `lineEndings` or `binary` say otherwise.
	 * @returns where the message is, if the server says so (UIDPLUS)
	 * @example
	 * const appended = await imap.append('Drafts', 'Subject: Hello\r\n\r\nHow are you?\r\n', {
	 * 	flags: ['\\Draft', '\\Seen'],
	 * });
	 * appended?.uid; // its UID in Drafts
	 */
	async append(
		mailbox: string,
		message: MessageSource,
		{ signal, ...options }: CommandOptions & Omit<MessageToAppend, 'message'> = {},
	): Promise<Appended | undefined> {
		const ready = appendedMessage({ message, ...options });
		// What is at hand is sent before any command that is issued after this one.
		const octets = ready instanceof Promise ? await ready : ready;
		const command = append(mailbox, [octets], this.utf8Append);
		const [appended] = await this.session.run(command, { signal });
		return appended;
	}

	/**
	 * Appends many messages: all or none in one command where MULTIAPPEND is offered (RFC 3502),
	 * else by one APPEND each, sent at once; then those before a refused one may be there.
	 * @returns where each of them is, if the server says so
	 * @example
	 * await imap.appendAll('Archive', [
	 * 	{ message: 'Subject: First\r\n\r\n', date: new Date('2024-03-01') },
	 * 	{ message: 'Subject: Second\r\n\r\n', flags: ['\\Seen'] },
	 * ]);
	 */
	async appendAll(
		mailbox: string,
		messages: readonly MessageToAppend[],
		options: CommandOptions = {},
	): Promise<(Appended | undefined)[]> {
		const octets: AppendedMessage[] = [];
		// Only a stream must be waited for; all else is sent within this turn of the event loop.
		for (const message of messages) {
			const ready = appendedMessage(message);
			octets.push(ready instanceof Promise ? await ready : ready);
		}
		const run = (some: AppendedMessage[]): Promise<(Appended | undefined)[]> =>
			this.session.run(append(mailbox, some, this.utf8Append), options);
		if (this.capabilities.has('MULTIAPPEND')) return run(octets);
		return (await Promise.all(octets.map((one) => run([one])))).flat();
	}

	private get utf8Append(): boolean {
		return this.session.enabled.has('UTF8=ACCEPT');
	}
}
