/**
 * What is done with messages after delivery. It is done at the next poll: by then n8n has the items and
 * the cursor. Done at once, a crash in between would leave a message marked or moved that no workflow
 * has ever seen.
 */
import { UidSet } from '../../engine/index';
import { MailboxResolver } from '../shared/mailbox/mailbox-resolver';
import { checkPermitted } from '../shared/mailbox/permitted-flags';
import type { MailboxCursor } from './cursor';
import type { MailboxPoll } from './mailbox-poll';

/** Whether the mailbox has to be opened for changes. */
export function hasPending(cursor: MailboxCursor | undefined): boolean {
	return cursor?.pending !== undefined;
}

/**
 * What is refused stays pending. New messages do not wait for it: a full archive must not stop the mail.
 * @returns what was refused
 * @throws Imap4AbortError if the connection breaks
 */
export async function runPostDelivery(
	poll: MailboxPoll,
	cursor: MailboxCursor,
): Promise<Error | undefined> {
	try {
		await doPending(poll, cursor);
		return undefined;
	} catch (error) {
		if (poll.imap.closedBy) throw error;
		return error as Error;
	}
}

async function doPending(
	{ imap, open, mailbox, account, settings: { after } }: MailboxPoll,
	cursor: MailboxCursor,
): Promise<void> {
	if (cursor.pending === undefined) return;
	const set = UidSet.from(cursor.pending);
	// Messages that are gone meanwhile are not an error: the workflow may have moved them (RFC 9051 §6.4.8).
	const there = await open.search({ uid: set });
	if (there.length > 0) {
		const uids = UidSet.from(there);
		const silent = { silent: true };
		if (after.do === 'markRead') await open.store(uids, '+FLAGS', ['\\Seen'], silent);
		if (after.do === 'keyword') {
			checkPermitted(mailbox, [after.keyword]);
			await open.store(uids, '+FLAGS', [after.keyword], silent);
		}
		if (after.do === 'move') {
			await new MailboxResolver(imap, account.identity).storingIn(after.to, true, async (to) => {
				// There it would get a new UID, and be delivered again.
				if (to !== mailbox.name) await open.move(uids, to);
			});
		}
	}
	delete cursor.pending;
}
