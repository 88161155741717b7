import type { IDataObject, INodeProperties } from 'n8n-workflow';
import {
	FetchLedger,
	type FetchedMessage,
	type OpenMailbox,
	type SelectedMailbox,
	type ThreadAlgorithm,
	type Uid,
} from '../../../engine/index';
import { envelopeAddresses } from '../../../mail/address/envelope-addresses';
import { formatAddresses } from '../../../mail/address/format-addresses';
import { headerText } from '../../../mail/header/header-text';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import { envelopeFields, malformedFields } from '../../shared/message/message-fields';
import { concernsMessage } from '../../shared/errors/advice';
import { reasonFor } from '../../shared/message/message-reading';
import { UserError } from '../../shared/errors/user-error';
import type { TextForm } from '../../../mail/reading/text-form';
import type { Execution } from '../../shared/execution/execution';
import { binaryStore } from '../../shared/message/binary-store';
import { ContentReading } from '../../shared/message/message-content';
import { readTextForm, textOptions } from '../../shared/message/output-options';
import type { Operation } from '../../shared/execution/operation';
import { exactQuery, type MessageFilters } from '../../shared/message/exact-times';
import { filtersProperty } from '../../shared/message/filter-fields';
import { readFilters } from '../../shared/message/search-filters';
import { findThreads, type ThreadMember } from '../listing/find-threads';
import { inMailbox } from '../../shared/execution/in-mailbox';
import { limitProperties, readLimit } from '../../shared/fields/limit';

const ALGORITHMS: Record<string, ThreadAlgorithm> = {
	orderedSubject: 'ORDEREDSUBJECT',
	references: 'REFERENCES',
	refs: 'REFS',
};

const properties: INodeProperties[] = [
	mailboxLocator(),
	...limitProperties,
	filtersProperty,
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
				description: 'By replies; threads with the same subject are merged',
			},
			{
				name: 'REFS',
				value: 'refs',
				description: 'By replies only',
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
			'Whether to return the text of each message of a thread. Messages stay unread. "Only New Text" in the options gives each sentence once.',
	},
	{ ...textOptions, displayOptions: { show: { body: ['text'] } } },
];

interface Request {
	filters: MessageFilters;
	limit: number;
	algorithm: ThreadAlgorithm;
	simplify: boolean;
	/** Undefined if the text is not wanted. */
	text: TextForm | undefined;
	found?: Found;
}

function readText(execution: Execution, item: number): TextForm | undefined {
	if (execution.parameter<string>('body', item, 'none') !== 'text') return undefined;
	return readTextForm(execution.parameter<IDataObject>('contentOptions', item, {}));
}

function readAlgorithm(name: string): ThreadAlgorithm {
	const algorithm = ALGORITHMS[name];
	if (algorithm) return algorithm;
	throw new UserError(
		`"${name}" is not a valid algorithm; use one of these: ${Object.keys(ALGORITHMS).join(', ')}`,
	);
}

const newest = (thread: readonly ThreadMember[]): number =>
	thread.reduce((most, { uid }) => Math.max(most, uid), 0);

/** The threads that were found, and how many of their messages are read. */
interface Found {
	threads: ThreadMember[][];
	via: string;
	ledger: FetchLedger;
	messages: Map<Uid, FetchedMessage>;
	content?: ContentReading;
}

async function fetchMembers(
	mailbox: OpenMailbox,
	{ ledger, messages }: Found,
	{ simplify, text }: Request,
): Promise<void> {
	const more = { flags: !simplify, size: !simplify, bodyStructure: text !== undefined };
	const items = { uid: true, internalDate: true, envelope: true, ...more };
	await ledger.settle(
		mailbox,
		async (uids, came) => {
			for await (const message of mailbox.fetch(uids, items)) {
				if (message.uid === undefined) continue;
				messages.set(message.uid, message);
				came(message.uid);
			}
		},
		{ concernsMessage },
	);
}

function memberFields(
	{ uid, depth, parent }: ThreadMember,
	{ messages, ledger, content }: Found,
	simplify: boolean,
): IDataObject {
	const message = messages.get(uid);
	const failed = [ledger, content].find((one) => one?.unreadable.has(uid));
	const problem = failed ? { unreadable: reasonFor(failed.unreadable.get(uid)) } : {};
	if (!message) return { uid, depth, parent, ...problem };
	const read = content?.contents.get(uid);
	const text = {
		...(content ? { text: read?.text ?? '' } : {}),
		...(read?.textIsCut ? { textIsCut: true } : {}),
		...problem,
	};
	const { envelope, internalDate, flags, size } = message;
	const place = { uid, depth, parent, date: internalDate?.toISOString() ?? null };
	if (!simplify) {
		const fields = envelope ? { envelope: envelopeFields(envelope) } : {};
		return { ...place, flags, size, ...fields, ...malformedFields(message), ...text };
	}
	return {
		...place,
		from: formatAddresses(envelopeAddresses(envelope?.from ?? [])),
		subject: headerText(envelope?.subject),
		...text,
	};
}

/** Who wrote or received something, each once, in order of appearance. */
function participants(messages: readonly FetchedMessage[]): string[] {
	const found = new Map<string, string>();
	for (const { envelope } of messages) {
		for (const address of [envelope?.from, envelope?.to, envelope?.cc].flatMap(
			(all) => all ?? [],
		)) {
			const key = address.address.toLowerCase();
			if (key !== '' && !found.has(key))
				found.set(key, formatAddresses(envelopeAddresses([address])));
		}
	}
	return [...found.values()];
}

/** @param members those that are still there, at least one */
function threadFields(
	mailbox: SelectedMailbox,
	members: readonly ThreadMember[],
	threads: Found,
	simplify: boolean,
): IDataObject {
	const { messages } = threads;
	const found = members.flatMap(({ uid }) => messages.get(uid) ?? []);
	const dates = found
		.flatMap(({ internalDate }) => internalDate?.toISOString() ?? [])
		.sort((a, b) => (a < b ? -1 : 1));
	return {
		mailbox: mailbox.name,
		uidValidity: mailbox.uidValidity,
		threadId: members[0]?.uid,
		count: members.length,
		uids: members.map(({ uid }) => uid).sort((a, b) => a - b),
		subject: headerText(found[0]?.envelope?.subject),
		participants: participants(found),
		firstDate: dates[0] ?? null,
		lastDate: dates.at(-1) ?? null,
		messages: members.map((member) => memberFields(member, threads, simplify)),
	};
}

export const getThreads: Operation = {
	name: 'Get Threads',
	value: 'getThreads',
	description:
		'Find conversations whose messages match filters, the most recent first (THREAD, or SEARCH and FETCH on servers without it)',
	action: 'Get threads',
	foreignText: true,
	properties,
	execute: inMailbox<Request>({
		read: (execution, item) => ({
			filters: readFilters(execution.context, item),
			limit: readLimit(execution, item),
			algorithm: readAlgorithm(execution.parameter('algorithm', item, 'references')),
			simplify: execution.parameter('simplify', item, true),
			text: readText(execution, item),
		}),
		async run({ execution, mailbox, item, request }) {
			const { filters, limit, algorithm, simplify, text } = request;
			if (!request.found) {
				const query = await exactQuery(mailbox, filters, { undecided: 'include' });
				const { threads, via } = await findThreads(mailbox, query, algorithm);
				execution.checkCancelled();
				// UIDs ascend by arrival (RFC 9051 §2.3.1.1).
				const some = threads.sort((a, b) => newest(b) - newest(a)).slice(0, limit);
				const ledger = new FetchLedger(some.flat().map(({ uid }) => uid));
				request.found = { threads: some, via, ledger, messages: new Map() };
			}
			const { found } = request;
			await fetchMembers(mailbox, found, request);
			if (text) {
				found.content ??= new ContentReading(
					[...found.messages].map(([uid, { bodyStructure }]) => ({
						uid,
						structure: bodyStructure,
						text,
					})),
					binaryStore(execution.context),
				);
				await found.content.read(execution, mailbox);
			}
			for (const thread of found.threads) {
				const members = thread.filter(({ uid }) => !found.ledger.gone.has(uid));
				if (members.length === 0) continue;
				const fields = threadFields(mailbox, members, found, simplify);
				execution.emit(item, { ...fields, via: found.via });
			}
		},
	}),
};
