/** What STATUS alone is enough for, so that of many mailboxes only those where something happened are opened. */
import type { MailboxStatus } from '../../engine/index';
import type { MailboxCursor } from './cursor';
import { modSeqOf, uidValidityOf } from './mailbox-poll';
import type { Settings } from './settings';
import { uidsIn } from './uid-sets';

/** Number of mailboxes up to which each is opened to remember the flags of its messages. */
const OPENED_FOR_FLAGS = 20;

/** The first cursor of a mailbox that is watched from now on. */
export function statusCursor(
	{ event, includeExisting, onRenumbered }: Settings,
	status: MailboxStatus | undefined,
	count: number,
): MailboxCursor {
	const uidValidity = status ? uidValidityOf(status) : null;
	const { uidNext, messages = 0 } = status ?? {};
	const highestModSeq = status && modSeqOf(status);
	const unopened: MailboxCursor = { uidValidity, lastUid: 0, baseline: true };
	if (event === 'messageReceived' && includeExisting) return { uidValidity, lastUid: 0 };
	// So many messages have UIDs up to that number at least: a smaller UIDNEXT is wrong.
	if (uidNext === undefined || uidNext <= messages) return unopened;
	const lastUid = uidNext - 1;
	if (event === 'messageReceived' && onRenumbered !== 'rescan') {
		return { uidValidity, lastUid, uidNext, exists: messages };
	}
	if (event === 'flagsChanged' && count > OPENED_FOR_FLAGS && highestModSeq) {
		return { uidValidity, lastUid, modSeq: String(highestModSeq) };
	}
	return unopened;
}

/** Whether two items of STATUS are both known and not the same: a server may leave out any of them. */
export const differ = (now: unknown, then: unknown): boolean =>
	now !== undefined && then !== undefined && now !== then;

/** Whether STATUS shows that nothing can have happened since the last poll. */
export function isUnchanged(
	{ event }: Settings,
	cursor: MailboxCursor,
	status: MailboxStatus | undefined,
): boolean {
	if (!status || cursor.baseline || cursor.fromNow || cursor.uidValidity !== uidValidityOf(status))
		return false;
	const { uidNext, messages } = status;
	const modSeq = modSeqOf(status);
	const sameModSeq = modSeq !== undefined && cursor.modSeq === String(modSeq);
	switch (event) {
		case 'messageReceived':
			return !hasMore(cursor) && hasNothingNew(cursor, { uidNext, exists: messages });
		case 'flagsChanged':
			return sameModSeq;
		case 'messageRemoved':
			if (cursor.known === undefined) return false;
			// A removal lowers the number of messages, and only an arrival raises it, and UIDNEXT with it.
			return (
				sameModSeq ||
				(uidNext !== undefined &&
					uidNext === cursor.uidNext &&
					messages === uidsIn(cursor.known).length)
			);
		default:
			return false;
	}
}

/**
 * Whether no message can have arrived. UIDNEXT has to be the same, and where the number of messages is known
 * it must not have grown: some servers report a UIDNEXT that is out of date.
 */
export function hasNothingNew(
	cursor: MailboxCursor,
	{ uidNext, exists }: { uidNext?: number; exists?: number },
): boolean {
	if (uidNext === undefined || cursor.wrongUidNext) return false;
	if (exists !== undefined && cursor.exists !== undefined && exists > cursor.exists) return false;
	// Cursors of versions before 0.2 do not have what UIDNEXT and the number of messages were.
	const before = cursor.uidNext ?? (cursor.exists === undefined ? cursor.lastUid + 1 : undefined);
	return uidNext === before && uidNext > cursor.lastUid;
}

/** Whether the cursor has something to do though nothing is new. */
function hasMore({ queue, pending, inFlight = {}, held, suspects }: MailboxCursor): boolean {
	const waits = [queue, pending, held, suspects].some((one) => one !== undefined);
	return waits || Object.keys(inFlight).length > 0;
}
