/**
 * Messages that are there and cannot be read. They wait apart, so that nothing after them waits, are
 * tried again in later polls, and are returned as items that say so after a few of them.
 */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Uid } from '../../engine/index';
import { formatAddresses } from '../../mail/address/format-addresses';
import { summaryOfHeader } from '../../mail/header/header-summary';
import { RawHeader } from '../../mail/header/raw-header';
import type { Held, MailboxCursor } from './cursor';
import { itemId, referenceOf, type MailboxPoll } from './mailbox-poll';
import { readLittle, reasonFor } from '../shared/message/message-reading';
import { type BrokenFetch, presentUids } from './message-items';
import { setOf } from './uid-sets';

/** Polls that try to read a message before it is returned as unreadable. */
const MOST_TRIES = 3;

/** UIDs that this poll tries again. */
export const heldUids = (cursor: MailboxCursor): number[] => retriedUids(cursor, false);

/** The same of messages at which the connection broke. */
export const breakingUids = (cursor: MailboxCursor): number[] => retriedUids(cursor, true);

function retriedUids({ held = {} }: MailboxCursor, broke: boolean): number[] {
	// By UID, as the keys of an object are that are whole numbers.
	return Object.entries(held)
		.filter(([, one]) => one.tries < MOST_TRIES && (one.broke === true) === broke)
		.map(([uid]) => Number(uid));
}

/** Notes what came of trying: `handled` ones are done, `unreadable` ones wait. */
export function noteHeld(
	cursor: MailboxCursor,
	handled: readonly number[],
	unreadable: ReadonlyMap<number, string>,
): void {
	const held = cursor.held ?? {};
	for (const uid of handled) delete held[uid];
	for (const [uid, reason] of unreadable) {
		held[uid] = { tries: (held[uid]?.tries ?? 0) + 1, reason };
	}
	if (Object.keys(held).length > 0) cursor.held = held;
	else delete cursor.held;
}

/** Notes at which messages the connection broke. A single one may be the cause, and is held. */
export function noteBroken(cursor: MailboxCursor, { uids, cause }: BrokenFetch): void {
	const [uid, ...others] = uids;
	if (uid === undefined) return;
	if (others.length > 0) {
		cursor.suspects = setOf(uids);
		return;
	}
	const held = (cursor.held ??= {});
	const tries = (held[uid]?.tries ?? 0) + 1;
	held[uid] = { tries, reason: reasonFor(cause), broke: true };
}

/** Items for the messages that were tried often enough; takes them off the cursor's list. */
export async function unreadableItems(
	poll: MailboxPoll,
	cursor: MailboxCursor,
	room: number,
): Promise<INodeExecutionData[]> {
	const held = cursor.held ?? {};
	const over = Object.entries(held)
		.filter(([, { tries }]) => tries >= MOST_TRIES)
		.map(([uid, one]): [number, Held] => [Number(uid), one])
		.slice(0, Math.max(0, room));
	const uids = over.map(([uid]) => uid);
	const there = new Set(await presentUids(poll.open, uids));
	const items: INodeExecutionData[] = [];
	for (const [uid, one] of over) {
		if (there.has(uid)) {
			const little = one.broke ? {} : await littleOf(poll, uid);
			items.push(unreadableItem(poll, uid, one.reason, little));
		}
		delete held[uid];
	}
	if (Object.keys(held).length === 0) delete cursor.held;
	return items;
}

export function unreadableItem(
	poll: MailboxPoll,
	uid: number,
	reason: string,
	more: IDataObject = {},
): INodeExecutionData {
	return {
		json: {
			id: itemId(poll, uid),
			event: poll.settings.event,
			...referenceOf(poll, uid),
			unreadable: reason,
			...more,
		},
	};
}

/** What a server has even where it cannot read the message. */
async function littleOf({ open }: MailboxPoll, uid: number): Promise<IDataObject> {
	const { message, header } = await readLittle(open, uid as Uid);
	if (!message) return {};
	const { subject, from } = header ? summaryOfHeader(new RawHeader(header)) : {};
	return {
		...(subject ? { subject } : {}),
		...(from ? { from: formatAddresses(from) } : {}),
		size: message.size ?? null,
		flags: message.flags ?? null,
	};
}
