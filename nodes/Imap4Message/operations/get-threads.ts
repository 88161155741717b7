import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { SelectedMailbox, ThreadAlgorithm } from '../../../engine/index';
import type { TextForm } from '../../../mail/reading/text-form';
import type { Execution } from '../../shared/execution/execution';
import { inMailbox, type AcrossTask } from '../../shared/execution/in-mailbox';
import type { Operation } from '../../shared/execution/operation';
import { limitProperties, readLimit } from '../../shared/fields/limit';
import { shownWhen } from '../../shared/fields/shown-when';
import { strictChoice } from '../../shared/fields/strict-values';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import { exactQuery, type MessageFilters } from '../../shared/message/exact-times';
import { filtersProperty, textSearchNotices } from '../../shared/message/filter-fields';
import { readSimplify, readTextForm, textOptions } from '../../shared/message/output-options';
import { readFilters } from '../../shared/message/search-filters';
import { findThreads, type ThreadMember } from '../listing/find-threads';
import { readRange, rangeProperties, type MailboxRange } from '../listing/mailbox-range';
import { emitUnopened } from '../listing/search-mailboxes';
import { ThreadReading, threadSummary, type ThreadOutput } from '../listing/thread-reading';
import { ThreadsAcross } from '../listing/threads-across';

const NAMES = ['orderedSubject', 'references', 'refs'] as const;
const ALGORITHMS: Record<(typeof NAMES)[number], ThreadAlgorithm> = {
	orderedSubject: 'ORDEREDSUBJECT',
	references: 'REFERENCES',
	refs: 'REFS',
};

const properties: INodeProperties[] = [
	...rangeProperties(['inbox', 'sent']),
	shownWhen({ searchIn: ['mailbox'] }, mailboxLocator()),
	...limitProperties,
	filtersProperty,
	...textSearchNotices,
	{
		displayName: 'Algorithm',
		name: 'algorithm',
		type: 'options',
		options: [
			{
				name: 'Ordered Subject',
				value: 'orderedSubject',
				description: 'Messages with the same subject belong together',
			},
			{
				name: 'References',
				value: 'references',
				description: 'Replies belong together; threads with the same subject are merged',
			},
			{
				name: 'REFS',
				value: 'refs',
				description: 'Only replies belong together',
			},
		],
		default: 'references',
		description:
			"How messages are grouped into threads. If the server doesn't support the algorithm, the node applies it to the headers.",
	},
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
	{
		displayName: 'Body',
		name: 'body',
		type: 'options',
		options: [
			{ name: 'None', value: 'none' },
			{ name: 'Text', value: 'text' },
		],
		default: 'none',
		description:
			'Whether to return the text of each message in a thread. Messages stay unread. With the option "Only New Text", quoted text isn\'t repeated.',
	},
	{ ...textOptions, displayOptions: { show: { body: ['text'] } } },
];

interface Request {
	filters: MessageFilters;
	limit: number;
	algorithm: ThreadAlgorithm;
	output: ThreadOutput;
	/** Undefined for one mailbox. */
	range: MailboxRange | undefined;
	found?: Found;
	/** As `found`, of several mailboxes. */
	result?: ThreadsAcross;
}

function readText(execution: Execution, item: number): TextForm | undefined {
	const body = strictChoice(execution.parameter<unknown>('body', item, 'none'), 'Body', [
		'none',
		'text',
	]);
	if (body === 'none') return undefined;
	return readTextForm(
		execution.parameter<IDataObject>('contentOptions', item, {}),
		execution.isTool,
	);
}

function readAlgorithm(execution: Execution, item: number): ThreadAlgorithm {
	const given = execution.parameter<unknown>('algorithm', item, 'references');
	return ALGORITHMS[strictChoice(given, 'Algorithm', NAMES)];
}

const newest = (thread: readonly ThreadMember[]): number =>
	thread.reduce((most, { uid }) => Math.max(most, uid), 0);

/** The threads that were found, and how many of their messages are read. */
interface Found {
	threads: ThreadMember[][];
	via: string;
	reading: ThreadReading;
}

/**
 * @param account the `url` of the account
 * @param members those that are still there, at least one
 */
function threadFields(
	{ name, uidValidity }: SelectedMailbox,
	account: string | undefined,
	members: readonly ThreadMember[],
	{ reading, via }: Found,
): IDataObject {
	return {
		mailbox: name,
		uidValidity,
		threadId: members[0]?.uid,
		count: members.length,
		uids: members.map(({ uid }) => uid).sort((a, b) => a - b),
		...threadSummary(members.flatMap(({ uid }) => reading.message(uid) ?? [])),
		// Each with its whole reference, for nodes that split them.
		messages: members.map(({ uid, depth, parent }) =>
			reading.fields(uid, { mailbox: name, uidValidity, uid, account, depth, parent }),
		),
		via,
	};
}

async function searchAll({
	execution,
	imap,
	account,
	item,
	request,
}: AcrossTask<Request>): Promise<void> {
	const range = request.range as MailboxRange;
	request.result ??= await ThreadsAcross.search(execution, imap, account, { ...request, range });
	for (const thread of await request.result.read(execution, imap)) execution.emit(item, thread);
	emitUnopened(execution, item, request.result.unopened);
}

export const getThreads: Operation = {
	name: 'Get Threads',
	value: 'getThreads',
	description:
		'Find conversations whose messages match filters, the most recent first (THREAD, or SEARCH and FETCH on servers without it)',
	forModel:
		'Use it to see whole conversations. Returns one entry per conversation with its messages in order, each with mailbox, uidValidity and uid, by which other tools find it again.',
	action: 'Get threads',
	foreignText: true,
	properties,
	execute: inMailbox<Request>({
		read: (execution, item) => ({
			filters: readFilters(execution.context, item),
			limit: readLimit(execution, item),
			algorithm: readAlgorithm(execution, item),
			output: {
				simplify: readSimplify(execution, item),
				text: readText(execution, item),
			},
			range: readRange(execution, item),
		}),
		across: { is: ({ range }) => range !== undefined, run: searchAll },
		async run({ execution, mailbox, item, request }) {
			const { filters, limit, algorithm, output } = request;
			if (!request.found) {
				const query = await exactQuery(mailbox, filters, { undecided: 'include' });
				const { threads, via } = await findThreads(mailbox, query, algorithm);
				execution.checkCancelled();
				// UIDs ascend by arrival (RFC 9051 §2.3.1.1).
				const some = threads.sort((a, b) => newest(b) - newest(a)).slice(0, limit);
				const uids = some.flat().map(({ uid }) => uid);
				request.found = { threads: some, via, reading: new ThreadReading(uids, output) };
			}
			const { found } = request;
			await found.reading.read(execution, mailbox);
			const account = execution.accountOf(item);
			for (const thread of found.threads) {
				const members = thread.filter(({ uid }) => !found.reading.isGone(uid));
				if (members.length === 0) continue;
				execution.emit(item, threadFields(mailbox, account, members, found));
			}
		},
	}),
};
