import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { OpenMailbox, SearchQuery, Uid } from '../../../engine/index';
import { Turns } from '../../../mail/next-turn';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import { emitMessage } from '../../shared/execution/emit-message';
import { MessageReading } from '../../shared/message/message-reading';
import {
	outputProperties,
	readOutputOptions,
	type OutputOptions,
} from '../../shared/message/output-options';
import { UserError } from '../../shared/errors/user-error';
import type { Operation } from '../../shared/execution/operation';
import { exactQuery, searchWithin, type MessageFilters } from '../../shared/message/exact-times';
import { filtersProperty, textSearchNotices } from '../../shared/message/filter-fields';
import { readFilters } from '../../shared/message/search-filters';
import { inMailbox, type AcrossTask } from '../../shared/execution/in-mailbox';
import { shownWhen } from '../../shared/fields/shown-when';
import { notice } from '../../shared/fields/notice';
import { strictChoice } from '../../shared/fields/strict-values';
import { limitProperties, readLimit } from '../../shared/fields/limit';
import { nextCursor, pageProperties, pageQuery, readPage, type Page } from '../listing/page-cursor';
import { readRange, rangeProperties, type MailboxRange } from '../listing/mailbox-range';
import { emitUnopened, MailboxesResult } from '../listing/search-mailboxes';
import { readSort, sortedUids, sortProperty, type SortRule } from '../listing/sort-order';

const properties: INodeProperties[] = [
	...rangeProperties(['inbox', 'archive']),
	shownWhen({ searchIn: ['mailbox'] }, mailboxLocator()),
	...limitProperties,
	notice(
		'returnAllNotice',
		'All matching messages become items at once, which takes a lot of memory in a large mailbox. Add filters, or turn this off and use Return Page Cursor.',
		{ returnAll: [true] },
	),
	filtersProperty,
	...textSearchNotices,
	{
		displayName: 'Order',
		name: 'order',
		type: 'options',
		options: [
			{ name: 'Newest First', value: 'newest' },
			{ name: 'Oldest First', value: 'oldest' },
		],
		default: 'newest',
		description:
			'The order of arrival in the mailbox. The limit keeps the first messages in this order.',
	},
	sortProperty,
	...outputProperties,
	...pageProperties,
];

interface Request {
	filters: MessageFilters;
	limit: number;
	order: Order;
	output: OutputOptions;
	/** Undefined for one mailbox. */
	range: MailboxRange | undefined;
	/** As `found`, of several mailboxes. */
	result?: MailboxesResult;
	/** Undefined where no cursor is wanted. */
	page: Page | undefined;
	/** What was found, and how much of it is read; kept where the connection breaks. */
	found?: { reading: MessageReading; more: IDataObject };
}

interface Order {
	newestFirst: boolean;
	/** Counts in place of `newestFirst` where there is something in it. */
	sort: readonly SortRule[];
}

async function find(
	mailbox: OpenMailbox,
	query: SearchQuery,
	{ newestFirst, sort }: Order,
): Promise<{ uids: Uid[]; via?: string }> {
	if (sort.length > 0) return sortedUids(mailbox, query, sort);
	const uids = await mailbox.search(query);
	// UIDs ascend by arrival (RFC 9051 §2.3.1.1), the server's answer need not.
	return { uids: uids.sort((a, b) => (newestFirst ? b - a : a - b)) };
}

/** @param within the messages of this page and of those behind it; an empty query for all */
async function searchPage(
	mailbox: OpenMailbox,
	filters: MessageFilters,
	within: SearchQuery,
	{ limit, order }: Pick<Request, 'limit' | 'order'>,
): Promise<SearchQuery> {
	const { newestFirst, sort } = order;
	const isByArrival = sort.length === 0 && limit !== Infinity;
	// One more says whether there is another page.
	const first = isByArrival ? { count: limit + 1, newestFirst } : undefined;
	if (Object.keys(within).length === 0)
		return exactQuery(mailbox, filters, { undecided: 'include', first });
	return searchWithin(mailbox, filters, within, first);
}

const pageError = (): UserError =>
	new UserError(
		'"Return Page Cursor" works in one mailbox only: pages follow its UIDs',
		'Turn it off, or search one mailbox.',
	);

async function searchAll({
	execution,
	imap,
	account,
	item,
	request,
}: AcrossTask<Request>): Promise<void> {
	const { filters, limit, order, output } = request;
	const range = request.range as MailboxRange;
	// UIDs of different mailboxes cannot be compared, the time of arrival can.
	const rules: SortRule[] =
		order.sort.length > 0 ? [...order.sort] : [{ key: 'ARRIVAL', reverse: order.newestFirst }];
	request.result ??= await MailboxesResult.search(execution, imap, account, {
		range,
		filters,
		rules,
		limit,
	});
	const messages = await request.result.read(execution, imap, output);
	for (const message of messages) emitMessage(execution, item, message);
	emitUnopened(execution, item, request.result.unopened);
}

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getMany',
	description:
		'Find messages that match filters, newest first, without marking them as read (SEARCH, SORT, FETCH)',
	forModel:
		'Use it to find messages before you read, answer or file them. Returns one entry per message: subject, sender, recipients, date, flags, and mailbox, uidValidity and uid, by which other tools find it again.',
	action: 'Search for messages',
	foreignText: true,
	properties,
	execute: inMailbox<Request>({
		read(execution, item) {
			const order = strictChoice(execution.parameter<unknown>('order', item, 'newest'), 'Order', [
				'newest',
				'oldest',
			]);
			const sort = readSort(execution, item);
			const range = readRange(execution, item);
			const page = readPage(execution, item, {
				order,
				sorted: sort.length > 0,
			});
			if (range && page) throw pageError();
			return {
				filters: readFilters(execution.context, item),
				limit: readLimit(execution, item),
				order: { newestFirst: order === 'newest', sort },
				output: readOutputOptions(execution, item),
				range,
				page,
			};
		},
		across: { is: ({ range }) => range !== undefined, run: searchAll },
		async run({ execution, mailbox, item, request }) {
			const { filters, limit, order, output, page } = request;
			if (!request.found) {
				const within = page ? pageQuery(page, mailbox) : {};
				if (!within) return;
				const query = await searchPage(mailbox, filters, within, request);
				const { uids, via } = await find(mailbox, query, order);
				const reading = new MessageReading(
					execution,
					execution.accountOf(item),
					uids.slice(0, limit),
					output,
				);
				const more = {
					...(via === undefined ? {} : { via }),
					...(page ? { nextCursor: nextCursor(page, mailbox, uids, limit) } : {}),
				};
				request.found = { reading, more };
			}
			const { reading, more } = request.found;
			await reading.read(mailbox);
			const turns = new Turns();
			for (const message of reading.outputs()) {
				emitMessage(execution, item, message, more);
				await turns.next();
			}
		},
	}),
};
