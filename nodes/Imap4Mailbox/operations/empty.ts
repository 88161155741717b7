import type { INodeProperties } from 'n8n-workflow';
import { openMailbox } from '../../shared/mailbox/open-mailbox';
import { UidSet, type OpenMailbox, type Uid } from '../../../engine/index';
import { notRemoved } from '../../shared/execution/kept-messages';
import { onMailbox, type MailboxTask } from '../../shared/execution/on-mailbox';
import type { Execution } from '../../shared/execution/execution';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import { strictWholeNumber } from '../../shared/fields/strict-values';
import type { Operation } from '../../shared/execution/operation';
import { removeForGood } from '../../shared/message/delete-permanently';
import {
	checkCount,
	dryRunReport,
	readStopIfMoreThan,
	safeguardProperties,
} from '../../shared/execution/safeguards';
import { exactQuery, type MessageFilters } from '../../shared/message/exact-times';
import { notice } from '../../shared/fields/notice';
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

/** An empty expression must not turn "older than" into "all". @throws UserError */
const readDays = (execution: Execution, item: number): number =>
	strictWholeNumber(execution.parameter<unknown>('olderThanDays', item, 0), 'Older Than (Days)', {
		max: 100_000,
	});

function olderThan(days: number, timeZone: string): MessageFilters {
	const until = startOfDay(dayBefore(new Date(), days, timeZone), timeZone, 'Older Than (Days)');
	return { query: {}, received: { until }, sent: {} };
}

interface Emptying {
	stopIfMoreThan: number;
	/** Days; 0 for all messages. */
	olderThan: number;
}

interface Found {
	mailbox: OpenMailbox;
	uids: Uid[];
}

/** @throws UserError if there are more messages than allowed */
async function find({
	execution,
	imap,
	mailbox: name,
	settings,
	dryRun,
}: MailboxTask<Emptying>): Promise<Found> {
	const { olderThan: days, stopIfMoreThan } = settings;
	const mailbox = await openMailbox(imap, name, { readOnly: dryRun });
	const query =
		days === 0
			? { all: true as const }
			: await exactQuery(mailbox, olderThan(days, execution.context.getTimezone()));
	const uids = await mailbox.search(query);
	checkCount(uids.length, stopIfMoreThan);
	return { mailbox, uids };
}

export const empty: Operation = {
	name: 'Empty',
	value: 'empty',
	description:
		'Permanently delete all messages in a mailbox, or only old ones, but keep the mailbox (STORE \\Deleted, EXPUNGE)',
	forModel:
		'Use it only when asked to empty this mailbox, such as the trash. The messages cannot be restored. Returns how many were deleted. Never deletes the mailbox itself.',
	action: 'Empty a mailbox',
	repeatable: true,
	properties: [
		mailboxLocator({ standard: '' }),
		olderThanProperty,
		notice(
			'emptyNotice',
			'Messages that are deleted cannot be restored, not even from the trash.',
			{},
		),
		...safeguardProperties,
	],
	execute: onMailbox({
		// Each opens its mailbox.
		atOnce: 1,
		read: (execution, item) => ({
			stopIfMoreThan: readStopIfMoreThan(execution, item),
			olderThan: readDays(execution, item),
		}),
		async dryRun(task) {
			const { mailbox, uids } = await find(task);
			const report = await dryRunReport(mailbox, uids);
			return { ...report, uidValidity: mailbox.uidValidity ?? null };
		},
		async run(task) {
			const { execution, mailbox: name } = task;
			const { mailbox, uids } = await find(task);
			const done = { deleted: true, mailbox: name, uidValidity: mailbox.uidValidity ?? null };
			if (uids.length === 0) return { ...done, count: 0, uids: '', via: 'SEARCH' };
			execution.checkCancelled();
			const set = UidSet.from(uids);
			const { via, kept } = await removeForGood(mailbox, set);
			if (kept.size > 0) throw notRemoved(kept.size);
			return { ...done, count: uids.length, uids: set.toString(), via };
		},
	}),
};
