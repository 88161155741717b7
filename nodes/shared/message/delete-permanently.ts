/** Deletes messages without a way back: STORE \Deleted, then UID EXPUNGE (RFC 4315) or EXPUNGE. */
import { deletedBesides, type OpenMailbox, type UidSet } from '../../../engine/index';
import { UserError } from '../errors/user-error';

/**
 * To be called before anything is done that ends with {@link removeForGood}.
 * @throws UserError where the server can only remove all that is marked, and others are
 */
export async function checkRemovable(mailbox: OpenMailbox, set: UidSet): Promise<void> {
	if (mailbox.capabilities.has('UIDPLUS')) return;
	const others = await mailbox.search(deletedBesides(set));
	if (others.length === 0) return;
	throw new UserError(
		`The server doesn't support UIDPLUS, and ${others.length} other messages in the mailbox are marked as deleted: removing the selected messages would remove those too. Nothing was changed.`,
		'If those can be removed, expunge the mailbox first (IMAP4 Mailbox, operation Expunge). Otherwise remove their \\Deleted flag.',
	);
}

/**
 * Removes messages of the selected mailbox, and no others.
 * @returns which way ran
 * @throws UserError as {@link checkRemovable}
 */
export async function removeForGood(mailbox: OpenMailbox, set: UidSet): Promise<string> {
	const selective = mailbox.capabilities.has('UIDPLUS');
	await checkRemovable(mailbox, set);
	await mailbox.store(set, '+FLAGS', ['\\Deleted'], { silent: true });
	await mailbox.expunge(selective ? set : undefined);
	return selective ? 'STORE+UID EXPUNGE' : 'STORE+EXPUNGE';
}
