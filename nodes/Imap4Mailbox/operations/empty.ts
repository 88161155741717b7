import type { INodeProperties } from 'n8n-workflow';
import { openMailbox } from '../../shared/mailbox/open-mailbox';
import { UidSet } from '../../../engine/index';
import { eachMailbox } from '../../shared/execution/each-mailbox';
import type { Execution } from '../../shared/execution/execution';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import { UserError } from '../../shared/errors/user-error';
import type { Operation } from '../../shared/execution/operation';
import { removeForGood } from '../../shared/message/delete-permanently';
import {
	checkCount,
	dryRunReport,
	readSafeguards,
	safeguardProperties,
} from '../../shared/execution/safeguards';
import { exactQuery, type MessageFilters } from '../../shared/message/exact-times';
import { dayBefore, startOfDay } from '../../shared/fields/workflow-time';

const olderThanProperty: INodeProperties = {
	displayName: 'Older Than (Days)',
	name: 'olderThanDays',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description:
		'Only delete messages received more than this many calendar days ago; 0 deletes all messages',
};

/** @throws UserError */
function readDays(execution: Execution, item: number): number {
	const given = execution.parameter<unknown>('olderThanDays', item, 0);
	const text = typeof given === 'number' ? String(given) : given;
	// An expression that came out empty must not turn "older than" into "all".
	const days = typeof text === 'string' && text.trim() !== '' ? Number(text) : NaN;
	if (Number.isSafeInteger(days) && days >= 0 && days <= 100_000) return days;
	throw new UserError('"Older Than (Days)" must be a whole number, 0 or greater');
}

function olderThan(days: number, timeZone: string): MessageFilters {
	const until = startOfDay(dayBefore(new Date(), days, timeZone), timeZone, 'Older Than (Days)');
	return { query: {}, received: { until }, sent: {} };
}

async function execute(execution: Execution): Promise<void> {
	await eachMailbox(execution, {
		inTurn: true,
		async run(imap, mailbox, item) {
			const safeguards = readSafeguards(execution, item);
			const days = readDays(execution, item);
			const { uidValidity = null } = await openMailbox(imap, mailbox, {
				readOnly: safeguards.dryRun,
			});
			const query =
				days === 0
					? { all: true as const }
					: await exactQuery(imap, olderThan(days, execution.context.getTimezone()));
			const uids = await imap.selected.search(query);
			checkCount(uids.length, safeguards);
			if (safeguards.dryRun) return { ...(await dryRunReport(imap, mailbox, uids)), uidValidity };
			if (uids.length === 0) {
				return { deleted: true, mailbox, uidValidity, count: 0, uids: '', via: 'SEARCH' };
			}
			execution.checkCancelled();
			const set = UidSet.from(uids);
			const via = await removeForGood(imap, set);
			return { deleted: true, mailbox, uidValidity, count: uids.length, uids: set.toString(), via };
		},
	});
}

export const empty: Operation = {
	name: 'Empty',
	value: 'empty',
	description:
		'Permanently delete all messages in a mailbox, or only old ones, but keep the mailbox (STORE \\Deleted, EXPUNGE)',
	action: 'Empty a mailbox',
	properties: [mailboxLocator({ standard: '' }), olderThanProperty, ...safeguardProperties],
	execute,
};
