import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import { notice } from '../../shared/fields/notice';
import type { Operation } from '../../shared/execution/operation';
import { onMailbox, type MailboxTask } from '../../shared/execution/on-mailbox';
import {
	checkCount,
	readStopIfMoreThan,
	safeguardProperties,
} from '../../shared/execution/safeguards';
import { checkNotInbox } from '../inbox';

/** @throws UserError if it must not be deleted, or holds more messages than allowed */
async function counted({
	imap,
	mailbox,
	settings: stopIfMoreThan,
	dryRun,
}: MailboxTask<number>): Promise<{ count: number; size: number | null }> {
	checkNotInbox(mailbox, 'deleted');
	if (!dryRun && stopIfMoreThan === 0) return { count: 0, size: null };
	const withSize = imap.capabilities.has('STATUS=SIZE');
	const { messages = 0, size } = await imap.status(
		mailbox,
		withSize ? ['messages', 'size'] : ['messages'],
	);
	checkCount(messages, stopIfMoreThan);
	return { count: messages, size: size ?? null };
}

export const deleteMailbox: Operation = {
	name: 'Delete',
	value: 'delete',
	description: 'Permanently delete a mailbox and all messages in it (DELETE)',
	forModel:
		'Use it only when asked to delete this mailbox. What is in it cannot be restored. Returns its path. Never deletes INBOX.',
	action: 'Delete a mailbox',
	properties: [
		mailboxLocator({ description: 'The mailbox to delete', standard: '' }),
		notice(
			'deleteNotice',
			'Deletes the mailbox and every message in it. They cannot be restored.',
			{},
		),
		...safeguardProperties,
	],
	execute: onMailbox({
		atOnce: 1,
		read: readStopIfMoreThan,
		async dryRun(task) {
			return { dryRun: true, mailbox: task.mailbox, ...(await counted(task)) };
		},
		async run(task) {
			const { imap, mailbox } = task;
			await counted(task);
			await imap.deleteMailbox(mailbox);
			return { deleted: true, mailbox };
		},
	}),
};
