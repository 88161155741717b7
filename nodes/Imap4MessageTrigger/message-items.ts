/**
 * Messages as the items that the trigger returns. Every UID is accounted for: it came, it is gone (the
 * server's SEARCH confirms that), or it is there and could not be read.
 */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import {
	InterruptedFetchError,
	type Imap4Error,
	type OpenMailbox,
	type Uid,
} from '../../engine/index';
import { MessageReading } from '../shared/message/message-reading';
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
		override readonly cause: Imap4Error,
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
	const began = performance.now();
	while (done < wanted.length && (done === 0 || clock.hasTime)) {
		let batch = wanted.slice(done, done + size);
		const first = batch.findIndex(alone);
		if (first >= 0) batch = batch.slice(0, Math.max(1, first));
		const reading = await readBatch(poll, batch);
		handled.push(...reading.gone);
		for (const output of reading.outputs()) {
			const { uid, json, binary } = output;
			if (output.unreadable !== undefined) unreadable.set(uid, output.unreadable);
			else {
				byUid.set(uid, {
					json: {
						id: itemId(poll, uid),
						event: poll.settings.event,
						...json,
						account: poll.account.url,
						...more(uid),
					},
					...(binary ? { binary } : {}),
				});
			}
		}
		done += batch.length;
		const each = (performance.now() - began) / done;
		size = Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(clock.left / Math.max(each, 0.01))));
	}
	handled.push(...byUid.keys());
	const items = wanted.flatMap((uid) => byUid.get(uid) ?? []);
	return { items, handled, unreadable };
}

/** @throws BrokenFetch if the connection breaks */
async function readBatch(poll: MailboxPoll, uids: readonly number[]): Promise<MessageReading> {
	const { context, settings, open, clock } = poll;
	const execution = { context, checkCancelled: () => undefined };
	const reading = new MessageReading(
		execution,
		poll.account.url,
		uids as readonly Uid[],
		settings.output,
	);
	try {
		await reading.read(open);
	} catch (error) {
		if (!(error instanceof InterruptedFetchError)) throw error;
		throw clock.isOver ? error.cause : new BrokenFetch(error.uids, error.cause);
	}
	return reading;
}

/** Those of the UIDs that the mailbox holds. */
export async function presentUids(open: OpenMailbox, uids: readonly number[]): Promise<number[]> {
	if (uids.length === 0) return [];
	const wanted = new Set(uids);
	const found = await open.search({ uid: [...uids] });
	return found.filter((uid) => wanted.has(uid));
}
