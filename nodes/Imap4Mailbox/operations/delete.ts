import type { Execution } from '../../shared/execution/execution';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { checkCount, readSafeguards, safeguardProperties } from '../../shared/execution/safeguards';
import { checkNotInbox } from '../inbox';
import { eachMailbox } from '../../shared/execution/each-mailbox';

async function execute(execution: Execution): Promise<void> {
	await eachMailbox(execution, {
		inTurn: true,
		async run(imap, mailbox, item) {
			const safeguards = readSafeguards(execution, item);
			checkNotInbox(mailbox, 'deleted');
			if (safeguards.dryRun || safeguards.stopIfMoreThan > 0) {
				const withSize = imap.capabilities.has('STATUS=SIZE');
				const { messages = 0, size } = await imap.status(
					mailbox,
					withSize ? ['messages', 'size'] : ['messages'],
				);
				checkCount(messages, safeguards);
				if (safeguards.dryRun) {
					return { dryRun: true, mailbox, count: messages, size: size ?? null };
				}
			}
			await imap.deleteMailbox(mailbox);
			return { deleted: true, mailbox };
		},
	});
}

export const deleteMailbox: Operation = {
	name: 'Delete',
	value: 'delete',
	description: 'Permanently delete a mailbox and all messages in it (DELETE)',
	action: 'Delete a mailbox',
	properties: [
		mailboxLocator({ description: 'The mailbox to delete', standard: '' }),
		...safeguardProperties,
	],
	execute,
};
