/** What mail clients show: SUBSCRIBE and UNSUBSCRIBE (RFC 9051 §6.3.7, §6.3.8). */
import { MANY } from '../shared/execution/on-account';
import { onMailbox } from '../shared/execution/on-mailbox';
import type { Work } from '../shared/execution/operation';

export const changeSubscription = (command: 'subscribe' | 'unsubscribe'): Work =>
	onMailbox({
		atOnce: MANY,
		sharesAnswers: true,
		dryRun: ({ mailbox }) => ({ dryRun: true, mailbox }),
		async run({ imap, mailbox }) {
			await imap[command](mailbox);
			return { mailbox, subscribed: command === 'subscribe' };
		},
	});
