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
	const { uidNext } = status ?? {};
	const highestModSeq = status && modSeqOf(status);
	const unopened: MailboxCursor = { uidValidity, lastUid: 0, baseline: true };
	if (event === 'messageReceived' && includeExisting) return { uidValidity, lastUid: 0 };
	if (uidNext === undefined || uidNext === 0) return unopened;
	const lastUid = uidNext - 1;
	if (event === 'messageReceived' && onRenumbered !== 'rescan') return { uidValidity, lastUid };
	if (event === 'flagsChanged' && count > OPENED_FOR_FLAGS && highestModSeq) {
		return { uidValidity, lastUid, modSeq: String(highestModSeq) };
	}
	return unopened;
}

/** Whether STATUS shows that nothing can have happened since the last poll. */
export function isUnchanged(
	{ event }: Settings,
	cursor: MailboxCursor,
	status: MailboxStatus | undefined,
): boolean {
	if (!status || cursor.baseline || cursor.uidValidity !== uidValidityOf(status)) return false;
	const { uidNext, messages } = status;
	const sameModSeq = cursor.modSeq !== undefined && cursor.modSeq === String(modSeqOf(status));
	switch (event) {
		case 'messageReceived':
			return uidNext === cursor.lastUid + 1 && !hasMore(cursor);
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

/** Whether the cursor has something to do though nothing is new. */
function hasMore({ queue, pending, inFlight = {}, held, suspects }: MailboxCursor): boolean {
	const waits = [queue, pending, held, suspects].some((one) => one !== undefined);
	return waits || Object.keys(inFlight).length > 0;
}
