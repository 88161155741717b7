import type { Execution } from '../../shared/execution/execution';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { eachMailbox } from '../../shared/execution/each-mailbox';

/** EXAMINE, so that \Recent is left to the user's own client. */
async function execute(execution: Execution): Promise<void> {
	await eachMailbox(execution, {
		inTurn: true,
		async run(imap, mailbox) {
			await imap.open(mailbox, { readOnly: true });
			await imap.selected.check();
			const { exists, recent, unseen, uidNext, uidValidity, flags, permanentFlags } =
				imap.mailbox ?? {};
			return {
				mailbox,
				checked: true,
				messages: exists ?? null,
				recent: recent ?? null,
				firstUnseen: unseen ?? null,
				uidNext: uidNext ?? null,
				uidValidity: uidValidity ?? null,
				flags: flags ?? [],
				permanentFlags: permanentFlags ?? [],
			};
		},
	});
}

export const check: Operation = {
	name: 'Check',
	value: 'check',
	description: 'Request a checkpoint of a mailbox and return its message counts (EXAMINE, CHECK)',
	action: 'Check a mailbox for new messages',
	properties: [mailboxLocator()],
	execute,
};
