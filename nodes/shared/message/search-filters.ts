/** From the filters of an item to the search that they mean. Nothing empty ever widens it. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { parseSearch, type SearchQuery } from '../../../engine/index';
import { UserError } from '../errors/user-error';
import {
	isEmptyValue,
	strictBoolean,
	strictChoice,
	strictWholeNumber,
} from '../fields/strict-values';
import { dayAfter, moment, startOfDay } from '../fields/workflow-time';
import { MEDIA_TYPE, type AttachmentFilter } from './attachment-filter';
import type { MessageFilters, TimeWindow } from './exact-times';
import { readUidSet } from './uid-set';

/**
 * The filters of an item. A filter that is there but empty is an error, not "any": an expression that
 * came out empty must not turn "delete the mail of X" into "delete all mail".
 * @throws UserError naming the filter
 */
export function readFilters(context: IExecuteFunctions, itemIndex: number): MessageFilters {
	return messageFilters(context.getNodeParameter('filters', itemIndex, {}), context.getTimezone());
}

/** @param timeZone IANA name; the workflow's. @throws UserError as {@link readFilters} */
export function messageFilters(filters: unknown, timeZone: string): MessageFilters {
	if (typeof filters !== 'object' || filters === null || Array.isArray(filters)) {
		throw new UserError(
			'The field "Filters" is not a set of filters',
			'Add filters one by one. Each filter can be an expression.',
		);
	}
	const collected = new CollectedFilters(timeZone);
	for (const [name, value] of Object.entries(filters)) collected.add(name, value);
	return collected.result();
}

const ADDRESSES = {
	from: 'From Contains',
	to: 'To Contains',
	cc: 'CC Contains',
	bcc: 'BCC Contains',
} as const;
const TEXTS = {
	subject: 'Subject Contains',
	body: 'Body Contains',
	text: 'Text Contains',
	gmailRaw: 'Gmail Search',
} as const;
const KEYWORDS = { keyword: 'Keyword', notKeyword: 'Without Keyword' } as const;
const SIZES = { larger: 'Larger Than (Bytes)', smaller: 'Smaller Than (Bytes)' } as const;
const TIMES = {
	since: { label: 'Received Since', window: 'received' },
	before: { label: 'Received Before', window: 'received' },
	on: { label: 'Received On', window: 'received' },
	sentSince: { label: 'Sent Since', window: 'sent' },
	sentBefore: { label: 'Sent Before', window: 'sent' },
	sentOn: { label: 'Sent On', window: 'sent' },
} as const;
const FLAGS = ['answered', 'deleted', 'draft', 'flagged'] as const;

/** Filters one after the other. Each is a key of its own, so none takes the place of another. */
class CollectedFilters {
	private readonly keys: SearchQuery[] = [];
	private readonly flags: Partial<Record<(typeof FLAGS)[number], boolean>> = {};
	private readonly attachments: AttachmentFilter = {};
	private readonly windows: Record<'received' | 'sent', TimeWindow> = { received: {}, sent: {} };

	constructor(private readonly timeZone: string) {}

	result(): MessageFilters {
		const keys = [...this.keys, this.flags].filter((key) => Object.keys(key).length > 0);
		const [first = {}] = keys;
		const { attachments } = this;
		const { has, ...particular } = attachments;
		if (has === false && Object.keys(particular).length > 0) {
			throw new UserError(
				'The filters ask for messages without attachments and for an attachment at once, which no message is',
				'Remove "Has Attachments", or the other filters by attachments.',
			);
		}
		return {
			query: keys.length > 1 ? { and: keys } : first,
			...this.windows,
			...(Object.keys(attachments).length > 0 ? { attachments } : {}),
		};
	}

	add(name: string, value: unknown): void {
		if (isKey(ADDRESSES, name)) {
			const any = listed(value, ADDRESSES[name]).map((text) => ({ [name]: text }));
			this.keys.push(any.length > 1 ? { or: any } : (any[0] as SearchQuery));
		} else if (isKey(TEXTS, name)) this.keys.push({ [name]: oneLine(value, TEXTS[name]) });
		else if (isKey(KEYWORDS, name)) this.keys.push({ [name]: allOf(value, KEYWORDS[name]) });
		else if (isKey(SIZES, name)) this.keys.push({ [name]: strictWholeNumber(value, SIZES[name]) });
		else if (isKey(TIMES, name)) this.addTime(name, value);
		else this.addOther(name, value);
	}

	private addOther(name: string, value: unknown): void {
		switch (name) {
			case 'uid':
				this.keys.push({ uid: readUidSet(value, 'UID Range') });
				return;
			case 'messageId': {
				const id = oneLine(value, 'Message ID').trim();
				this.keys.push({ header: { 'Message-ID': id.startsWith('<') ? id : `<${id}>` } });
				return;
			}
			case 'rawSearch':
				this.keys.push(rawSearch(oneLine(value, 'Raw Search')));
				return;
			case 'hasAttachments':
				this.attachments.has = strictBoolean(value, 'Has Attachments');
				return;
			case 'attachmentName':
				this.attachments.names = listed(value, 'Attachment Name');
				return;
			case 'attachmentType':
				this.attachments.types = mediaTypes(value);
				return;
			case 'attachmentLarger':
				this.attachments.larger = strictWholeNumber(value, 'Attachment Larger Than (Bytes)');
				return;
			case 'readStatus': {
				const status = strictChoice(value, 'Read Status', ['all', 'read', 'unread']);
				if (status !== 'all') this.keys.push({ seen: status === 'read' });
				return;
			}
			case 'flags':
				for (const flag of allOf(value, 'Flags')) this.addFlag(flag);
				return;
			case 'header':
				for (const field of headerFields(value)) this.keys.push({ header: field });
				return;
			default:
				throw new UserError(
					`"${name.slice(0, 40)}" is not a filter`,
					'Remove it, or choose a filter from the list.',
				);
		}
	}

	private addFlag(flag: string): void {
		const key = strictChoice(flag.replace(/^not /, ''), 'Flags', FLAGS);
		const wanted = key === flag;
		if ((this.flags[key] ?? wanted) !== wanted) {
			throw new UserError(
				`The filter "Flags" requires "${key}" to be both set and not set`,
				'Remove one of the two.',
			);
		}
		this.flags[key] = wanted;
	}

	private addTime(name: keyof typeof TIMES, value: unknown): void {
		const { label, window: kind } = TIMES[name];
		if (isEmptyValue(value)) throw empty(label);
		const window = this.windows[kind];
		const { timeZone } = this;
		if (name === 'on' || name === 'sentOn') {
			limit(window, startOfDay(value, timeZone, label), dayAfter(value, timeZone, label));
		} else if (name === 'since' || name === 'sentSince') {
			limit(window, moment(value, timeZone, label).getTime(), Infinity);
		} else limit(window, -Infinity, moment(value, timeZone, label).getTime());
	}
}

/** All filters hold, so a window only ever gets smaller. */
function limit(window: TimeWindow, from: number, until: number): void {
	if (from > (window.from ?? -Infinity)) window.from = from;
	if (until < (window.until ?? Infinity)) window.until = until;
}

function isKey<Table extends object>(table: Table, name: string): name is keyof Table & string {
	return Object.hasOwn(table, name);
}

function empty(label: string): UserError {
	return new UserError(
		`The filter "${label}" is empty`,
		"Enter a value, or remove the filter. An empty filter doesn't match everything, so that an expression that returns nothing cannot select every message.",
	);
}

/** A line break cannot be in a header field, and in a search it usually is an injection. */
function oneLine(value: unknown, label: string): string {
	if (isEmptyValue(value)) throw empty(label);
	const text = typeof value === 'number' ? String(value) : value;
	if (typeof text !== 'string') {
		throw new UserError(
			`The filter "${label}" must be text`,
			'If it is an expression, check what it returns.',
		);
	}
	if (/[\r\n\0]/.test(text)) {
		throw new UserError(`The filter "${label}" contains a line break`, 'Remove it.');
	}
	return text;
}

/** An entry of a list: double quotes keep a comma, and one without its other is a character like any. */
const ENTRY = /(?:"[^"]*"|[^,"]|"(?=[^"]*$))+/g;

/** Several values: a list, or text separated by commas, of which one in double quotes is what they enclose. */
function listed(value: unknown, label: string): string[] {
	const given = Array.isArray(value)
		? value.map((one) => oneLine(one, label))
		: [...oneLine(value, label).matchAll(ENTRY)].map(
				([entry]) => /^\s*"([^"]*)"\s*$/.exec(entry)?.[1] ?? entry,
			);
	const values = given.map((one) => one.trim()).filter((one) => one !== '');
	if (values.length === 0) throw empty(label);
	return values;
}

/** As {@link listed}, where all of them must hold: with one of them missing, more would be found. */
function allOf(value: unknown, label: string): string[] {
	const values = listed(value, label);
	if (typeof value === 'string' && /^\s*,|,\s*(?:,|$)/.test(value)) throw empty(label);
	return values;
}

function mediaTypes(value: unknown): string[] {
	const types = listed(value, 'Attachment Type');
	const wrong = types.find((type) => !MEDIA_TYPE.test(type));
	if (wrong === undefined) return types;
	throw new UserError(
		`"${wrong.slice(0, 80)}" in the filter "Attachment Type" is not a media type`,
		'Write it as application/pdf, or image/* for all images.',
	);
}

/** Read and written again, so that exactly one search is sent. */
function rawSearch(text: string): SearchQuery {
	return asMeant(parsed(text));
}

/**
 * An expression that came out empty leaves an empty text, which every message has, and `9:*` names the last
 * message whatever its UID. Neither is what a flow means.
 */
function asMeant({ and, or, not, uid, ...keys }: SearchQuery): SearchQuery {
	const values: unknown[] = [...Object.values(keys), ...Object.values(keys.header ?? {})];
	if (values.some((value) => typeof value === 'string' && value.trim() === '')) {
		throw new UserError(
			'The filter "Raw Search" contains an empty text, which every message matches',
			'If it comes from an expression, check what that returns. To find messages that have a header field, use the filter "Header Fields".',
		);
	}
	return {
		...keys,
		...(uid === undefined ? {} : { uid: readUidSet(uid, 'Raw Search') }),
		...(and ? { and: and.map(asMeant) } : {}),
		...(or ? { or: or.map(asMeant) } : {}),
		...(not ? { not: [not].flat().map(asMeant) } : {}),
	};
}

function parsed(text: string): SearchQuery {
	try {
		return parseSearch(text);
	} catch (error) {
		throw new UserError(
			`The filter "Raw Search" is not a valid search: ${(error as Error).message}`,
			'Write search keys as in RFC 9051 §6.4.4, with strings in double quotes, such as UNSEEN SINCE 1-Feb-2026 SUBJECT "to do".',
		);
	}
}

/** One record for each row, so that two rows for one field both hold. */
function headerFields(value: unknown): Array<Record<string, string>> {
	const label = 'Header Fields';
	const rows: unknown = isEmptyValue(value) ? [] : (value as IDataObject).field;
	if (!Array.isArray(rows) || rows.length === 0) throw empty(label);
	return rows.map((row: IDataObject | null) => {
		const name = oneLine(row?.name, label).trim();
		const { condition } = { condition: 'contains', ...row };
		const chosen = strictChoice(condition, `${label}: Condition`, ['contains', 'exists']);
		// An empty text is what a search writes for "the field exists" (RFC 9051 §6.4.4).
		return { [name]: chosen === 'exists' ? '' : oneLine(row?.value, `${label}: ${name}`) };
	});
}
