import type { Execution } from '../../shared/execution/execution';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { eachMailbox } from '../../shared/execution/each-mailbox';
import { dryRunProperties, isDryRun } from '../../shared/execution/safeguards';
import { checkNotInbox } from '../inbox';
import { readPath } from '../path';

async function execute(execution: Execution): Promise<void> {
	await eachMailbox(execution, {
		inTurn: true,
		async run(imap, from, item, resolver) {
			const newPath = readPath(execution, item, 'newPath');
			const { name: mailbox, requested } = await resolver.nameForNew(newPath);
			checkNotInbox(from, 'renamed');
			const more = requested === undefined ? {} : { requestedPath: requested };
			if (isDryRun(execution, item)) return { dryRun: true, mailbox, from, ...more };
			await imap.renameMailbox(from, mailbox);
			return { mailbox, renamed: true, from, ...more };
		},
	});
}

export const rename: Operation = {
	name: 'Rename',
	value: 'rename',
	description: 'Rename or move a mailbox together with its child mailboxes (RENAME)',
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
	execute,
};
