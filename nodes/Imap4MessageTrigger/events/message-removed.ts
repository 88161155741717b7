/**
 * Message Removed: expunged, or moved away. The UIDs there were are remembered; where the server keeps
 * record of what has vanished (QRESYNC, RFC 7162 §3.2), it is asked for that, else for all UIDs.
 */
import { SequenceSet } from '../../../engine/index';
import type { MailboxCursor } from '../cursor';
import { isRenumbered, itemId, referenceOf, type Seen, type Visit } from '../mailbox-poll';

export async function messageRemoved(visit: Visit): Promise<Seen> {
	const { mailbox, cursor, settings, room } = visit;
	const { uidValidity = null, highestModSeq } = mailbox;
	if (cursor?.known === undefined || isRenumbered(visit, cursor)) {
		const uids = await allUids(visit);
		return { items: [], cursor: remembering(visit, uids) };
	}
	if (highestModSeq !== undefined && cursor.modSeq === String(highestModSeq)) {
		return { items: [], cursor };
	}
	const known = cursor.known === '' ? [] : SequenceSet.from(cursor.known).toArray();
	const now = await uidsSince(visit, cursor, known);
	const present = new Set(now);
	const gone = known.filter((uid) => !present.has(uid));
	const told = gone.slice(0, room);
	const items = told.map((uid) => ({
		json: {
			id: itemId(visit, uid),
			event: settings.event,
			...referenceOf(visit, uid),
			removed: true,
		},
	}));
	const left = gone.slice(room);
	const next = remembering(visit, [...now, ...left]);
	// What is left must be looked for again, though nothing has happened since.
	if (left.length > 0) delete next.modSeq;
	return { items, cursor: { ...next, uidValidity: uidValidity ?? cursor.uidValidity } };
}

function remembering({ mailbox }: Visit, uids: readonly number[]): MailboxCursor {
	const { uidValidity = null, highestModSeq } = mailbox;
	return {
		uidValidity,
		lastUid: uids.reduce((most, uid) => Math.max(most, uid), 0),
		known: uids.length > 0 ? SequenceSet.from(uids).toString() : '',
		...(highestModSeq === undefined ? {} : { modSeq: String(highestModSeq) }),
	};
}

const allUids = ({ imap }: Visit): Promise<number[]> => imap.search({ all: true }, { uid: true });

/** In `1:*` the star is the highest UID that is left, so the ones that vanished above it would be missing. */
const ALL_UIDS = '1:4294967295';

/** The UIDs there are now. */
async function uidsSince(
	visit: Visit,
	{ modSeq }: MailboxCursor,
	known: readonly number[],
): Promise<number[]> {
	const { imap, mailbox } = visit;
	const recorded = imap.enabled.has('QRESYNC') && mailbox.highestModSeq !== undefined;
	if (!recorded || modSeq === undefined) return allUids(visit);
	const changed = imap.fetch(
		ALL_UIDS,
		{ uid: true },
		{ uid: true, changedSince: BigInt(modSeq), vanished: true },
	);
	const uids = new Set(known);
	for await (const { uid } of changed) if (uid !== undefined) uids.add(uid);
	const { vanishedUids } = changed;
	return vanishedUids ? [...uids].filter((uid) => !vanishedUids.includes(uid)) : [...uids];
}
