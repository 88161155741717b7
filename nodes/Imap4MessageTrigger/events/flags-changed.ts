/**
 * Flags Changed. The flags of the newest messages are remembered and compared; where the server counts
 * changes (CONDSTORE, RFC 7162), only what has changed is fetched, and older messages are told as well.
 */
import type { IDataObject } from 'n8n-workflow';
import { SequenceSet } from '../../../engine/index';
import type { MailboxCursor } from '../cursor';
import { messageItems } from '../message-items';
import { highestUid, isRenumbered, type Seen, type Visit } from '../mailbox-poll';
import { isUnfiltered, searchWithin } from '../../shared/message/exact-times';

interface Flagged {
	flags: string;
	/** 0 where the server counts no changes. */
	modSeq: bigint;
}

/** What happened to the flags of a message; `before` is undefined where nobody knows. */
interface Change extends Flagged {
	uid: number;
	before: string | undefined;
}

export async function flagsChanged(visit: Visit): Promise<Seen> {
	const { mailbox, settings, imap } = visit;
	const { cursor } = visit;
	if (!cursor?.flags || isRenumbered(visit, cursor))
		return { items: [], cursor: await first(visit) };
	const counted = mailbox.highestModSeq !== undefined && cursor.modSeq !== undefined;
	const since = counted ? BigInt(cursor.modSeq ?? 0) : undefined;
	if (since !== undefined && mailbox.highestModSeq === since) return { items: [], cursor };

	const highest = await highestUid(visit);
	const now = await fetchFlags(visit, since);
	const known = cursor.flags;
	const changes = [...now]
		.filter(([uid, { flags }]) => uid <= cursor.lastUid && known[uid] !== flags)
		.map(([uid, flagged]) => ({ uid, ...flagged, before: known[uid] }))
		.filter((change) => matters(change, settings.flags))
		.sort((a, b) => (a.modSeq < b.modSeq ? -1 : a.modSeq > b.modSeq ? 1 : a.uid - b.uid));
	const wanted = await matching(visit, changes);
	const byUid = new Map(wanted.map((change) => [change.uid, change]));
	const { items, handled } = await messageItems(
		visit,
		wanted.map(({ uid }) => uid),
		(uid) => told(byUid.get(uid)),
	);
	const done = new Set(handled);
	const left = wanted.find(({ uid }) => !done.has(uid));
	const next: MailboxCursor = { ...cursor, lastUid: Math.max(highest, cursor.lastUid) };
	const remembered = { ...known };
	for (const [uid, { flags }] of now) {
		// What is left stays as it was, so that the next poll finds it changed.
		if (!byUid.has(uid) || done.has(uid)) remembered[uid] = flags;
	}
	next.flags = newest(remembered, settings.watchNewest);
	// One change of many messages counts them all alike, so those of the same count are asked for again.
	if (counted) next.modSeq = String(left ? left.modSeq - 1n : (mailbox.highestModSeq ?? since));
	if (imap.mailbox?.highestModSeq === undefined) delete next.modSeq;
	return { items, cursor: next };
}

async function first(visit: Visit): Promise<MailboxCursor> {
	const { mailbox, settings } = visit;
	const flags: Record<string, string> = {};
	for (const [uid, flagged] of await fetchFlags(visit, undefined)) flags[uid] = flagged.flags;
	const { highestModSeq, uidValidity = null } = mailbox;
	return {
		uidValidity,
		lastUid: await highestUid(visit),
		flags: newest(flags, settings.watchNewest),
		...(highestModSeq === undefined ? {} : { modSeq: String(highestModSeq) }),
	};
}

/** @param since mod-sequence; without it the flags of the newest messages */
async function fetchFlags(
	{ imap, mailbox: { exists }, settings }: Visit,
	since: bigint | undefined,
): Promise<Map<number, Flagged>> {
	const found = new Map<number, Flagged>();
	if (exists === 0) return found;
	const messages =
		since === undefined
			? imap.fetch(`${Math.max(1, exists - settings.watchNewest + 1)}:*`, {
					uid: true,
					flags: true,
				})
			: imap.fetch(
					'1:*',
					{ uid: true, flags: true, modSeq: true },
					{ uid: true, changedSince: since },
				);
	for await (const { uid, flags = [], modSeq = 0n } of messages) {
		if (uid !== undefined) found.set(uid, { flags: printed(flags), modSeq });
	}
	return found;
}

/** \Recent comes and goes by itself. */
function printed(flags: readonly string[]): string {
	return flags
		.filter((flag) => flag.toLowerCase() !== '\\recent')
		.sort()
		.join(' ');
}

const split = (flags: string): string[] => (flags === '' ? [] : flags.split(' '));

function difference({ before, flags }: Change): { added: string[]; removed: string[] } {
	const [then, now] = [split(before ?? ''), split(flags)];
	return {
		added: now.filter((flag) => !then.includes(flag)),
		removed: then.filter((flag) => !now.includes(flag)),
	};
}

/** Whether one of the flags came or went; of a message without a past, whether it has one. */
function matters(change: Change, flags: readonly string[]): boolean {
	if (flags.length === 0) return true;
	const { added, removed } = difference(change);
	return [...added, ...removed].some((flag) => flags.includes(flag.toLowerCase()));
}

function told(change: Change | undefined): IDataObject {
	if (!change) return {};
	const flags = split(change.flags);
	if (change.before === undefined) return { flags, added: null, removed: null };
	return { flags, ...difference(change) };
}

/** Those that the filters let through. */
async function matching(
	{ imap, settings: { filters } }: Visit,
	changes: readonly Change[],
): Promise<readonly Change[]> {
	if (changes.length === 0 || isUnfiltered(filters)) return changes;
	const uid = SequenceSet.from(changes.map((change) => change.uid));
	const query = await searchWithin(imap, filters, { uid });
	const found = new Set(await imap.search(query, { uid: true }));
	return changes.filter((change) => found.has(change.uid));
}

function newest(flags: Record<string, string>, count: number): Record<string, string> {
	const uids = Object.keys(flags).map(Number);
	if (uids.length <= count) return flags;
	const kept = uids.sort((a, b) => b - a).slice(0, count);
	return Object.fromEntries(kept.map((uid) => [uid, flags[uid] as string]));
}
