/** The order of Get Many: by the server's SORT (RFC 5256), else the same made here. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import {
	type Uid,
	type Address,
	type FetchedMessage,
	type OpenMailbox,
	type SearchQuery,
	type SortKey,
} from '../../../engine/index';
import type { Execution } from '../../shared/execution/execution';
import { headerText } from '../../../mail/header/header-text';
import { strictChoice } from '../../shared/fields/strict-values';
import { orOtherwise } from '../../shared/errors/refusal';
import { fetchAccounted } from '../../shared/message/fetch-accounted';
import { baseSubject } from '../../../mail/base-subject';
import { sentAt } from '../../../mail/sent-date';

const KEYS: Array<{ name: string; value: Lowercase<SortKey>; description: string }> = [
	{ name: 'Arrival', value: 'arrival', description: 'When the server received the message' },
	{ name: 'CC', value: 'cc', description: 'First address of the CC field, up to the @' },
	{ name: 'Date', value: 'date', description: 'The Date field of the message' },
	{ name: 'From', value: 'from', description: 'Address of the sender, up to the @' },
	{ name: 'Size', value: 'size', description: 'Size in bytes' },
	{
		name: 'Subject',
		value: 'subject',
		description: 'Subject without prefixes such as Re: and Fwd:',
	},
	{ name: 'To', value: 'to', description: 'First address of the To field, up to the @' },
];

const NAMES = KEYS.map(({ value }) => value);

export const sortProperty: INodeProperties = {
	displayName: 'Sort',
	name: 'sort',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add Sort Key',
	default: {},
	description:
		'Keys to sort by, most significant first, instead of "Order". The limit applies after sorting. The server does the sorting if it can (SORT).',
	options: [
		{
			displayName: 'Key',
			name: 'key',
			values: [
				{
					displayName: 'Sort By',
					name: 'by',
					type: 'options',
					options: KEYS,
					default: 'arrival',
				},
				{
					displayName: 'Direction',
					name: 'direction',
					type: 'options',
					options: [
						{ name: 'Ascending', value: 'ascending' },
						{ name: 'Descending', value: 'descending' },
					],
					default: 'ascending',
				},
			],
		},
	],
};

export interface SortRule {
	key: SortKey;
	reverse: boolean;
}

/** @returns none if there is nothing to sort by. @throws UserError */
export function readSort(execution: Execution, item: number): SortRule[] {
	const { key = [] } = execution.parameter<IDataObject>('sort', item, {});
	return [key].flat().map((given) => {
		// n8n leaves out what is as the node begins with; what an expression came out with is there.
		const { by, direction } = { by: 'arrival', direction: 'ascending', ...(given as IDataObject) };
		const key = strictChoice(by, 'Sort By', NAMES).toUpperCase() as SortKey;
		const towards = strictChoice(direction, 'Direction', ['ascending', 'descending']);
		return { key, reverse: towards === 'descending' };
	});
}

/**
 * The UIDs that a search finds, in order; those that sort alike by arrival in the mailbox.
 * @returns `via` where the server could not sort
 */
export async function sortedUids(
	mailbox: OpenMailbox,
	query: SearchQuery,
	rules: readonly SortRule[],
): Promise<{ uids: Uid[]; via?: 'FETCH' }> {
	const here = async (): Promise<{ uids: Uid[]; via: 'FETCH' }> => {
		const rows = await sortableRows(mailbox, await mailbox.search(query), rules);
		return { uids: rows.sort(byRules(rules)).map(({ uid }) => uid), via: 'FETCH' };
	};
	if (!mailbox.capabilities.has('SORT')) return here();
	const there = mailbox.sort(rules, query).then((uids) => ({ uids }));
	return orOtherwise<{ uids: Uid[]; via?: 'FETCH' }>(there, here);
}

/**
 * The first messages that a search finds, in order, with what they were sorted by, so that those of several
 * mailboxes can be put in one order.
 * @param limit how many; Infinity for all
 */
export async function sortedRows(
	mailbox: OpenMailbox,
	query: SearchQuery,
	rules: readonly SortRule[],
	limit: number,
): Promise<Row[]> {
	const all = (): Promise<Uid[]> => mailbox.search(query);
	const sorts = limit !== Infinity && mailbox.capabilities.has('SORT');
	const first = async (): Promise<Uid[]> => (await mailbox.sort(rules, query)).slice(0, limit);
	const found = await (sorts ? orOtherwise(first(), all) : all());
	const rows = await sortableRows(mailbox, found, rules);
	return rows.sort(byRules(rules)).slice(0, limit);
}

/** A message without an answer has a row too: whether it is gone or unreadable shows when it is read. */
async function sortableRows(
	mailbox: OpenMailbox,
	found: readonly Uid[],
	rules: readonly SortRule[],
): Promise<Row[]> {
	if (found.length === 0) return [];
	const items = {
		internalDate: true,
		size: rules.some(({ key }) => key === 'SIZE'),
		envelope: rules.some(({ key }) => key !== 'SIZE' && key !== 'ARRIVAL'),
	};
	const rows = new Map<Uid, Row>();
	const row = (uid: Uid, message: Sortable): Row => ({
		uid,
		keys: rules.map(({ key }) => sortValue(message, key)),
	});
	await fetchAccounted(mailbox, found, items, (uid, message) => rows.set(uid, row(uid, message)));
	return found.map((uid) => rows.get(uid) ?? row(uid, {}));
}

/** A message, and what it is sorted by. */
export interface Row {
	uid: Uid;
	keys: Array<Buffer | number>;
}

/** Compares by the rules, then by UID. */
export function byRules(rules: readonly SortRule[]) {
	return (one: Row, other: Row): number => {
		for (const [index, { reverse }] of rules.entries()) {
			const [a, b] = [one.keys[index], other.keys[index]];
			const order = Buffer.isBuffer(a) && Buffer.isBuffer(b) ? a.compare(b) : Number(a) - Number(b);
			if (order !== 0) return reverse ? -order : order;
		}
		return one.uid - other.uid;
	};
}

type Sortable = Partial<Pick<FetchedMessage, 'envelope' | 'internalDate' | 'size'>>;

function sortValue(message: Sortable, key: SortKey): Buffer | number {
	const { envelope } = message;
	switch (key) {
		case 'ARRIVAL':
			return message.internalDate?.getTime() ?? 0;
		case 'SIZE':
			return message.size ?? 0;
		case 'DATE':
			return sentAt(message);
		case 'SUBJECT':
			return casemap(baseSubject(headerText(envelope?.subject)).text);
		default: {
			const field = key === 'CC' ? envelope?.cc : key === 'TO' ? envelope?.to : envelope?.from;
			return casemap(mailboxPart(field?.[0]));
		}
	}
}

/** Of a group, which an envelope names first of all, its name (RFC 9051 §7.5.2). */
function mailboxPart(address: Address | undefined): string {
	return address?.group ?? address?.mailbox ?? '';
}

/** The bytes that texts are compared by, whatever their case (RFC 5051). */
function casemap(text: string): Buffer {
	return Buffer.from(text.normalize('NFKD').toUpperCase());
}
