import { openMailbox } from '../../shared/mailbox/open-mailbox';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import {
	checkCount,
	dryRunReport,
	readStopIfMoreThan,
	safeguardProperties,
} from '../../shared/execution/safeguards';
import { UidSet } from '../../../engine/index';
import { notRemoved } from '../../shared/execution/kept-messages';
import { onMailbox } from '../../shared/execution/on-mailbox';

export const expunge: Operation = {
	name: 'Expunge',
	value: 'expunge',
	description: 'Permanently remove messages marked as deleted (EXPUNGE)',
	forModel:
		'Use it to permanently remove the messages that are marked as deleted. They cannot be restored. Returns how many were removed. Never removes a message that is not marked.',
	action: 'Remove messages marked as deleted',
	repeatable: true,
	properties: [mailboxLocator(), ...safeguardProperties],
	execute: onMailbox({
		// Each opens its mailbox.
		atOnce: 1,
		read: readStopIfMoreThan,
		async dryRun({ imap, mailbox: name, settings: stopIfMoreThan }) {
			const mailbox = await openMailbox(imap, name, { readOnly: true });
			const uids = await mailbox.search({ deleted: true });
			checkCount(uids.length, stopIfMoreThan);
			const report = await dryRunReport(mailbox, uids);
			return { ...report, uidValidity: mailbox.uidValidity ?? null };
		},
		async run({ imap, mailbox: name, settings: stopIfMoreThan }) {
			const mailbox = await openMailbox(imap, name, { readOnly: false });
			const uids = await mailbox.search({ deleted: true });
			checkCount(uids.length, stopIfMoreThan);
			const none = uids.length === 0;
			const selective = imap.capabilities.has('UIDPLUS');
			// What someone else marks meanwhile was not counted, and so stays where the server lets us choose.
			const removed = none ? undefined : await mailbox.expunge(selective ? uids : undefined);
			const expunged = removed?.uids?.size ?? removed?.sequenceNumbers.length ?? 0;
			if (expunged < uids.length) {
				const set = UidSet.from(uids);
				const found = await mailbox.search({ deleted: true, uid: set });
				const kept = found.filter((uid) => set.includes(uid));
				if (kept.length > 0) throw notRemoved(kept.length);
			}
			return {
				mailbox: name,
				uidValidity: mailbox.uidValidity ?? null,
				expunged,
				uids: none ? '' : UidSet.from(uids).toString(),
				via: none ? 'SEARCH' : selective ? 'UID EXPUNGE' : 'EXPUNGE',
			};
		},
	}),
};
