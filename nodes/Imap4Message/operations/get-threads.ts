import type { IDataObject, INodeProperties } from 'n8n-workflow';
import {
	SequenceSet,
	type FetchedMessage,
	type Imap4,
	type SelectedMailbox,
	type ThreadAlgorithm,
} from '../../../engine/index';
import { envelopeAddresses } from '../../../mail/address/envelope-addresses';
import { formatAddresses } from '../../../mail/address/format-addresses';
import { headerText } from '../../../mail/header/header-text';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import { envelopeFields, malformedFields } from '../../shared/message/message-fields';
import { UserError } from '../../shared/errors/user-error';
import type { Operation } from '../../shared/execution/operation';
import { exactQuery } from '../../shared/message/exact-times';
import { filtersProperty } from '../../shared/message/filter-fields';
import { readFilters } from '../../shared/message/search-filters';
import { findThreads, type ThreadMember } from '../find-threads';
import { eachRequest, limitProperties, readLimit } from '../../shared/execution/mailbox-requests';

const ALGORITHMS: Record<string, ThreadAlgorithm> = {
	orderedSubject: 'ORDEREDSUBJECT',
	references: 'REFERENCES',
	refs: 'REFS',
};

const properties: INodeProperties[] = [
	mailboxLocator(),
	...limitProperties,
	{
		displayName: 'Algorithm',
		name: 'algorithm',
		type: 'options',
		options: [
			{
				name: 'Ordered Subject',
				value: 'orderedSubject',
				description: 'Messages of one subject belong together, whoever answers whom',
			},
			{
				name: 'References',
				value: 'references',
				description: 'By whom a message answers; threads of one subject are joined as well',
			},
			{
				name: 'REFS',
				value: 'refs',
				description: 'By whom a message answers, and by nothing else',
			},
		],
		default: 'references',
		description:
			'What makes a thread. Where the server cannot thread so, it is done here from the headers.',
	},
	filtersProperty,
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
];

function readAlgorithm(name: string): ThreadAlgorithm {
	const algorithm = ALGORITHMS[name];
	if (algorithm) return algorithm;
	throw new UserError(
		`There is no algorithm "${name}"; there are ${Object.keys(ALGORITHMS).join(', ')}`,
	);
}

const newest = (thread: readonly ThreadMember[]): number =>
	thread.reduce((most, { uid }) => Math.max(most, uid), 0);

async function fetchMembers(
	imap: Imap4,
	threads: readonly ThreadMember[][],
	simplify: boolean,
): Promise<Map<number, FetchedMessage>> {
	const messages = new Map<number, FetchedMessage>();
	const uids = threads.flat().map(({ uid }) => uid);
	if (uids.length === 0) return messages;
	const more = { flags: !simplify, size: !simplify };
	const items = { uid: true, internalDate: true, envelope: true, ...more };
	for await (const message of imap.fetch(SequenceSet.from(uids), items, { uid: true })) {
		if (message.uid !== undefined) messages.set(message.uid, message);
	}
	return messages;
}

function memberFields(
	{ uid, depth, parent }: ThreadMember,
	message: FetchedMessage,
	simplify: boolean,
): IDataObject {
	const { envelope, internalDate, flags, size } = message;
	const place = { uid, depth, parent, date: internalDate?.toISOString() ?? null };
	if (!simplify) {
		const fields = envelope ? { envelope: envelopeFields(envelope) } : {};
		return { ...place, flags, size, ...fields, ...malformedFields(message) };
	}
	return {
		...place,
		from: formatAddresses(envelopeAddresses(envelope?.from ?? [])),
		subject: headerText(envelope?.subject),
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
	messages: ReadonlyMap<number, FetchedMessage>,
	simplify: boolean,
): IDataObject {
	const found = members.map(({ uid }) => messages.get(uid) as FetchedMessage);
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
		messages: members.map((member, index) =>
			memberFields(member, found[index] as FetchedMessage, simplify),
		),
	};
}

export const getThreads: Operation = {
	name: 'Get Threads',
	value: 'getThreads',
	description:
		'Find conversations by filters, the one with the newest message first (THREAD; where the server lacks it, SEARCH and FETCH)',
	action: 'Get threads',
	foreignText: true,
	properties,
	execute: (execution) =>
		eachRequest(execution, {
			read: (item) => ({
				filters: readFilters(execution.context, item),
				limit: readLimit(execution, item),
				algorithm: readAlgorithm(execution.parameter('algorithm', item, 'references')),
				simplify: execution.parameter('simplify', item, true),
			}),
			async run(imap, mailbox, item, { filters, limit, algorithm, simplify }) {
				const query = await exactQuery(imap, filters);
				const { threads, via } = await findThreads(imap, query, algorithm);
				execution.checkCancelled();
				// UIDs ascend by arrival (RFC 9051 §2.3.1.1).
				const some = threads.sort((a, b) => newest(b) - newest(a)).slice(0, limit);
				const messages = await fetchMembers(imap, some, simplify);
				for (const thread of some) {
					const members = thread.filter(({ uid }) => messages.has(uid));
					if (members.length === 0) continue;
					execution.emit(item, { ...threadFields(mailbox, members, messages, simplify), via });
				}
			},
		}),
};
