import type { INodeProperties } from 'n8n-workflow';
import type { Imap4, SearchQuery } from '../../../engine/index';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import {
	fetchOutputs,
	outputProperties,
	readOutputOptions,
} from '../../shared/message/message-output';
import type { Operation } from '../../shared/execution/operation';
import { exactQuery } from '../../shared/message/exact-times';
import { filtersProperty } from '../../shared/message/filter-fields';
import { readFilters } from '../../shared/message/search-filters';
import { eachRequest, limitProperties, readLimit } from '../../shared/execution/mailbox-requests';
import { readSort, sortedUids, sortProperty, type SortRule } from '../sort-order';

const properties: INodeProperties[] = [
	mailboxLocator(),
	...limitProperties,
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
	sortProperty,
	filtersProperty,
	...outputProperties,
];

interface Order {
	newestFirst: boolean;
	/** Counts in place of `newestFirst` where there is something in it. */
	sort: readonly SortRule[];
}

async function find(
	imap: Imap4,
	query: SearchQuery,
	{ newestFirst, sort }: Order,
): Promise<{ uids: number[]; via?: string }> {
	if (sort.length > 0) return sortedUids(imap, query, sort);
	const uids = await imap.search(query, { uid: true });
	// UIDs ascend by arrival (RFC 9051 §2.3.1.1), the server's answer need not.
	return { uids: uids.sort((a, b) => (newestFirst ? b - a : a - b)) };
}

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getMany',
	description:
		'Find messages by filters, newest first, and leave them unread (SEARCH, SORT, FETCH)',
	action: 'Search for messages',
	foreignText: true,
	properties,
	execute: (execution) =>
		eachRequest(execution, {
			read: (item) => ({
				filters: readFilters(execution.context, item),
				limit: readLimit(execution, item),
				order: {
					newestFirst: execution.parameter<string>('order', item, 'newest') === 'newest',
					sort: readSort(execution, item),
				},
				output: readOutputOptions(execution, item),
			}),
			async run(imap, mailbox, item, { filters, limit, order, output }) {
				const query = await exactQuery(imap, filters);
				const { uids, via } = await find(imap, query, order);
				const some = uids.slice(0, limit);
				await fetchOutputs(execution, imap, mailbox, some, output, (_uid, json, binary) =>
					execution.emit(item, via === undefined ? json : { ...json, via }, binary),
				);
			},
		}),
};
