import type { INodeProperties } from 'n8n-workflow';
import type { SearchQuery } from '../../../engine/index';
import type { Account } from '../../shared/account';
import type { Execution } from '../../shared/execution';
import { mailboxLocator, readMailbox } from '../../shared/mailbox-locator';
import {
	fetchOutputs,
	outputProperties,
	readOutputOptions,
	type OutputOptions,
} from '../../shared/message-output';
import { Refusal } from '../../shared/refusal';
import type { Operation } from '../../shared/operation';
import { withConnection } from '../../shared/pool';
import { filtersProperty, readFilters } from '../../shared/search-filters';

const properties: INodeProperties[] = [
	mailboxLocator(),
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		displayOptions: { show: { returnAll: [false] } },
		default: 50,
		description: 'Max number of results to return',
	},
	{
		displayName: 'Order',
		name: 'order',
		type: 'options',
		options: [
			{ name: 'Newest First', value: 'newest' },
			{ name: 'Oldest First', value: 'oldest' },
		],
		default: 'newest',
		description: 'By arrival in the mailbox; the limit counts from there',
	},
	filtersProperty,
	...outputProperties,
];

interface Request {
	item: number;
	query: SearchQuery;
	/** Infinity for all. */
	limit: number;
	newestFirst: boolean;
	output: OutputOptions;
}

function readRequest(execution: Execution, item: number): Request {
	const all = execution.parameter('returnAll', item, false);
	const limit = all ? Infinity : Number(execution.parameter('limit', item, 50));
	if (!all && (!Number.isSafeInteger(limit) || limit < 1)) {
		throw new Refusal('"Limit" takes a whole number from 1');
	}
	return {
		item,
		query: readFilters(execution.context, item),
		limit,
		newestFirst: execution.parameter<string>('order', item, 'newest') === 'newest',
		output: readOutputOptions(execution, item),
	};
}

/** Items of the same mailbox share one EXAMINE; each has its own search. */
async function getManyFor(
	execution: Execution,
	account: Account,
	itemsOfAccount: readonly number[],
): Promise<void> {
	const byMailbox = new Map<string, Request[]>();
	for (const item of itemsOfAccount) {
		await execution.guarded([item], undefined, () => {
			const mailbox = readMailbox(execution.context, item);
			const request = readRequest(execution, item);
			byMailbox.set(mailbox, [...(byMailbox.get(mailbox) ?? []), request]);
		});
	}
	for (const [name, requests] of byMailbox) {
		execution.checkCancelled();
		const items = requests.map(({ item }) => item);
		await execution.guarded(items, name, () =>
			withConnection(
				account,
				(imap) => imap.examine(name),
				async (imap, mailbox) => {
					for (const { item, query, limit, newestFirst, output } of requests) {
						execution.checkCancelled();
						await execution.guarded([item], name, async () => {
							const found = await imap.search(query, { uid: true });
							// UIDs ascend by arrival (RFC 9051 §2.3.1.1), the server's answer need not.
							found.sort((a, b) => (newestFirst ? b - a : a - b));
							const uids = found.slice(0, limit);
							await fetchOutputs(execution, imap, mailbox, uids, output, (_uid, json, binary) =>
								execution.emit(item, json, binary),
							);
						});
					}
				},
			),
		);
	}
}

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getMany',
	description: 'Find messages by filters, newest first, and leave them unread (SEARCH, FETCH)',
	action: 'Get many messages',
	properties,
	execute: (execution) =>
		execution.eachAccount((account, items) => getManyFor(execution, account, items)),
};
