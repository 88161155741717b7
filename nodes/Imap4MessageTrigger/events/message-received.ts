/**
 * Message Received. UIDs alone decide what is new: they only grow (RFC 9051 §2.3.1.1), whereas flags
 * can be changed by anyone, and dates can be anything.
 */
import { UidSet } from '../../../engine/index';
import { isUnfiltered, searchWithin } from '../../shared/message/exact-times';
import { checkInFlight, noteDelivered } from '../acknowledgements';
import { runPostDelivery } from '../post-delivery';
import type { MailboxCursor } from '../cursor';
import { BrokenFetch, messageItems } from '../message-items';
import {
	fingerprint,
	newestFingerprints,
	noteKept,
	remembering,
	renumberedCursor,
	renumberedError,
} from '../uidvalidity-change';
import {
	highestUid,
	identityOf,
	isRenumbered,
	type MailboxPoll,
	type PollResult,
} from '../mailbox-poll';
import { breakingUids, heldUids, noteBroken, noteHeld, unreadableItems } from '../unreadable';
import { hasNothingNew } from '../status-cursor';
import { uidsIn } from '../uid-sets';

/** Messages that wait for their acknowledgement at a time; more are delivered when some are. */
const MOST_IN_FLIGHT = 5_000;

export async function messageReceived(poll: MailboxPoll): Promise<PollResult> {
	const cursor = await begin(poll);
	const failure = (await runPostDelivery(poll, cursor)) ?? renumberedError(poll, cursor);
	const { acknowledged, again, gaveUp } = await checkInFlight(poll, cursor);
	if (poll.settings.after.do !== 'nothing') addPending(cursor, acknowledged);
	const unreadable = await unreadableItems(poll, cursor, poll.room - gaveUp.length);
	const first = [...gaveUp, ...unreadable];
	const rest = { ...poll, room: Math.max(0, poll.room - first.length) };
	const fresh = await findNew(rest, cursor);
	const { items, cursor: next } = await deliver(rest, cursor, again, fresh, heldUids(cursor));
	const result: PollResult = { items: [...first, ...items], cursor: next };
	if (failure) result.failure = failure;
	await retryBreaking(poll, result);
	return result;
}

/** Messages at which the connection broke come last of all: what was found before is kept then. */
async function retryBreaking(poll: MailboxPoll, result: PollResult): Promise<void> {
	for (const uid of breakingUids(result.cursor)) {
		const room = poll.room - result.items.length;
		if (room <= 0 || !poll.clock.hasTime) return;
		try {
			const seen = await deliver({ ...poll, room }, result.cursor, [], undefined, [uid]);
			result.items.push(...seen.items);
			result.cursor = seen.cursor;
		} catch (error) {
			if (!(error instanceof BrokenFetch)) throw error;
			noteBroken(result.cursor, error);
			return;
		}
	}
}

/** The cursor to continue from. */
async function begin(poll: MailboxPoll): Promise<MailboxCursor> {
	const { cursor, mailbox, open, settings } = poll;
	const identity = identityOf(mailbox);
	if (cursor && !isRenumbered(poll, cursor)) {
		const { uidValidity } = cursor;
		// A copy, since a poll that fails must have changed nothing.
		const next = structuredClone({
			...cursor,
			...identity,
			uidValidity: identity.uidValidity ?? uidValidity,
		});
		delete next.renumbered;
		noteKept(next, mailbox.exists, poll.emptyBefore);
		if (next.fromNow) {
			delete next.fromNow;
			delete next.queue;
			next.lastUid = Math.max(next.lastUid, await highestUid(poll));
		}
		if (settings.onRenumbered === 'rescan')
			next.fingerprints ??= await handledFingerprints(poll, next);
		return next;
	}
	const highest = await highestUid(poll);
	if (cursor) return renumberedCursor(poll, cursor, highest);
	const fromStart = settings.includeExisting || poll.isNew;
	const first: MailboxCursor = {
		...identity,
		lastUid: fromStart ? 0 : highest,
	};
	// Unless the highest one has arrived since the mailbox was opened.
	const isWrong = mailbox.uidNext !== undefined && mailbox.uidNext <= highest;
	if (isWrong && open.exists <= mailbox.exists) first.wrongUidNext = true;
	if (settings.onRenumbered !== 'rescan' || fromStart) return first;
	return { ...first, fingerprints: [...(await newestFingerprints(poll)).values()] };
}

/** Of what was handled before the trigger was set to compare by Message-ID. */
async function handledFingerprints(
	poll: MailboxPoll,
	{ lastUid, queue, held = {}, inFlight = {} }: MailboxCursor,
): Promise<string[]> {
	if (lastUid === 0) return [];
	const waiting = new Set([...uidsIn(queue), ...Object.keys({ ...held, ...inFlight }).map(Number)]);
	return [...(await newestFingerprints(poll))]
		.filter(([uid]) => uid <= lastUid && !waiting.has(uid))
		.map(([, who]) => who);
}

interface Fresh {
	uids: readonly number[];
	/** Up to which UID was looked. */
	upTo: number;
	/** Number of messages then. */
	exists: number;
}

async function findNew(poll: MailboxPoll, cursor: MailboxCursor): Promise<Fresh> {
	const { open, settings } = poll;
	const { uidNext } = poll.mailbox;
	const { exists } = open;
	const nothingNew = exists <= poll.mailbox.exists && hasNothingNew(cursor, { uidNext, exists });
	// First how far, then what: a message that comes between the two is left to the next poll.
	const upTo = nothingNew
		? cursor.lastUid
		: Math.max(cursor.lastUid, await highestUid({ ...poll, mailbox: { ...poll.mailbox, exists } }));
	const wanted: UidSet[] = cursor.queue === undefined ? [] : [UidSet.from(cursor.queue)];
	if (upTo > cursor.lastUid) wanted.push(UidSet.from(`${cursor.lastUid + 1}:${upTo}`));
	if (wanted.length === 0) return { uids: [], upTo, exists };
	const filtered = !isUnfiltered(settings.filters);
	const range = { uid: wanted.map(String).join(',') };
	const hits: number[] = await open.search(await searchWithin(open, settings.filters, range));
	const isWanted = (uid: number): boolean => wanted.some((set) => set.includes(uid));
	const uids = hits.filter(isWanted);
	let lookedAt = upTo;
	const found = uids.filter((uid) => uid > cursor.lastUid);
	const isIncomplete = !found.includes(upTo) || found.length < arrivedSince(cursor, exists);
	if (!filtered && upTo > cursor.lastUid && isIncomplete) {
		// They were there a moment ago: removed since, or SEARCH is wrong. FETCH has the last word.
		const set = UidSet.from(range.uid);
		for await (const { uid } of open.fetch(set, { uid: true })) {
			if (uid !== undefined && isWanted(uid)) uids.push(uid);
		}
		// A UID that is too high would pass over what arrives below it.
		lookedAt = uids.reduce((highest, uid) => Math.max(highest, uid), cursor.lastUid);
	}
	return { uids: [...new Set(uids)].sort((a, b) => a - b), upTo: lookedAt, exists };
}

/** Number of messages that have arrived since the last look at least: removals only hide some of them. */
function arrivedSince({ lastUid, exists: before }: MailboxCursor, exists: number): number {
	if (lastUid === 0) return exists;
	return before === undefined ? 0 : exists - before;
}

async function deliver(
	poll: MailboxPoll,
	cursor: MailboxCursor,
	again: readonly number[],
	found: Fresh | undefined,
	retried: readonly number[],
): Promise<PollResult> {
	const looked = found !== undefined;
	const fresh = found ?? { uids: [], upTo: cursor.lastUid, exists: 0 };
	const { settings } = poll;
	const held = new Set(Object.keys(cursor.held ?? {}).map(Number));
	const unheld = fresh.uids.filter((uid) => !held.has(uid));
	const free = settings.acknowledgement
		? Math.max(0, MOST_IN_FLIGHT - Object.keys(cursor.inFlight ?? {}).length)
		: Infinity;
	// Those that could not be read come last, so that they cost the others nothing.
	const uids = [...new Set([...again, ...unheld.slice(0, free), ...retried])];
	const suspects = new Set(uidsIn(cursor.suspects));
	const { items, handled, unreadable } = await fetchItems(
		poll,
		cursor,
		uids,
		(uid) => suspects.has(uid) || held.has(uid),
	);
	for (const uid of unreadable.keys()) delete cursor.inFlight?.[uid];
	const done = new Set([...handled, ...unreadable.keys()]);
	const left = unheld.filter((uid) => !done.has(uid));
	const queued = cursor.queue === undefined ? undefined : UidSet.from(cursor.queue);
	const isQueued = (uid: number): boolean => queued?.includes(uid) === true;
	const leftOfQueue = left.filter(isQueued);
	const [firstLeft] = left.filter((uid) => !isQueued(uid));
	const next: MailboxCursor = {
		...cursor,
		// Ascending, so everything below the first that is left is accounted for.
		lastUid: firstLeft === undefined ? fresh.upTo : firstLeft - 1,
	};
	if (looked) {
		delete next.queue;
		delete next.suspects;
		noteLook(poll, next, found.exists, firstLeft === undefined);
	}
	if (leftOfQueue.length > 0) next.queue = UidSet.from(leftOfQueue).toString();
	noteHeld(next, handled, unreadable);
	const delivered = items.map(({ json }) => json.uid as number);
	await noteDelivered(poll, next, items);
	if (!settings.acknowledgement && settings.after.do !== 'nothing') addPending(next, delivered);
	await rememberFingerprints(poll, next, delivered);
	return { items, cursor: next };
}

/** By what the next look may find that nothing arrived; where something is left, it has to look. */
function noteLook(
	{ mailbox: { uidNext } }: MailboxPoll,
	cursor: MailboxCursor,
	exists: number,
	isComplete: boolean,
): void {
	cursor.exists = exists;
	if (isComplete && uidNext !== undefined) cursor.uidNext = uidNext;
	else delete cursor.uidNext;
}

/** As messageItems; a break of the connection is noted in the cursor of the poll, which is kept. */
async function fetchItems(
	poll: MailboxPoll,
	cursor: MailboxCursor,
	uids: readonly number[],
	alone: (uid: number) => boolean,
): ReturnType<typeof messageItems> {
	try {
		return await messageItems(poll, uids, undefined, alone);
	} catch (error) {
		if (error instanceof BrokenFetch) {
			// What this poll found out besides is found out again.
			error.cursor = structuredClone(poll.cursor ?? cursor);
			noteBroken(error.cursor, error);
		}
		throw error;
	}
}

/** For the case that UIDVALIDITY changes. */
async function rememberFingerprints(
	poll: MailboxPoll,
	cursor: MailboxCursor,
	delivered: readonly number[],
): Promise<void> {
	if (poll.settings.onRenumbered !== 'rescan' || delivered.length === 0) return;
	const found: string[] = [];
	const items = { uid: true, envelope: true };
	const missing = new Set(delivered);
	// Asked again for what an answer leaves out: without it, the message would be delivered again.
	for (let tries = 0; tries < 2 && missing.size > 0; tries++) {
		for await (const { uid = 0, envelope } of poll.open.fetch(UidSet.from([...missing]), items)) {
			if (!missing.delete(uid)) continue;
			const who = fingerprint(envelope);
			found.push(who);
			const inFlight = cursor.inFlight?.[uid];
			if (inFlight) inFlight.who = who;
		}
	}
	cursor.fingerprints = remembering(cursor.fingerprints, found);
}

function addPending(cursor: MailboxCursor, uids: readonly number[]): void {
	if (uids.length === 0) return;
	cursor.pending = UidSet.from([...uidsIn(cursor.pending), ...uids]).toString();
}
