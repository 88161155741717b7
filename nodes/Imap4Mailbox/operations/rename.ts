import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { onMailbox, type MailboxTask } from '../../shared/execution/on-mailbox';
import { dryRunProperties } from '../../shared/execution/safeguards';
import { checkNotInbox } from '../inbox';
import { readPath } from '../path';

interface Renaming {
	from: string;
	mailbox: string;
	/** What the user wrote, where the server's name for it is another one. */
	requested: string | undefined;
}

/** @throws UserError if it must not be renamed */
async function planned({
	resolver,
	mailbox: from,
	settings: newPath,
}: MailboxTask<string>): Promise<Renaming> {
	const { name: mailbox, requested } = await resolver.nameForNew(newPath);
	checkNotInbox(from, 'renamed');
	return { from, mailbox, requested };
}

const more = (requested: string | undefined) =>
	requested === undefined ? {} : { requestedPath: requested };

export const rename: Operation = {
	name: 'Rename',
	value: 'rename',
	description: 'Rename or move a mailbox together with its child mailboxes (RENAME)',
	forModel:
		'Use it to rename a mailbox or to move it below another one. Returns the old and the new path. Never renames INBOX, and never deletes messages.',
	action: 'Rename or move a mailbox',
	properties: [
		mailboxLocator({ description: 'The mailbox to rename', standard: '' }),
		{
			displayName: 'New Path',
			name: 'newPath',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. Archive/2026',
			description: 'The complete new path, including parent mailboxes',
		},
		...dryRunProperties(),
	],
	execute: onMailbox({
		atOnce: 1,
		read: (execution, item) => readPath(execution, item, 'newPath', 'New Path'),
		async dryRun(task) {
			const { from, mailbox, requested } = await planned(task);
			return { dryRun: true, mailbox, from, ...more(requested) };
		},
		async run(task) {
			const { from, mailbox, requested } = await planned(task);
			await task.imap.renameMailbox(from, mailbox);
			return { mailbox, renamed: true, from, ...more(requested) };
		},
	}),
};
