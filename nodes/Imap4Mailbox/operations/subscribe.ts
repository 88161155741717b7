import type { Execution } from '../../shared/execution/execution';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { dryRunProperties, isDryRun } from '../../shared/execution/safeguards';
import { eachMailbox } from '../../shared/execution/each-mailbox';

async function execute(execution: Execution): Promise<void> {
	await eachMailbox(execution, {
		inTurn: false,
		sameFor: (item) => isDryRun(execution, item),
		async run(imap, mailbox, item) {
			if (isDryRun(execution, item)) return { dryRun: true, mailbox };
			await imap.subscribe(mailbox);
			return { mailbox, subscribed: true };
		},
	});
}

export const subscribe: Operation = {
	name: 'Subscribe',
	value: 'subscribe',
	description: 'Show a mailbox in mail clients (SUBSCRIBE)',
	action: 'Subscribe to a mailbox',
	properties: [mailboxLocator(), ...dryRunProperties()],
	execute,
};
