import { deletedBesides, expunge } from '../mailbox/expunge';
import { store } from '../flags/store';
import type { Command } from '../command';
import type { Capabilities } from '../../grammar/capabilities';
import { Imap4Error, isNotUnderstood } from '../../errors';
import type { AnySet, SequenceSet } from '../../grammar/message-set';
import { UidSet } from '../../grammar/message-set';
import type { Copied } from './copy';
import { copy, merged, move } from './copy';
import { inParts } from './in-parts';
import { search } from './search';

/** What moving came to. */
export interface Moved {
	/**
	 * The way it went. After `COPY+STORE` the originals are still there, marked \Deleted: the server
	 * has neither MOVE nor UIDPLUS, and a plain EXPUNGE would have removed other messages with them.
	 */
	via: 'MOVE' | 'COPY+STORE+EXPUNGE' | 'COPY+STORE';
	/** Where the messages are now; undefined where the server doesn't say. */
	copied: Copied | undefined;
}

/** How messages are moved. */
export interface MoveOptions {
	/**
	 * Called before messages are copied, where the server does not have MOVE: what it throws ends the move, and
	 * nothing was changed.
	 */
	beforeCopy?: () => Promise<void>;
}

/** What is needed of a session. */
interface Runner {
	readonly capabilities: Capabilities;
	run<Result>(command: Command<Result>): Promise<Result>;
}

/**
 * MOVE (RFC 9051 §6.4.8), or by hand what it does (RFC 6851 §3.3), where the server does not offer it
 * or does not understand it. Nothing is marked \Deleted before the server has confirmed the copy.
 * @param beforeCopy see {@link MoveOptions}
 */
export async function moveMessages(
	session: Runner,
	set: AnySet,
	to: string,
	beforeCopy?: () => Promise<void>,
): Promise<Moved> {
	const moved = session.capabilities.has('MOVE') ? await moveAtOnce(session, set, to) : undefined;
	if (moved) return moved;
	await beforeCopy?.();
	const uids = set instanceof UidSet ? set : await uidsOf(session, set);
	const uidParts = uids.split();
	const copied = await inParts(uidParts, 'copied', (part) => session.run(copy(part, to)));
	const marked = await othersMarked(session, uids);
	await Promise.all(
		uidParts.map((part) => session.run(store(part, '+FLAGS', ['\\Deleted'], { silent: true }))),
	);
	const result = { copied: merged(copied) };
	if (session.capabilities.has('UIDPLUS')) {
		await Promise.all(uidParts.map((part) => session.run(expunge(part))));
	} else if (marked) {
		return { via: 'COPY+STORE', ...result };
	} else {
		await session.run(expunge());
	}
	return { via: 'COPY+STORE+EXPUNGE', ...result };
}

/** @returns undefined if the server does not understand MOVE, which it announces: then nothing was moved */
async function moveAtOnce(session: Runner, set: AnySet, to: string): Promise<Moved | undefined> {
	// Highest numbers first: each removal renumbers what is above it.
	const parts: AnySet[] = set.split().reverse();
	let done = 0;
	const run = async (part: AnySet): Promise<Copied | undefined> => {
		const copied = await session.run(move(part, to));
		done++;
		return copied;
	};
	try {
		return { via: 'MOVE', copied: merged(await inParts(parts, 'moved', run)) };
	} catch (error) {
		if (done === 0 && isNotUnderstood(error)) return undefined;
		throw error;
	}
}

/** Sequence numbers may shift between the three commands; UIDs don't. */
async function uidsOf(session: Runner, set: SequenceSet): Promise<UidSet> {
	const uids = await session.run(search({ seq: set }, true, false));
	if (uids.length === 0)
		throw new Imap4Error('NO', 'There are no such messages to move', { command: 'MOVE' });
	return UidSet.from(uids);
}

/** Whether a plain EXPUNGE would remove messages other than these. */
async function othersMarked(session: Runner, uids: UidSet): Promise<boolean> {
	if (session.capabilities.has('UIDPLUS')) return false;
	const others = await session.run(search(deletedBesides(uids), true, false));
	return others.length > 0;
}
