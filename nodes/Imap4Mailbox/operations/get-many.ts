import type { IDataObject, INodeProperties } from 'n8n-workflow';
import {
	hasAttribute,
	type Imap4,
	type MailboxEntry,
	type StatusItem,
} from '../../../engine/index';
import type { Execution } from '../../shared/execution/execution';
import { limitProperties, readLimit } from '../../shared/fields/limit';
import { optionalSwitch, strictText } from '../../shared/fields/strict-values';
import type { Operation } from '../../shared/execution/operation';
import { onAccount } from '../../shared/execution/on-account';
import { isSelectable, specialUseOf } from '../../shared/mailbox/special-use';
import { checkFigures, figuresOf, figuresProperty, readFigures } from '../status-figures';

const properties: INodeProperties[] = [
	...limitProperties,
	{
		displayName: 'Include Status',
		name: 'withStatus',
		type: 'boolean',
		default: false,
		description: 'Whether to include message counts and other status items of each mailbox',
	},
	{ ...figuresProperty, displayOptions: { show: { withStatus: [true] } } },
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: [
			{
				displayName: 'Pattern',
				name: 'pattern',
				type: 'string',
				default: '*',
				description: 'Names to list: % matches anything within a level, * matches anything',
			},
			{
				displayName: 'Selectable Only',
				name: 'selectable',
				type: 'boolean',
				default: true,
				description: 'Whether to leave out mailboxes that only contain other mailboxes',
			},
			{
				displayName: 'Special Use Only',
				name: 'specialUse',
				type: 'boolean',
				default: true,
				description: 'Whether to list only mailboxes with a role, such as Sent or Trash',
			},
			{
				displayName: 'Subscribed Only',
				name: 'subscribed',
				type: 'boolean',
				default: true,
				description: 'Whether to list only subscribed mailboxes (LSUB)',
			},
		],
	},
];

interface Filters {
	pattern: string;
	selectable: boolean | undefined;
	specialUse: boolean | undefined;
	subscribed: boolean | undefined;
}

/** @throws UserError if one that was added is empty */
function readFilters(execution: Execution, item: number): Filters {
	const given = execution.parameter<IDataObject>('filters', item, {});
	return {
		pattern: 'pattern' in given ? strictText(given.pattern, 'Pattern', { required: true }) : '*',
		selectable: optionalSwitch(given, 'selectable', 'Selectable Only'),
		specialUse: optionalSwitch(given, 'specialUse', 'Special Use Only'),
		subscribed: optionalSwitch(given, 'subscribed', 'Subscribed Only'),
	};
}

interface Listing {
	entries: MailboxEntry[];
	/** Which command gave them. */
	via: string;
}

async function list(
	imap: Imap4,
	filters: Filters,
	status: readonly StatusItem[],
): Promise<Listing> {
	const { pattern } = filters;
	checkFigures(imap, status);
	if (filters.subscribed !== true) {
		return { entries: await imap.list('', pattern, { status }), via: 'LIST' };
	}
	if (imap.capabilities.has('LIST-EXTENDED')) {
		const entries = await imap.list('', pattern, { subscribed: true, status });
		return { entries, via: 'LIST (SUBSCRIBED)' };
	}
	// LSUB tells neither figures nor special uses (RFC 3501 §6.3.9), so LIST does, in the same round trip.
	const [subscribed, all] = await Promise.all([
		imap.lsub('', pattern),
		imap.list('', pattern, { status }),
	]);
	const byName = new Map(all.map((entry) => [entry.name, entry]));
	return { entries: subscribed.map((entry) => byName.get(entry.name) ?? entry), via: 'LSUB' };
}

function output(entry: MailboxEntry): IDataObject {
	const { name, delimiter, attributes, status, statusError } = entry;
	const levels = delimiter ? name.split(delimiter) : [name];
	return {
		mailbox: name,
		name: levels.at(-1) ?? name,
		parent: levels.length > 1 ? levels.slice(0, -1).join(delimiter ?? '') : null,
		delimiter,
		specialUse: specialUseOf(entry) ?? null,
		selectable: isSelectable(entry),
		hasChildren: hasAttribute(entry, '\\HasChildren'),
		attributes,
		...(status ? figuresOf(status) : {}),
		...(statusError ? { statusError: statusError.message } : {}),
	};
}

interface Request {
	filters: Filters;
	/** Infinity for all. */
	limit: number;
	figures: readonly StatusItem[];
}

/** @throws UserError */
function readRequest(execution: Execution, item: number): Request {
	return {
		filters: readFilters(execution, item),
		limit: readLimit(execution, item),
		figures: execution.toggle('withStatus', 'Include Status', item)
			? readFigures(execution, item)
			: [],
	};
}

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getMany',
	description:
		'List mailboxes, optionally with message counts and other status items (LIST, LSUB, STATUS)',
	forModel:
		'Use it to find out which mailboxes (folders, labels) there are and what they are called. Returns one entry per mailbox with its path and its role, such as Sent or Trash.',
	action: 'Get many mailboxes',
	properties,
	execute: onAccount({
		atOnce: 1,
		sharesAnswers: true,
		read: readRequest,
		async run({ imap, settings: { filters, limit, figures } }) {
			const { entries, via } = await list(imap, filters, figures);
			const wanted = entries.filter(
				(entry) =>
					(filters.selectable !== true || isSelectable(entry)) &&
					(filters.specialUse !== true || specialUseOf(entry) !== undefined),
			);
			return wanted
				.slice(0, limit)
				.map((entry) => ({ ...output(entry), ...(via === 'LIST' ? {} : { via }) }));
		},
	}),
};
