import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { dryRunProperties } from '../../shared/execution/safeguards';
import { MANY } from '../../shared/execution/on-account';
import { onMailbox } from '../../shared/execution/on-mailbox';

export const unsubscribe: Operation = {
	name: 'Unsubscribe',
	value: 'unsubscribe',
	description: 'Hide a mailbox in mail clients (UNSUBSCRIBE)',
	action: 'Unsubscribe from a mailbox',
	properties: [mailboxLocator(), ...dryRunProperties()],
	execute: onMailbox({
		atOnce: MANY,
		sharesAnswers: true,
		dryRun: ({ mailbox }) => ({ dryRun: true, mailbox }),
		async run({ imap, mailbox }) {
			await imap.unsubscribe(mailbox);
			return { mailbox, subscribed: false };
		},
	}),
};
