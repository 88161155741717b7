/**
 * Message Received. UIDs alone decide what is new: they only grow (RFC 9051 §2.3.1.1), whereas flags
 * can be changed by anyone, and dates be anything.
 */
import { SequenceSet } from '../../../engine/index';
import { runAfter } from '../post-delivery';
import type { InFlight, MailboxCursor } from '../cursor';
import { messageItems } from '../message-items';
import {
	fingerprint,
	newestFingerprints,
	remembering,
	renumberedCursor,
} from '../uidvalidity-change';
import { highestUid, isRenumbered, type Seen, type Visit } from '../mailbox-poll';
import { searchWithin } from '../../shared/message/exact-times';

/** Messages in the hands of the flow at a time; more are given when some are acknowledged. */
const MOST_IN_FLIGHT = 5_000;

export async function messageReceived(visit: Visit): Promise<Seen> {
	const cursor = await begin(visit);
	await runAfter(visit, cursor);
	const again = await checkInFlight(visit, cursor);
	const fresh = await findNew(visit, cursor);
	return give(visit, cursor, again, fresh);
}

/** The cursor to go on from. */
async function begin(visit: Visit): Promise<MailboxCursor> {
	const { cursor, mailbox, settings } = visit;
	if (cursor && !isRenumbered(visit, cursor)) {
		return { ...cursor, uidValidity: mailbox.uidValidity ?? cursor.uidValidity };
	}
	const highest = await highestUid(visit);
	if (cursor) return renumberedCursor(visit, cursor, highest);
	const fromStart = settings.includeExisting || visit.isNew;
	const first: MailboxCursor = {
		uidValidity: mailbox.uidValidity ?? null,
		lastUid: fromStart ? 0 : Math.max(highest, (mailbox.uidNext ?? 1) - 1),
	};
	if (settings.onRenumbered !== 'rescan' || fromStart) return first;
	return { ...first, fingerprints: [...(await newestFingerprints(visit)).values()] };
}

/**
 * Takes those that the flow has acknowledged off the cursor's list.
 * @returns those that it had long enough without doing so
 */
async function checkInFlight(visit: Visit, cursor: MailboxCursor): Promise<number[]> {
	const { imap, settings } = visit;
	const { acknowledgement } = settings;
	const inFlight = cursor.inFlight ?? {};
	const uids = Object.keys(inFlight).map(Number);
	if (!acknowledgement || uids.length === 0) return [];
	const set = SequenceSet.from(uids);
	const [present, unacknowledged, unread] = await Promise.all([
		imap.search({ uid: set }, { uid: true }),
		imap.search({ uid: set, notKeyword: acknowledgement.keyword }, { uid: true }),
		acknowledgement.byReading ? imap.search({ uid: set, seen: false }, { uid: true }) : [],
	]);
	const open = new Set(unacknowledged);
	const stillUnread = new Set(unread);
	const readSince = (uid: number, { seen }: InFlight): boolean =>
		acknowledgement.byReading && !seen && !stillUnread.has(uid);
	const now = Date.now();
	const again: number[] = [];
	for (const uid of uids) {
		const given = inFlight[uid] as InFlight;
		if (!open.has(uid) || readSince(uid, given)) delete inFlight[uid];
		else if (now - given.given >= acknowledgement.again) again.push(uid);
	}
	const acknowledged = present.filter((uid) => inFlight[uid] === undefined);
	if (settings.after.do !== 'nothing') addPending(cursor, acknowledged);
	return again.sort((a, b) => a - b);
}

interface Fresh {
	uids: readonly number[];
	/** Up to which UID was looked. */
	upTo: number;
}

async function findNew(visit: Visit, cursor: MailboxCursor): Promise<Fresh> {
	const { imap, settings } = visit;
	const queued = cursor.queue === undefined ? undefined : SequenceSet.from(cursor.queue);
	// Whatever came since the mailbox was opened is told now (RFC 3501 §6.4.1).
	await imap.check();
	const { uidNext } = visit.mailbox;
	const exists = imap.mailbox?.exists ?? visit.mailbox.exists;
	const nothingNew =
		uidNext !== undefined && uidNext - 1 <= cursor.lastUid && exists <= visit.mailbox.exists;
	// First how far, then what: a message that comes between the two is left to the next poll.
	const upTo = nothingNew
		? cursor.lastUid
		: Math.max(
				cursor.lastUid,
				await highestUid({ ...visit, mailbox: { ...visit.mailbox, exists } }),
			);
	const wanted: SequenceSet[] = queued ? [queued] : [];
	if (upTo > cursor.lastUid) wanted.push(SequenceSet.from(`${cursor.lastUid + 1}:${upTo}`));
	if (wanted.length === 0) return { uids: [], upTo };
	const among = { uid: wanted.map(String).join(',') };
	const found = await imap.search(await searchWithin(imap, settings.filters, among), { uid: true });
	const isWanted = (uid: number): boolean => wanted.some((set) => set.includes(uid));
	return { uids: found.filter(isWanted).sort((a, b) => a - b), upTo };
}

async function give(
	visit: Visit,
	cursor: MailboxCursor,
	again: readonly number[],
	fresh: Fresh,
): Promise<Seen> {
	const { imap, settings } = visit;
	const inFlight = cursor.inFlight ?? {};
	const queued = cursor.queue === undefined ? undefined : SequenceSet.from(cursor.queue);
	const repeated = new Set(again);
	const free = settings.acknowledgement
		? Math.max(0, MOST_IN_FLIGHT - Object.keys(inFlight).length)
		: Infinity;
	const uids = [...again, ...fresh.uids.slice(0, free)];
	const { items, handled } = await messageItems(visit, uids, (uid) =>
		repeated.has(uid) ? { givenBefore: inFlight[uid]?.times ?? 1 } : {},
	);
	const done = new Set(handled);
	const left = fresh.uids.filter((uid) => !done.has(uid));
	const leftOfQueue = left.filter((uid) => queued?.includes(uid) === true);
	const leftOfNew = left.filter((uid) => queued?.includes(uid) !== true);
	const next: MailboxCursor = {
		...cursor,
		// Ascending, so everything below the first that is left was handled or filtered out.
		lastUid: leftOfNew.length > 0 ? (leftOfNew[0] as number) - 1 : fresh.upTo,
	};
	delete next.queue;
	if (leftOfQueue.length > 0) next.queue = SequenceSet.from(leftOfQueue).toString();
	const given = items.map(({ json }) => json.uid as number);
	if (settings.acknowledgement) {
		const seen =
			settings.acknowledgement.byReading && given.length > 0
				? new Set(await imap.search({ uid: given, seen: true }, { uid: true }))
				: new Set<number>();
		const now = Date.now();
		for (const uid of given) {
			const times = (inFlight[uid]?.times ?? 0) + 1;
			inFlight[uid] = { given: now, times, seen: inFlight[uid]?.seen ?? seen.has(uid) };
		}
		next.inFlight = inFlight;
	} else if (settings.after.do !== 'nothing') {
		addPending(next, given);
	}
	await remember(visit, next, given);
	return { items, cursor: next };
}

/** For the case that the mailbox is numbered anew. */
async function remember(
	visit: Visit,
	cursor: MailboxCursor,
	given: readonly number[],
): Promise<void> {
	if (visit.settings.onRenumbered !== 'rescan' || given.length === 0) return;
	const found: string[] = [];
	const items = { uid: true, envelope: true };
	for await (const { uid = 0, envelope } of visit.imap.fetch([...given], items, { uid: true })) {
		const who = fingerprint(envelope);
		found.push(who);
		const inFlight = cursor.inFlight?.[uid];
		if (inFlight) inFlight.who = who;
	}
	cursor.fingerprints = remembering(cursor.fingerprints, found);
}

function addPending(cursor: MailboxCursor, uids: readonly number[]): void {
	if (uids.length === 0) return;
	const all = [cursor.pending, SequenceSet.from(uids).toString()].filter(Boolean).join(',');
	cursor.pending = SequenceSet.from(all).toString();
}
