/** Deletes messages without a way back: STORE \Deleted, then UID EXPUNGE (RFC 4315) or EXPUNGE. */
import {
	deletedBesides,
	type Moved,
	type OpenMailbox,
	type Uid,
	type UidSet,
} from '../../../engine/index';
import { UserError } from '../errors/user-error';
import { checkPermitted } from '../mailbox/permitted-flags';

/**
 * To be called before anything is done that ends with {@link removeForGood}.
 * @throws UserError where the account may not mark messages as deleted, or where the server can only remove all
 * that is marked, and others are
 */
export async function checkRemovable(mailbox: OpenMailbox, set: UidSet): Promise<void> {
	checkPermitted(mailbox, ['\\Deleted']);
	if (mailbox.capabilities.has('UIDPLUS')) return;
	const others = await mailbox.search(deletedBesides(set));
	if (others.length === 0) return;
	throw new UserError(
		`The server doesn't support UIDPLUS, and ${others.length} other messages in the mailbox are marked as deleted: removing the selected messages would remove those too. Nothing was changed.`,
		'If those can be removed, expunge the mailbox first (IMAP4 Mailbox, operation Expunge). Otherwise remove their \\Deleted flag.',
	);
}

interface Kept {
	/** Messages that are still there, although the server refused nothing. */
	kept: ReadonlySet<Uid>;
}

const NONE: ReadonlySet<Uid> = new Set();

/**
 * MOVE, or by hand what it does. A message that is copied and can't be removed would be copied again by each run, so
 * that is found out before the copy.
 * @throws UserError as {@link checkRemovable}
 */
export async function moveAway(
	mailbox: OpenMailbox,
	set: UidSet,
	to: string,
): Promise<Moved & Kept> {
	const moved = await mailbox.move(set, to, { beforeCopy: () => checkRemovable(mailbox, set) });
	return { ...moved, kept: moved.via === 'MOVE' ? NONE : await stillThere(mailbox, set) };
}

export interface Removed extends Kept {
	/** Which way ran. */
	via: string;
}

/**
 * Removes messages of the selected mailbox, and no others.
 * @throws UserError as {@link checkRemovable}
 */
export async function removeForGood(mailbox: OpenMailbox, set: UidSet): Promise<Removed> {
	const selective = mailbox.capabilities.has('UIDPLUS');
	await checkRemovable(mailbox, set);
	await mailbox.store(set, '+FLAGS', ['\\Deleted'], { silent: true });
	const { uids, sequenceNumbers } = await mailbox.expunge(selective ? set : undefined);
	const via = selective ? 'STORE+UID EXPUNGE' : 'STORE+EXPUNGE';
	const removed = uids?.size ?? sequenceNumbers.length;
	// To an account that lacks the right, some servers say OK and do nothing (RFC 4314 §4).
	const kept = removed >= set.size ? NONE : await stillThere(mailbox, set);
	return { via, kept };
}

/** GNU imap4d finds others than were asked for. */
async function stillThere(mailbox: OpenMailbox, set: UidSet): Promise<ReadonlySet<Uid>> {
	const found = await mailbox.search({ uid: set });
	return new Set(found.filter((uid) => set.includes(uid)));
}
