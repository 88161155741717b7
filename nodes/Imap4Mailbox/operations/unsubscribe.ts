import type { Execution } from '../../shared/execution';
import { mailboxLocator } from '../../shared/mailbox-locator';
import type { Operation } from '../../shared/operation';
import { eachMailbox } from '../../shared/each-mailbox';

async function execute(execution: Execution): Promise<void> {
	await eachMailbox(execution, {
		inTurn: false,
		sameFor: () => null,
		async run(imap, mailbox) {
			await imap.unsubscribe(mailbox);
			return { mailbox, subscribed: false };
		},
	});
}

export const unsubscribe: Operation = {
	name: 'Unsubscribe',
	value: 'unsubscribe',
	description: 'Take a mailbox off those that mail clients show (UNSUBSCRIBE)',
	action: 'Unsubscribe from a mailbox',
	properties: [mailboxLocator()],
	execute,
};
