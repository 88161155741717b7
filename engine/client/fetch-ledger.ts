/**
 * Accounts for every message of a set: which came, which are gone for certain, and which the server did
 * not or could not return. A FETCH need not return what was asked for: servers answer NO for a whole set
 * because of one message (RFC 9051 §6.4.5), leave messages out of an OK, or end the connection.
 */
import { Imap4Error, type ErrorCode } from '../errors';
import type { Uid } from '../grammar/message-number';
import { UidSet } from '../grammar/message-set';
import type { OpenMailbox } from './open-mailbox';

/**
 * Fetches some messages.
 * @param came to be called for each message that came whole
 */
export type FetchSome = (uids: UidSet, came: (uid: Uid) => void) => Promise<void>;

/** What counts as trouble with one message. */
export interface LedgerOptions {
	/**
	 * Whether an error can be the fault of single messages; any other one ends the accounting. By default
	 * NO, BAD, MALFORMED and TOO_LARGE.
	 */
	concernsMessage?: (error: Imap4Error) => boolean;
}

/** What is needed of an open mailbox. */
export type LedgerMailbox = Pick<OpenMailbox, 'search' | 'closedBy'>;

/**
 * The connection broke while these messages were fetched.
 * @example
 * const ledger = new FetchLedger(await mailbox.search({}));
 * try {
 * 	await ledger.settle(mailbox, async (uids, came) => {
 * 		for await (const { uid } of mailbox.fetch(uids, { flags: true })) if (uid) came(uid);
 * 	});
 * } catch (error) {
 * 	if (!(error instanceof InterruptedFetchError) || !error.resumable) throw error;
 * 	// Connect again, and call settle with the mailbox opened there.
 * }
 */
export class InterruptedFetchError extends Error {
	/** `InterruptedFetchError`. */
	override readonly name = 'InterruptedFetchError';

	constructor(
		/** Those that had not come yet. */
		readonly uids: readonly Uid[],
		/** Why the connection broke. */
		override readonly cause: Imap4Error,
		/** Whether {@link FetchLedger.settle} can continue over another connection. */
		readonly resumable: boolean,
	) {
		super(cause.message);
	}
}

/** How often a message is tried alone. */
const MOST_TRIES = 2;
/** Messages tried alone before any came: then it is not the messages that are at fault. */
const MOST_STRANGERS = 20;
/** Connections that may break during one accounting. */
const MOST_INTERRUPTIONS = 20;

const ABOUT_A_MESSAGE: readonly ErrorCode[] = ['NO', 'BAD', 'MALFORMED', 'TOO_LARGE'];

/** Response codes that say that it is not the message (RFC 5530, and providers' own). */
const NOT_ABOUT_A_MESSAGE = new Set([
	'AUTHORIZATIONFAILED',
	'CONTACTADMIN',
	'EXPIRED',
	'INUSE',
	'LIMIT',
	'NONEXISTENT',
	'NOPERM',
	'OVERQUOTA',
	'PRIVACYREQUIRED',
	'THROTTLED',
	'UNAVAILABLE',
]);

/**
 * Whether an error of a FETCH can be the fault of single messages in its set.
 * @example
 * try {
 * 	await mailbox.fetch('1:*', { bodyStructure: true }).all();
 * } catch (error) {
 * 	if (!(error instanceof Imap4Error) || !concernsMessage(error)) throw error;
 * 	// One message is at fault: fetch the others without it, as FetchLedger does.
 * }
 */
export function concernsMessage({ code, responseCode }: Imap4Error): boolean {
	return ABOUT_A_MESSAGE.includes(code) && !NOT_ABOUT_A_MESSAGE.has(responseCode ?? '');
}

/**
 * @example
 * const ledger = new FetchLedger(await mailbox.search({}));
 * await ledger.settle(mailbox, async (some, came) => {
 *   for await (const message of mailbox.fetch(some, { envelope: true })) {
 *     if (message.uid !== undefined) came(message.uid);
 *   }
 * });
 * ledger.gone; // confirmed by a SEARCH
 * ledger.unreadable; // there, and the server does not return them
 */
export class FetchLedger {
	private readonly received = new Set<Uid>();
	private readonly removed = new Set<Uid>();
	private readonly refused = new Map<Uid, Imap4Error | undefined>();
	/** Sets that are still to be fetched, each by one command; the last one is next. */
	private readonly open: Uid[][];
	private readonly tries = new Map<Uid, number>();
	private interruptions = 0;

	/** @param uids of one mailbox; a set without `*` */
	constructor(uids: UidSet | readonly number[]) {
		const isEmpty = Array.isArray(uids) && uids.length === 0;
		this.open = isEmpty ? [] : [UidSet.from(uids).toArray()];
	}

	/** UIDs of the messages that came. */
	get came(): ReadonlySet<Uid> {
		return this.received;
	}

	/** UIDs of the messages that the mailbox no longer has; a SEARCH confirmed it. */
	get gone(): ReadonlySet<Uid> {
		return this.removed;
	}

	/**
	 * The messages that are there and did not come, with the error of the last attempt; undefined where
	 * the server left the message out without an error.
	 */
	get unreadable(): ReadonlyMap<Uid, Imap4Error | undefined> {
		return this.refused;
	}

	/**
	 * Fetches until every UID is accounted for. Without trouble it is one call of `fetch`. A set that
	 * fails is divided until the message at fault is alone, and that one is tried once more.
	 * @throws InterruptedFetchError if the connection breaks; call it again with another one if that is
	 * `resumable`. Imap4Error if the error does not concern single messages, or if none at all can be read
	 * @example
	 * const ledger = new FetchLedger(await mailbox.search({}));
	 * await ledger.settle(mailbox, async (uids, came) => {
	 * 	for await (const { uid } of mailbox.fetch(uids, { envelope: true })) {
	 * 		if (uid) came(uid);
	 * 	}
	 * });
	 * ledger.unreadable.size; // messages that are there and that the server does not return
	 */
	async settle(
		mailbox: LedgerMailbox,
		fetch: FetchSome,
		{ concernsMessage: concerns = concernsMessage }: LedgerOptions = {},
	): Promise<void> {
		for (;;) {
			const uids = this.open.pop();
			if (uids === undefined) return;
			let missing = uids;
			let error: Imap4Error | undefined;
			const came = (uid: Uid): void => void this.received.add(uid);
			try {
				await fetch(UidSet.from(uids), came);
			} catch (thrown) {
				missing = this.missing(uids);
				if (mailbox.closedBy) {
					const cause = thrown instanceof Imap4Error ? thrown : mailbox.closedBy;
					throw this.interrupted(missing, cause);
				}
				if (!(thrown instanceof Imap4Error) || !concerns(thrown)) {
					this.again(missing);
					throw thrown;
				}
				error = thrown;
			}
			missing = this.missing(uids);
			if (missing.length > 0) await this.look(mailbox, uids, missing, error);
		}
	}

	private missing(uids: readonly Uid[]): Uid[] {
		return uids.filter((uid) => !this.received.has(uid));
	}

	private again(uids: Uid[]): void {
		if (uids.length > 0) this.open.push(uids);
	}

	/** What to do about messages that a command did not bring. */
	private async look(
		mailbox: LedgerMailbox,
		uids: readonly Uid[],
		missing: Uid[],
		error: Imap4Error | undefined,
	): Promise<void> {
		const someCame = missing.length < uids.length;
		// A set that was refused as a whole is divided first: that costs no more, and names the message.
		if (error !== undefined && !someCame && missing.length > 1) return this.divide(missing);
		const present = await this.confirm(mailbox, missing);
		for (const uid of missing) if (!present.has(uid)) this.removed.add(uid);
		const left = missing.filter((uid) => present.has(uid));
		const [uid] = left;
		if (uid === undefined) return;
		if (left.length > 1) {
			if (someCame || left.length < missing.length) this.open.push(left);
			else this.divide(left);
			return;
		}
		if (this.tried(uid) < MOST_TRIES) this.later(uid);
		else this.refuse(uid, error);
	}

	private divide(uids: readonly Uid[]): void {
		const middle = Math.ceil(uids.length / 2);
		this.open.push(uids.slice(middle), uids.slice(0, middle));
	}

	/** Once more when everything else has been fetched. */
	private later(uid: Uid): void {
		this.open.unshift([uid]);
	}

	private tried(uid: Uid): number {
		const tries = (this.tries.get(uid) ?? 0) + 1;
		this.tries.set(uid, tries);
		return tries;
	}

	private refuse(uid: Uid, error: Imap4Error | undefined): void {
		this.refused.set(uid, error);
		if (this.received.size > 0 || this.refused.size < MOST_STRANGERS) return;
		throw (
			error ??
			new Imap4Error(
				'MALFORMED',
				`The server lists ${this.refused.size} messages in SEARCH and returns none of them in FETCH`,
				{ command: 'UID FETCH' },
			)
		);
	}

	/** Those that the mailbox holds. An absence counts only if the server's SEARCH confirms it. */
	private async confirm(mailbox: LedgerMailbox, uids: readonly Uid[]): Promise<ReadonlySet<Uid>> {
		try {
			return new Set(await mailbox.search({ uid: [...uids] }));
		} catch (error) {
			if (!(error instanceof Imap4Error)) throw error;
			if (mailbox.closedBy) throw this.interrupted([...uids], error);
			return new Set(uids);
		}
	}

	private interrupted(uids: Uid[], cause: Imap4Error): InterruptedFetchError {
		const [uid] = uids;
		this.interruptions++;
		let resumable = this.interruptions <= MOST_INTERRUPTIONS;
		if (uids.length > 1) this.divide(uids);
		else if (uid !== undefined) {
			if (this.tried(uid) < MOST_TRIES) this.later(uid);
			// If none has been received, either this message or the connection can be at fault.
			else if (this.received.size === 0) resumable = false;
			else this.refused.set(uid, cause);
		}
		return new InterruptedFetchError(uids, cause, resumable);
	}
}
