/**
 * Flags Changed. The flags of the newest messages are remembered and compared. Where the server counts
 * changes (CONDSTORE, RFC 7162), only what has changed is fetched, and older messages are returned too.
 */
import type { IDataObject } from 'n8n-workflow';
import { Imap4Error, UidSet, type SelectedMailbox } from '../../../engine/index';
import { isUnfiltered, searchWithin } from '../../shared/message/exact-times';
import type { MailboxCursor } from '../cursor';
import { flagsNotIn, flagsText, readFlagSets, splitFlags, writeFlagSets } from '../flag-sets';
import { messageItems } from '../message-items';
import {
	highestUid,
	identityOf,
	isRenumbered,
	type MailboxPoll,
	type PollResult,
} from '../mailbox-poll';
import { unreadableItem } from '../unreadable';

interface Flagged {
	flags: string;
	/** 0 where the server counts no changes. */
	modSeq: bigint;
}

/** What happened to the flags of a message; `before` is undefined if unknown. */
interface Change extends Flagged {
	uid: number;
	before: string | undefined;
}

export async function flagsChanged(poll: MailboxPoll): Promise<PollResult> {
	const { mailbox, settings, cursor } = poll;
	if (!cursor || isRenumbered(poll, cursor)) return { items: [], cursor: await baseline(poll) };
	const known = readFlagSets(cursor);
	const counted = isCounted(mailbox, cursor);
	const since = counted ? BigInt(cursor.modSeq ?? 0) : undefined;
	if (known && since !== undefined && mailbox.highestModSeq === since) {
		return { items: [], cursor };
	}
	const highest = await highestUid(poll);
	const now = await flagsSince(poll, since);
	const changes = [...now]
		// Without counted changes a message whose flags were not remembered has nothing to compare with:
		// it is one that came into the window because newer ones were removed.
		.filter(([uid]) => uid <= cursor.lastUid && (counted || known?.has(uid) === true))
		.map(([uid, flagged]) => ({ uid, ...flagged, before: known?.get(uid) }))
		.filter(isChange)
		.filter((change) => matters(change, settings.flags))
		.sort((a, b) => Number(a.modSeq - b.modSeq) || a.uid - b.uid);
	const wanted = await matching(poll, changes);
	const { items, done } = await changeItems(poll, wanted, counted ? 'CONDSTORE' : 'comparison');
	const waiting = new Set(wanted.filter(({ uid }) => !done.has(uid)).map(({ uid }) => uid));
	const left = wanted.find(({ uid }) => waiting.has(uid));
	const remembered = new Map(known);
	for (const [uid, { flags }] of now) {
		// What is left stays as it was, so that the next poll finds it changed.
		if (!waiting.has(uid)) remembered.set(uid, flags);
	}
	const next: MailboxCursor = {
		...cursor,
		...identityOf(mailbox),
		lastUid: Math.max(highest, cursor.lastUid),
		flagSets: writeFlagSets(remembered, settings.watchNewest),
	};
	delete next.flags;
	// One change of many messages counts them all alike, so those of the same count are asked for again.
	const reached = left ? left.modSeq - 1n : mailbox.highestModSeq;
	if (reached === undefined || (left && !counted)) delete next.modSeq;
	else next.modSeq = String(reached);
	return { items, cursor: next };
}

/** Whether the server can tell what has changed: a count that started over says nothing about it. */
function isCounted({ highestModSeq }: SelectedMailbox, { modSeq }: MailboxCursor): boolean {
	return highestModSeq !== undefined && modSeq !== undefined && highestModSeq >= BigInt(modSeq);
}

async function changeItems(
	poll: MailboxPoll,
	changes: readonly Change[],
	detectedBy: string,
): Promise<Pick<PollResult, 'items'> & { done: ReadonlySet<number> }> {
	const byUid = new Map(changes.map((change) => [change.uid, change]));
	const fields = (uid: number): IDataObject => ({
		...changeFields(byUid.get(uid) as Change),
		detectedBy,
	});
	const uids = changes.map(({ uid }) => uid);
	const { items, handled, unreadable } = await messageItems(poll, uids, fields);
	for (const [uid, reason] of unreadable) {
		items.push(unreadableItem(poll, uid, reason, fields(uid)));
	}
	return { items, done: new Set([...handled, ...unreadable.keys()]) };
}

async function baseline(poll: MailboxPoll): Promise<MailboxCursor> {
	const { mailbox, settings } = poll;
	const flags = new Map<number, string>();
	for (const [uid, flagged] of await fetchFlags(poll, undefined)) flags.set(uid, flagged.flags);
	const { highestModSeq } = mailbox;
	return {
		...identityOf(mailbox),
		lastUid: await highestUid(poll),
		flagSets: writeFlagSets(flags, settings.watchNewest),
		...(highestModSeq === undefined ? {} : { modSeq: String(highestModSeq) }),
	};
}

/** What has changed; nothing but removals is believed only if SEARCH confirms it. */
async function flagsSince(
	poll: MailboxPoll,
	since: bigint | undefined,
): Promise<Map<number, Flagged>> {
	const { open, mailbox } = poll;
	const found = await fetchFlags(poll, since);
	if (since === undefined || found.size > 0 || mailbox.exists === 0) return found;
	const uids = await open.search({ modSeq: since + 1n });
	if (uids.length === 0) return found;
	throw new Imap4Error(
		'MALFORMED',
		`The server reports changed flags of ${uids.length} messages in "${mailbox.name}" in SEARCH, and returns none of them in FETCH`,
		{ command: 'FETCH' },
	);
}

/** @param since mod-sequence; without it the flags of the newest messages */
async function fetchFlags(
	{ open, mailbox: { exists }, settings }: MailboxPoll,
	since: bigint | undefined,
): Promise<Map<number, Flagged>> {
	const found = new Map<number, Flagged>();
	if (exists === 0) return found;
	const messages =
		since === undefined
			? open.bySequenceNumber.fetch(`${Math.max(1, exists - settings.watchNewest + 1)}:*`, {
					uid: true,
					flags: true,
				})
			: open.fetch('1:*', { uid: true, flags: true, modSeq: true }, { changedSince: since });
	for await (const { uid, flags, modSeq = 0n } of messages) {
		// A row without flags says nothing about them.
		if (uid !== undefined && flags) found.set(uid, { flags: flagsText(flags), modSeq });
	}
	return found;
}

function difference({ before = '', flags }: Change): { added: string[]; removed: string[] } {
	return { added: flagsNotIn(before, flags), removed: flagsNotIn(flags, before) };
}

function isChange(change: Change): boolean {
	if (change.before === undefined) return true;
	const { added, removed } = difference(change);
	return added.length + removed.length > 0;
}

/** Whether one of the flags was added or removed; of a message without a past, whether it has one. */
function matters(change: Change, flags: readonly string[]): boolean {
	if (flags.length === 0) return true;
	const { added, removed } = difference(change);
	return [...added, ...removed].some((flag) => flags.includes(flag.toLowerCase()));
}

function changeFields(change: Change): IDataObject {
	const flags = splitFlags(change.flags);
	if (change.before === undefined) return { flags, added: null, removed: null };
	return { flags, ...difference(change) };
}

/** Those that match the filters. */
async function matching(
	{ open, settings: { filters } }: MailboxPoll,
	changes: readonly Change[],
): Promise<readonly Change[]> {
	if (changes.length === 0 || isUnfiltered(filters)) return changes;
	const uid = UidSet.from(changes.map((change) => change.uid));
	const query = await searchWithin(open, filters, { uid });
	const found = new Set<number>(await open.search(query));
	return changes.filter((change) => found.has(change.uid));
}
