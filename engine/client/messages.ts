import type { StoreAction, StoreOptions, StoreResult } from '../commands/flags/store';
import { store } from '../commands/flags/store';
import type { Command } from '../commands/command';
import type { Appended } from '../commands/message/append';
import type { MessageToAppend } from '../commands/message/append-source';
import { appendedMessage } from '../commands/message/append-source';
import type { Copied } from '../commands/message/copy';
import { copy, merged } from '../commands/message/copy';
import { inParts } from '../commands/message/in-parts';
import type { FetchOptions } from '../commands/message/fetch';
import type { FetchItems } from '../commands/message/fetch-items';
import { fetch } from '../commands/message/fetch';
import { FetchedMessages } from '../commands/message/fetched-messages';
import type { Moved, MoveOptions } from '../commands/message/move';
import { moveMessages } from '../commands/message/move';
import { replace } from '../commands/message/replace';
import type { SearchReturn } from '../commands/message/search';
import {
	extendedSearch,
	mustFind,
	search,
	searchReturning,
	sortReturning,
} from '../commands/message/search';
import { sort } from '../commands/message/sort';
import type { ThreadAlgorithm } from '../commands/message/thread';
import { thread } from '../commands/message/thread';
import type { SelectedMailbox } from '../commands/selected-mailbox';
import { noop } from '../commands/session/noop';
import { Imap4Error, isMalformed, isNotUnderstood } from '../errors';
import type { EsearchData } from '../grammar/esearch';
import type { SequenceNumber, Uid } from '../grammar/message-number';
import type { AnySet } from '../grammar/message-set';
import { SequenceSet, UidSet } from '../grammar/message-set';
import { numbersInOrder } from '../grammar/numbers-in-order';
import type { SearchQuery } from '../grammar/search-key';
import type { SortCriterion } from '../grammar/sort-key';
import type { Thread } from '../grammar/thread';
import type { Session } from './session';
import { closedMailboxError, readOnlyError } from './session-errors';

/** What every command takes besides its own options. */
export interface CommandOptions {
	/**
	 * Ends the call at once with the signal's reason. A command that waits is not sent then. One that was
	 * sent ends the connection, unless its answer can be dropped: searches, lists and the like.
	 */
	signal?: AbortSignal;
}

/** Names messages: the set as text (`1:20,40:*`), one, several, or a set. */
export type Messages<N extends number, Set extends AnySet> = string | N | readonly N[] | Set;
/** Messages by UID. */
export type UidMessages = Messages<Uid, UidSet>;
/** Messages by sequence number. */
export type NumberedMessages = Messages<SequenceNumber, SequenceSet>;

/** What a search with RETURN was asked for (RFC 9051 §7.3.4, RFC 4731). */
export interface SearchFigures<N extends number, Hits> {
	/** The lowest number that was found. */
	min?: N;
	/** The highest number that was found. */
	max?: N;
	/** How many were found. */
	count?: number;
	/** Undefined if there are none. */
	all?: Hits;
	/** The highest of all hits, where the search asked by mod-sequence. */
	modSeq?: bigint;
	/** The part of the result that was asked for, and what is in it (RFC 9394 §3.1). */
	partial?: {
		/** The part that was asked for, e.g. `1:100`. */
		range: string;
		/** Undefined if there is nothing in it. */
		all?: Hits;
	};
}

/**
 * The commands on messages of one open mailbox (RFC 9051 §6.4 and extensions). They take and return
 * UIDs, or sequence numbers.
 *
 * Once another mailbox was opened, or this one left, each fails with the code STATE.
 * @example
 * for await (const { seq, size } of mailbox.bySequenceNumber.fetch('1:3', { size: true })) {
 * 	console.log(seq, size);
 * }
 */
export class MessageCommands<N extends Uid | SequenceNumber, Set extends UidSet | SequenceSet> {
	/** @internal */
	readonly #session: Session;
	readonly #selected: SelectedMailbox;
	readonly #uid: boolean;

	/** @internal */
	constructor(session: Session, selected: SelectedMailbox, uid: boolean) {
		this.#session = session;
		this.#selected = selected;
		this.#uid = uid;
	}

	/**
	 * SEARCH (RFC 9051 §6.4.4).
	 * @returns in the order the server sent them, nearly always ascending; empty if nothing was found
	 * @example
	 * const uids = await mailbox.search({ from: 'bert', seen: false, since: '2024-03-01' });
	 */
	async search(query: SearchQuery, options: CommandOptions = {}): Promise<N[]> {
		const session = this.#session;
		const utf8 = session.names.utf8;
		const plain = (): Promise<N[]> =>
			this.run(search(query, this.#uid, utf8), options) as Promise<N[]>;
		const extended = (): Promise<N[] | undefined> =>
			readable(
				this.run(extendedSearch(query, this.#uid, utf8), options) as Promise<N[] | undefined>,
			);
		const found = (session.capabilities.has('ESEARCH') && (await extended())) || (await plain());
		if (found.length > 0 || !mustFind(query, this.#selected.exists)) return found;
		// Some servers answer with nothing, most often ESEARCH: the mailbox must not look empty. It may
		// have been emptied by others, though, which is not reported during a search (RFC 9051 §7.5.1).
		await this.run(noop(), options);
		if (!mustFind(query, this.#selected.exists)) return found;
		const again = await plain();
		if (again.length > 0 || !mustFind(query, this.#selected.exists)) return again;
		throw new Imap4Error(
			'MALFORMED',
			`The server reports ${this.#selected.exists} messages but its SEARCH returned none`,
			{ command: 'SEARCH' },
		);
	}

	/**
	 * SEARCH with RETURN (RFC 4731): only what was asked for; needs ESEARCH. With `save` (SEARCHRES)
	 * the set `$` stands for what was found.
	 * @example
	 * const { count, max } = await mailbox.searchReturning({ seen: false }, ['count', 'max']);
	 */
	async searchReturning(
		query: SearchQuery,
		wanted: readonly SearchReturn[],
		options: CommandOptions = {},
	): Promise<SearchFigures<N, Set>> {
		const command = searchReturning(query, wanted, this.#uid, this.#session.names.utf8);
		return figures(await this.run(command, options), (text) => this.setOf(text));
	}

	/**
	 * SORT (RFC 5256 §3); needs SORT.
	 * @returns the messages in that order
	 * @example
	 * const newestFirst = await mailbox.sort([{ key: 'ARRIVAL', reverse: true }]);
	 */
	async sort(
		criteria: readonly SortCriterion[],
		query: SearchQuery = {},
		{ charset, ...options }: CommandOptions & { charset?: string } = {},
	): Promise<N[]> {
		const command = sort(criteria, query, this.#uid, charset);
		return (await this.run(command, options)) as N[];
	}

	/**
	 * SORT with RETURN (RFC 5267 §3): only what was asked for, hits in order; needs ESORT.
	 * @example
	 * const { partial } = await mailbox.sortReturning(['SUBJECT'], {}, [{ partial: [1, 20] }]);
	 * partial?.all; // the UIDs of the first twenty by subject
	 */
	async sortReturning(
		criteria: readonly SortCriterion[],
		query: SearchQuery,
		wanted: readonly SearchReturn[],
		options: CommandOptions = {},
	): Promise<SearchFigures<N, N[]>> {
		const command = sortReturning(criteria, query, wanted, this.#uid);
		return figures(await this.run(command, options), (text) => numbersInOrder(text) as N[]);
	}

	/**
	 * THREAD (RFC 5256 §3): the messages by conversation; needs THREAD=…
	 * @example
	 * for (const { number, children } of await mailbox.thread('REFERENCES')) {
	 * 	console.log(number, children.length, 'answers');
	 * }
	 */
	async thread(
		algorithm: ThreadAlgorithm,
		query: SearchQuery = {},
		{ charset, ...options }: CommandOptions & { charset?: string } = {},
	): Promise<Thread<N>[]> {
		const command = thread(algorithm, query, this.#uid, charset);
		return (await this.run(command, options)) as Thread<N>[];
	}

	/**
	 * FETCH (RFC 9051 §6.4.5). It is sent when the result is iterated, which can be done once.
	 * @throws Imap4Error ARGUMENT at once
	 * @example
	 * const items = { envelope: true, flags: true };
	 * for await (const { uid, envelope, flags } of mailbox.fetch('1:*', items)) {
	 * 	console.log(uid, envelope?.subject, flags?.includes('\\Seen'));
	 * }
	 */
	fetch(
		messages: Messages<N, Set>,
		items: FetchItems,
		{ signal, ...options }: CommandOptions & FetchOptions = {},
	): FetchedMessages {
		const parts = this.parts(messages);
		// Made here as well, so that the caller who gave a wrong argument gets the error.
		fetch(parts[0] as AnySet, items, { message: () => undefined }, options);
		return new FetchedMessages(async (sink) => {
			await Promise.all(
				parts.map((part) => this.run(fetch(part, items, sink, options), { signal })),
			);
		});
	}

	/**
	 * STORE (RFC 9051 §6.4.6).
	 * @returns the flags the server sent, and with `unchangedSince` which messages had changed
	 * @example
	 * await mailbox.store(await mailbox.search({ from: 'bert' }), '+FLAGS', ['\\Seen']);
	 */
	async store(
		messages: Messages<N, Set>,
		action: StoreAction,
		flags: readonly string[],
		{ signal, ...options }: CommandOptions & StoreOptions = {},
	): Promise<StoreResult<Set>> {
		const stored = await Promise.all(
			this.parts(messages).map((part) => this.run(store(part, action, flags, options), { signal })),
		);
		const modified = stored.flatMap((part) => part.modified?.toString() ?? []);
		return {
			messages: stored.flatMap((part) => part.messages),
			modified: modified.length > 0 ? this.setOf(modified.join(',')) : undefined,
		};
	}

	/**
	 * COPY (RFC 9051 §6.4.7). A set that is too long for one command is copied in parts; if some are refused, the
	 * error says how many messages were copied.
	 * @returns where the copies are, if the server says so (UIDPLUS)
	 * @example
	 * const copied = await mailbox.copy('1:3', 'Archive');
	 * copied?.uids; // where they are now, by the UID they have here
	 */
	async copy(
		messages: Messages<N, Set>,
		to: string,
		options: CommandOptions = {},
	): Promise<Copied | undefined> {
		const run = (part: Set) => this.run(copy(part, to), options);
		return merged(await inParts(this.parts(messages), 'copied', run));
	}

	/**
	 * MOVE (RFC 9051 §6.4.8). Without MOVE: COPY, STORE \Deleted and, with UIDPLUS, UID EXPUNGE of just
	 * these messages; `via` names the way it went.
	 * @example
	 * const { via } = await mailbox.move('1', 'Archive');
	 * via; // 'MOVE' if the server offers it
	 */
	async move(
		messages: Messages<N, Set>,
		to: string,
		{ beforeCopy, ...options }: CommandOptions & MoveOptions = {},
	): Promise<Moved> {
		const { capabilities } = this.#session;
		const set = this.setOf(messages);
		if (this.#selected.readOnly) throw readOnlyError({ name: 'MOVE' }, this.#selected.name);
		const run = <Result>(one: Command<Result>) => this.run(one, options);
		return moveMessages({ capabilities, run }, set, to, beforeCopy);
	}

	/**
	 * REPLACE (RFC 8508): a new message in place of one that is there, in one step; needs REPLACE.
	 * @returns where the new one is, if the server says so
	 * @example
	 * const [uid] = await mailbox.search({ subject: 'Lunch' });
	 * if (uid) await mailbox.replace(uid, 'INBOX', { message: 'Subject: Lunch at noon\r\n\r\n' });
	 */
	async replace(
		replaced: N,
		to: string,
		message: MessageToAppend,
		options: CommandOptions = {},
	): Promise<Appended | undefined> {
		const appended = await appendedMessage(message);
		const utf8 = this.#session.enabled.has('UTF8=ACCEPT');
		return this.run(replace(replaced, to, appended, this.#uid, utf8), options);
	}

	/** Runs a command, provided that this mailbox is still the open one when it is sent. */
	protected run<Result>(command: Command<Result>, options: CommandOptions): Promise<Result> {
		const selected = this.#selected;
		return this.#session.run(
			{
				...command,
				beforeSend(session) {
					if (session.mailbox !== selected) throw closedMailboxError(command, selected.name);
					command.beforeSend?.(session);
				},
			},
			options,
		);
	}

	/** The parts of a set that each fit into a command line. @throws Imap4Error ARGUMENT */
	protected parts(messages: Messages<N, Set>): Set[] {
		return this.setOf(messages).split() as Set[];
	}

	private setOf(messages: Messages<N, Set>): Set {
		const set = this.#uid
			? UidSet.from(messages as UidMessages)
			: SequenceSet.from(messages as NumberedMessages);
		return set as Set;
	}
}

/**
 * @returns undefined where the server should be asked without ESEARCH: it sent none, or none that can be read,
 * or does not understand it
 */
async function readable<Result>(search: Promise<Result>): Promise<Result | undefined> {
	try {
		return await search;
	} catch (error) {
		if (isNotUnderstood(error)) return undefined;
		if (isMalformed(error)) return undefined;
		throw error;
	}
}

function figures<N extends number, Hits>(
	{ min, max, all, partial, count, modSeq }: EsearchData,
	hits: (text: string) => Hits,
): SearchFigures<N, Hits> {
	return {
		...(min === undefined ? {} : { min: min as N }),
		...(max === undefined ? {} : { max: max as N }),
		...(count === undefined ? {} : { count }),
		...(all === undefined ? {} : { all: hits(all) }),
		...(modSeq === undefined ? {} : { modSeq }),
		...(partial && {
			partial: {
				range: partial.range,
				...(partial.all === undefined ? {} : { all: hits(partial.all) }),
			},
		}),
	};
}
