import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { onMailbox } from '../../shared/execution/on-mailbox';

export const check: Operation = {
	name: 'Check',
	value: 'check',
	description: 'Request a checkpoint of a mailbox and return its message counts (EXAMINE, CHECK)',
	forModel:
		'Use it to see how many messages a mailbox holds now. Returns its counts and its UIDVALIDITY.',
	action: 'Check a mailbox for new messages',
	properties: [mailboxLocator()],
	execute: onMailbox({
		// Each opens its mailbox: EXAMINE, so that \Recent is left to the user's own client.
		atOnce: 1,
		async run({ imap, mailbox }) {
			const open = await imap.open(mailbox, { readOnly: true });
			await open.check();
			return {
				mailbox,
				checked: true,
				messages: open.exists,
				recent: open.recent,
				firstUnseen: open.unseen ?? null,
				uidNext: open.uidNext ?? null,
				uidValidity: open.uidValidity ?? null,
				flags: [...open.flags],
				permanentFlags: [...open.permanentFlags],
			};
		},
	}),
};
