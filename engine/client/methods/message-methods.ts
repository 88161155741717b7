import { store } from '../../commands/flags/store';
import type { Expunged } from '../../commands/mailbox/expunge';
import { expunge } from '../../commands/mailbox/expunge';
import type { StoreAction, StoreOptions, StoreResult } from '../../commands/flags/store';
import type { Appended, AppendedMessage } from '../../commands/message/append';
import { append } from '../../commands/message/append';
import type { MessageSource, MessageToAppend } from '../../commands/message/append-source';
import { literalOf } from '../../commands/message/append-source';
import type { Copied } from '../../commands/message/copy';
import { copy, merged } from '../../commands/message/copy';
import type { FetchItems, FetchOptions } from '../../commands/message/fetch';
import { fetch } from '../../commands/message/fetch';
import { FetchedMessages } from '../../commands/message/fetched-messages';
import type { Moved } from '../../commands/message/move';
import { moveMessages } from '../../commands/message/move';
import { partial, partialSection } from '../../commands/message/partial';
import { replace } from '../../commands/message/replace';
import type { SearchReturn } from '../../commands/message/search';
import { mustFind, search, searchReturning, sortReturning } from '../../commands/message/search';
import { sort } from '../../commands/message/sort';
import type { ThreadAlgorithm } from '../../commands/message/thread';
import { thread } from '../../commands/message/thread';
import { noop } from '../../commands/session/noop';
import { Imap4Error } from '../../errors';
import type { EsearchData } from '../../grammar/esearch';
import type { SearchQuery } from '../../grammar/search-key';
import type { SequenceSetLike } from '../../grammar/sequence-set';
import { SequenceSet } from '../../grammar/sequence-set';
import type { SortCriterion } from '../../grammar/sort-key';
import type { Thread } from '../../grammar/thread';
import { MailboxMethods } from './mailbox-methods';

/** How a set of messages is meant: as UIDs, or (the default) as sequence numbers. */
export interface ByUid {
	uid?: boolean;
}

/** The commands that concern messages (RFC 9051 §6.3.12, §6.4 and extensions). */
export abstract class MessageMethods extends MailboxMethods {
	/**
	 * APPEND (RFC 9051 §6.3.12).
	 * @param message bytes, text, a stream, or what opens one: see {@link MessageSource}. Bare CR and LF
	 * become CRLF, unless `lineEndings` or `binary` say otherwise.
	 * @returns where the message is, if the server says so (UIDPLUS)
	 */
	async append(
		mailbox: string,
		message: MessageSource,
		options: Omit<MessageToAppend, 'message'> = {},
	): Promise<Appended | undefined> {
		const ready = this.literal({ message, ...options });
		// What is at hand is sent before any command that is issued after this one.
		const octets = ready instanceof Promise ? await ready : ready;
		const [appended] = await this.session.run(append(mailbox, [octets], this.utf8Append));
		return appended;
	}

	/**
	 * Appends many messages: all or none in one command where MULTIAPPEND is offered (RFC 3502),
	 * else by one APPEND each, sent at once; then those before a refused one may be there.
	 * @returns where each of them is, if the server says so
	 */
	async appendAll(
		mailbox: string,
		messages: readonly MessageToAppend[],
	): Promise<(Appended | undefined)[]> {
		const octets: AppendedMessage[] = [];
		// Only a stream must be waited for; all else is sent within this turn of the event loop.
		for (const message of messages) {
			const ready = this.literal(message);
			octets.push(ready instanceof Promise ? await ready : ready);
		}
		if (this.capabilities.has('MULTIAPPEND'))
			return this.session.run(append(mailbox, octets, this.utf8Append));
		const each = octets.map((one) => this.session.run(append(mailbox, [one], this.utf8Append)));
		return (await Promise.all(each)).flat();
	}

	/**
	 * REPLACE, or UID REPLACE (RFC 8508): a new message in place of message `number`; needs REPLACE.
	 * @returns where the new one is, if the server says so
	 */
	async replace(
		number: number,
		mailbox: string,
		message: MessageToAppend,
		{ uid = false }: ByUid = {},
	): Promise<Appended | undefined> {
		const octets = await this.literal(message);
		return this.session.run(replace(number, mailbox, octets, uid, this.utf8Append));
	}

	private literal(source: MessageToAppend): AppendedMessage | Promise<AppendedMessage> {
		const { message: _message, size: _size, lineEndings: _lineEndings, ...options } = source;
		const octets = literalOf(source);
		return octets instanceof Promise
			? octets.then((read) => ({ ...options, octets: read }))
			: { ...options, octets };
	}

	private get utf8Append(): boolean {
		return this.session.enabled.has('UTF8=ACCEPT');
	}

	/**
	 * SEARCH, or UID SEARCH (RFC 9051 §6.4.4).
	 * @returns sequence numbers, or UIDs, as the server sent them: mostly ascending; empty if nothing was found
	 */
	async search(query: SearchQuery, { uid = false }: ByUid = {}): Promise<number[]> {
		const extended = this.capabilities.has('ESEARCH');
		const found = await this.session.run(search(query, uid, extended, this.utf8Enabled));
		if (found.length > 0 || !mustFind(query, this.mailboxSize)) return found;
		// Some servers answer with nothing, most often ESEARCH: the mailbox must not look empty. It may
		// have been emptied by others, though, which is not told during a search (RFC 9051 §7.5.1).
		await this.session.run(noop());
		if (!mustFind(query, this.mailboxSize)) return found;
		const again = await this.session.run(search(query, uid, false, this.utf8Enabled));
		if (again.length > 0 || !mustFind(query, this.mailboxSize)) return again;
		throw new Imap4Error(
			'MALFORMED',
			`The server reports ${this.mailboxSize} messages but its SEARCH returned none`,
			{ command: 'SEARCH' },
		);
	}

	private get mailboxSize(): number {
		return this.session.mailbox?.exists ?? 0;
	}

	/**
	 * SEARCH or UID SEARCH with RETURN (RFC 4731): only the figures asked for; needs ESEARCH. With
	 * `save` (SEARCHRES) the set `$` stands for what was found.
	 */
	async searchReturning(
		query: SearchQuery,
		wanted: readonly SearchReturn[],
		{ uid = false }: ByUid = {},
	): Promise<EsearchData> {
		return this.session.run(searchReturning(query, wanted, uid, this.utf8Enabled));
	}

	/** SORT or UID SORT with RETURN (RFC 5267 §3): only the figures asked for; needs ESORT. */
	async sortReturning(
		criteria: readonly SortCriterion[],
		query: SearchQuery,
		wanted: readonly SearchReturn[],
		{ uid = false }: ByUid = {},
	): Promise<EsearchData> {
		return this.session.run(sortReturning(criteria, query, wanted, uid));
	}

	/** SORT, or UID SORT (RFC 5256); needs SORT. @returns numbers or UIDs in that order */
	async sort(
		criteria: readonly SortCriterion[],
		query: SearchQuery = {},
		{ uid = false, charset }: ByUid & { charset?: string } = {},
	): Promise<number[]> {
		return this.session.run(sort(criteria, query, uid, charset));
	}

	/** THREAD, or UID THREAD (RFC 5256): the messages by conversation; needs THREAD=… */
	async thread(
		algorithm: ThreadAlgorithm,
		query: SearchQuery = {},
		{ uid = false, charset }: ByUid & { charset?: string } = {},
	): Promise<Thread[]> {
		return this.session.run(thread(algorithm, query, uid, charset));
	}

	/**
	 * A piece of a message, or of a part of it: imaplib's partial().
	 * @param part `RFC822`, `RFC822.HEADER`, `RFC822.TEXT` or `BODY[…]`
	 * @param start octet to begin with; `length` octets at most
	 * @returns null if there is no such part. PARTIAL on a server from before IMAP4rev1, else BODY[…]<…>.
	 */
	async partial(
		number: number,
		part: string,
		start: number,
		length: number,
	): Promise<Buffer | null> {
		if (this.protocolVersion === 'IMAP4')
			return this.session.run(partial(number, part, start, length));
		const body = [{ ...partialSection(part), partial: { start, length } }];
		const [message] = await this.fetch(number, { body }).all();
		if (!message) throw new Imap4Error('NO', `There is no message ${number}`, { command: 'FETCH' });
		return message.body[0]?.content ?? null;
	}

	/**
	 * FETCH, or UID FETCH (RFC 9051 §6.4.5). It is sent when the result is iterated.
	 * @throws Imap4Error ARGUMENT at once
	 */
	fetch(
		set: SequenceSetLike,
		items: FetchItems,
		{ uid = false, ...options }: ByUid & FetchOptions = {},
	): FetchedMessages {
		const parts = SequenceSet.from(set).split();
		// Made here as well, so that a wrong argument is told to whoever gave it.
		fetch(parts[0] as SequenceSet, items, uid, { message: () => undefined }, options);
		return new FetchedMessages(async (sink) => {
			await Promise.all(
				parts.map((part) => this.session.run(fetch(part, items, uid, sink, options))),
			);
		});
	}

	/**
	 * STORE, or UID STORE (RFC 9051 §6.4.6).
	 * @returns the flags the server told, and with `unchangedSince` which messages had changed
	 */
	async store(
		set: SequenceSetLike,
		action: StoreAction,
		flags: readonly string[],
		{ uid = false, ...options }: ByUid & StoreOptions = {},
	): Promise<StoreResult> {
		const parts = await this.inParts(set, (part) =>
			this.session.run(store(part, action, flags, uid, options)),
		);
		const modified = parts.flatMap((part) => part.modified?.toString() ?? []);
		return {
			messages: parts.flatMap((part) => part.messages),
			modified: modified.length > 0 ? SequenceSet.from(modified.join(',')) : undefined,
		};
	}

	/**
	 * COPY, or UID COPY (RFC 9051 §6.4.7).
	 * @returns where the copies are, if the server says so (UIDPLUS)
	 */
	async copy(
		set: SequenceSetLike,
		mailbox: string,
		{ uid = false }: ByUid = {},
	): Promise<Copied | undefined> {
		return merged(await this.inParts(set, (part) => this.session.run(copy(part, mailbox, uid))));
	}

	/**
	 * MOVE, or UID MOVE (RFC 9051 §6.4.8). Without MOVE: COPY, STORE \Deleted and, with UIDPLUS,
	 * UID EXPUNGE of just these messages; `via` tells which way ran.
	 */
	async move(set: SequenceSetLike, mailbox: string, { uid = false }: ByUid = {}): Promise<Moved> {
		return moveMessages(this.session, SequenceSet.from(set), mailbox, uid);
	}

	/**
	 * EXPUNGE (RFC 9051 §6.4.3): all \Deleted messages, or only those among the UIDs given, which
	 * needs UIDPLUS.
	 */
	async expunge(options: { uid?: SequenceSetLike } = {}): Promise<Expunged> {
		if (options.uid === undefined) return this.session.run(expunge());
		const parts = await this.inParts(options.uid, (part) => this.session.run(expunge(part)));
		return {
			sequenceNumbers: parts.flatMap((part) => part.sequenceNumbers),
			uids: parts.every((part) => part.uids === undefined)
				? undefined
				: SequenceSet.from(
						parts
							.map((part) => part.uids?.toString())
							.filter(Boolean)
							.join(','),
					),
		};
	}

	/** Runs one command for a set, or several at once where the set is too long for a command line. */
	private inParts<Result>(
		set: SequenceSetLike,
		run: (part: SequenceSet) => Promise<Result>,
	): Promise<Result[]> {
		return Promise.all(SequenceSet.from(set).split().map(run));
	}
}
