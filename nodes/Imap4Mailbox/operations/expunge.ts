import type { Execution } from '../../shared/execution/execution';
import { openMailbox } from '../../shared/mailbox/open-mailbox';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import {
	checkCount,
	dryRunReport,
	readSafeguards,
	safeguardProperties,
} from '../../shared/execution/safeguards';
import { UidSet } from '../../../engine/index';
import { eachMailbox } from '../../shared/execution/each-mailbox';

async function execute(execution: Execution): Promise<void> {
	await eachMailbox(execution, {
		inTurn: true,
		async run(imap, mailbox, item) {
			const safeguards = readSafeguards(execution, item);
			const { uidValidity } = await openMailbox(imap, mailbox, { readOnly: safeguards.dryRun });
			const uids = await imap.selected.search({ deleted: true });
			checkCount(uids.length, safeguards);
			if (safeguards.dryRun) {
				return { ...(await dryRunReport(imap, mailbox, uids)), uidValidity: uidValidity ?? null };
			}
			const none = uids.length === 0;
			const selective = imap.capabilities.has('UIDPLUS');
			// What someone else marks meanwhile was not counted, and so stays where the server lets us choose.
			const removed = none ? undefined : await imap.selected.expunge(selective ? uids : undefined);
			return {
				mailbox,
				uidValidity: uidValidity ?? null,
				expunged: removed?.uids?.size ?? removed?.sequenceNumbers.length ?? 0,
				uids: none ? '' : UidSet.from(uids).toString(),
				via: none ? 'SEARCH' : selective ? 'UID EXPUNGE' : 'EXPUNGE',
			};
		},
	});
}

export const expunge: Operation = {
	name: 'Expunge',
	value: 'expunge',
	description: 'Permanently remove messages marked as deleted (EXPUNGE)',
	action: 'Remove messages marked as deleted',
	properties: [mailboxLocator(), ...safeguardProperties],
	execute,
};
