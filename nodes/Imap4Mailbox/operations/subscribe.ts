import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { dryRunProperties } from '../../shared/execution/safeguards';
import { MANY } from '../../shared/execution/on-account';
import { onMailbox } from '../../shared/execution/on-mailbox';

export const subscribe: Operation = {
	name: 'Subscribe',
	value: 'subscribe',
	description: 'Show a mailbox in mail clients (SUBSCRIBE)',
	action: 'Subscribe to a mailbox',
	properties: [mailboxLocator(), ...dryRunProperties()],
	execute: onMailbox({
		atOnce: MANY,
		sharesAnswers: true,
		dryRun: ({ mailbox }) => ({ dryRun: true, mailbox }),
		async run({ imap, mailbox }) {
			await imap.subscribe(mailbox);
			return { mailbox, subscribed: true };
		},
	}),
};
