/**
 * Message Removed: expunged, or moved away. The UIDs there were are remembered. Where the server records
 * what has vanished (QRESYNC, RFC 7162 §3.2), it is asked for that, else for all UIDs. An absence is
 * believed only if the server confirms it in a second way: an answer can be incomplete.
 */
import { Imap4Error } from '../../../engine/index';
import type { MailboxCursor } from '../cursor';
import {
	identityOf,
	isRenumbered,
	itemId,
	referenceOf,
	type MailboxPoll,
	type PollResult,
} from '../mailbox-poll';
import { setOf, uidsIn } from '../uid-sets';

export async function messageRemoved(poll: MailboxPoll): Promise<PollResult> {
	const { cursor, settings, room } = poll;
	const highestModSeq = countedRemovals(poll);
	if (cursor?.known === undefined || isRenumbered(poll, cursor)) {
		return { items: [], cursor: remembering(poll, (await allUids(poll)).uids) };
	}
	if (highestModSeq !== undefined && cursor.modSeq === String(highestModSeq)) {
		return { items: [], cursor };
	}
	const known = uidsIn(cursor.known);
	const { uids, detectedBy } = await uidsSince(poll, cursor, known);
	const present = new Set(uids);
	const gone = known.filter((uid) => !present.has(uid));
	const now = gone.slice(0, room);
	const items = now.map((uid) => ({
		json: {
			id: itemId(poll, uid),
			event: settings.event,
			...referenceOf(poll, uid),
			removed: true,
			detectedBy,
		},
	}));
	const left = gone.slice(room);
	const next = remembering(poll, [...uids, ...left]);
	// What is left must be looked for again, though nothing has happened since.
	if (left.length > 0) delete next.modSeq;
	return { items, cursor: { ...next, uidValidity: next.uidValidity ?? cursor.uidValidity } };
}

/** Without QRESYNC a removal need not change the mod-sequence (RFC 7162 §3.2.1; Gmail). */
function countedRemovals({ imap, mailbox }: MailboxPoll): bigint | undefined {
	return imap.capabilities.has('QRESYNC') ? mailbox.highestModSeq : undefined;
}

function remembering(poll: MailboxPoll, uids: readonly number[]): MailboxCursor {
	const { mailbox } = poll;
	const { uidNext } = mailbox;
	const highestModSeq = countedRemovals(poll);
	return {
		...identityOf(mailbox),
		lastUid: uids.reduce((most, uid) => Math.max(most, uid), 0),
		known: setOf(uids) ?? '',
		...(highestModSeq === undefined ? {} : { modSeq: String(highestModSeq) }),
		...(uidNext === undefined ? {} : { uidNext }),
	};
}

interface Present {
	uids: readonly number[];
	detectedBy: string;
}

/**
 * All UIDs, as SEARCH returns them and, if those are fewer than the mailbox has messages, FETCH as well.
 * @throws Imap4Error MALFORMED if both leave messages out
 */
async function allUids({ imap, open, mailbox }: MailboxPoll): Promise<Present> {
	const uids = await open.search({ all: true });
	// Asks for EXISTS as of now, since a SEARCH reports no removals (RFC 9051 §7.5.1).
	await imap.noop();
	const { exists } = open;
	if (uids.length >= exists) return { uids, detectedBy: 'SEARCH' };
	const union = new Set(uids);
	for await (const { uid } of open.fetch(ALL_UIDS, { uid: true })) {
		if (uid !== undefined) union.add(uid);
	}
	if (union.size >= exists) return { uids: [...union], detectedBy: 'FETCH' };
	throw new Imap4Error(
		'MALFORMED',
		`The server reports ${exists} messages in "${mailbox.name}", but returns only ${union.size} of them in SEARCH and FETCH. No removal is reported until these agree.`,
		{ command: 'SEARCH' },
	);
}

/** In `1:*` the star is the highest UID that is left, so the ones that vanished above it would be missing. */
const ALL_UIDS = '1:4294967295';

/** The UIDs there are now. */
async function uidsSince(
	poll: MailboxPoll,
	{ modSeq }: MailboxCursor,
	known: readonly number[],
): Promise<Present> {
	const { imap, open, mailbox } = poll;
	const recorded = imap.enabled.has('QRESYNC') && mailbox.highestModSeq !== undefined;
	if (!recorded || modSeq === undefined) return allUids(poll);
	const changed = open.fetch(
		ALL_UIDS,
		{ uid: true },
		{ changedSince: BigInt(modSeq), vanished: true },
	);
	const uids = new Set(known);
	let rows = 0;
	for await (const { uid } of changed) {
		if (uid !== undefined) uids.add(uid);
		rows++;
	}
	const { vanishedUids } = changed;
	const vanished = [...uids].filter((uid) => vanishedUids?.includes(uid) === true);
	const still = new Set<number>(vanished.length === 0 ? [] : await open.search({ uid: vanished }));
	for (const uid of vanished) if (!still.has(uid)) uids.delete(uid);
	// An answer that leaves something out does not add up.
	const addsUp = uids.size === open.exists;
	if (!addsUp || rows + vanished.length === 0) return allUids(poll);
	return { uids: [...uids], detectedBy: 'QRESYNC' };
}
