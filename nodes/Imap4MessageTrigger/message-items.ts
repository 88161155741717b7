/**
 * Messages as the items that the trigger returns. Every UID is accounted for: it came, it is gone (the
 * server's SEARCH confirms that), or it is there and could not be read.
 */
import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import { Imap4Error, type ErrorCode, type Imap4 } from '../../engine/index';
import { failureOf } from '../shared/errors/advice';
import { fetchOutputs } from '../shared/message/message-output';
import type { MailboxCursor } from './cursor';
import { itemId, type MailboxPoll } from './mailbox-poll';

/** Messages fetched at a time at most; between batches the poll may end. */
const MOST_AT_ONCE = 50;

export interface MessageItems {
	items: INodeExecutionData[];
	/** UIDs that are dealt with: returned as items, or gone for certain. */
	handled: readonly number[];
	/** Why messages that are there could not be read, by UID. */
	unreadable: ReadonlyMap<number, string>;
}

/** The connection broke while these messages were fetched. */
export class BrokenFetch extends Error {
	override readonly name = 'BrokenFetch';
	/** What to remember of the mailbox all the same: at which messages it happened. */
	cursor: MailboxCursor | undefined;

	constructor(
		readonly uids: readonly number[],
		override readonly cause: Error,
	) {
		super(cause.message);
	}
}

/**
 * @param uids as many of them as there is room and time for are fetched, from the first on
 * @param more what else an item returns
 * @param alone which of them are fetched one at a time
 * @throws BrokenFetch if the connection breaks; Imap4Error if the server refuses for reasons other
 * than the messages; then none counts as handled
 */
export async function messageItems(
	poll: MailboxPoll,
	uids: readonly number[],
	more: (uid: number) => IDataObject = () => ({}),
	alone: (uid: number) => boolean = () => false,
): Promise<MessageItems> {
	const { clock } = poll;
	const byUid = new Map<number, INodeExecutionData>();
	const handled: number[] = [];
	const unreadable = new Map<number, string>();
	const wanted = uids.slice(0, poll.room);
	let done = 0;
	// One first, to learn how long they take: a batch that does not fit would be cut off in every poll.
	let size = 1;
	const began = Date.now();
	while (done < wanted.length && (done === 0 || clock.hasTime)) {
		let batch = wanted.slice(done, done + size);
		const first = batch.findIndex(alone);
		if (first >= 0) batch = batch.slice(0, Math.max(1, first));
		await fetchBatch(poll, batch, {
			found(uid, json, binary) {
				byUid.set(uid, {
					json: { id: itemId(poll, uid), event: poll.settings.event, ...json, ...more(uid) },
					...(binary ? { binary } : {}),
				});
			},
			gone: (uid) => handled.push(uid),
			unreadable: (uid, reason) => unreadable.set(uid, reason),
		});
		done += batch.length;
		const each = (Date.now() - began) / done;
		size = Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(clock.left / Math.max(each, 0.01))));
	}
	handled.push(...byUid.keys());
	const items = wanted.flatMap((uid) => byUid.get(uid) ?? []);
	return { items, handled, unreadable };
}

interface Outcome {
	found(uid: number, json: IDataObject, binary: IBinaryKeyData | undefined): void;
	gone(uid: number): void;
	unreadable(uid: number, reason: string): void;
}

/** A batch that fails is divided until the messages that make it fail are alone. */
async function fetchBatch(
	poll: MailboxPoll,
	uids: readonly number[],
	outcome: Outcome,
	again = false,
): Promise<void> {
	const found = new Set<number>();
	const failure = await fetchReadable(poll, uids, (uid, json, binary) => {
		found.add(uid);
		outcome.found(uid, json, binary);
	});
	const missing = uids.filter((uid) => !found.has(uid));
	if (missing.length === 0) return;
	if (failure && missing.length > 1) {
		const middle = Math.ceil(missing.length / 2);
		await fetchBatch(poll, missing.slice(0, middle), outcome);
		await fetchBatch(poll, missing.slice(middle), outcome);
		return;
	}
	const there = new Set(await presentUids(poll.imap, missing));
	for (const uid of missing) {
		if (!there.has(uid)) outcome.gone(uid);
		else if (!again) await fetchBatch(poll, [uid], outcome, true);
		else outcome.unreadable(uid, failure ? reasonOf(failure) : LEFT_OUT);
	}
}

export const LEFT_OUT = 'The server lists the message in SEARCH and leaves it out of FETCH';

/** Those of the UIDs that the selected mailbox holds. */
export async function presentUids(imap: Imap4, uids: readonly number[]): Promise<number[]> {
	if (uids.length === 0) return [];
	const wanted = new Set(uids);
	const found = await imap.search({ uid: [...uids] }, { uid: true });
	return found.filter((uid) => wanted.has(uid));
}

/** What a single message can be the cause of. */
const ABOUT_A_MESSAGE: readonly ErrorCode[] = ['NO', 'BAD', 'MALFORMED', 'TOO_LARGE'];

/** @returns the error where it may concern single messages */
async function fetchReadable(
	poll: MailboxPoll,
	uids: readonly number[],
	found: Outcome['found'],
): Promise<Imap4Error | undefined> {
	const { context, settings, imap, mailbox } = poll;
	try {
		await fetchOutputs(
			{ context, checkCancelled: () => undefined },
			imap,
			mailbox,
			uids,
			settings.output,
			found,
		);
		return undefined;
	} catch (error) {
		if (!(error instanceof Imap4Error)) throw error;
		if (imap.closedBy) throw poll.clock.isOver ? error : new BrokenFetch(uids, error);
		const { cause } = failureOf(error);
		const wait = cause === 'rate-limited' || cause === 'quota-exhausted';
		if (wait || !ABOUT_A_MESSAGE.includes(error.code)) throw error;
		return error;
	}
}

/** The error with the server's text. */
export function reasonOf(error: Error): string {
	const text = error instanceof Imap4Error ? error.serverText : undefined;
	if (text === undefined || error.message.includes(text)) return error.message;
	return `${error.message}: ${text}`;
}
