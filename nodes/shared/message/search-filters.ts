/** The filters of Get Many and of "By Search", and the search they stand for. */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parseSearch, type SearchQuery } from '../../../engine/index';
import { calendarDay } from '../fields/workflow-time';
import { UserError } from '../errors/user-error';

const text = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	description,
});

const day = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'dateTime',
	default: '',
	description: `${description}. Days count in the workflow's time zone; the time of day is ignored.`,
});

const octets = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description,
});

export const filtersProperty: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	description: 'Only messages for which all of these hold (SEARCH)',
	options: [
		text('BCC Contains', 'bcc', 'Text anywhere in the BCC field'),
		text('Body Contains', 'body', 'Text anywhere in the body, header left out'),
		text('CC Contains', 'cc', 'Text anywhere in the CC field'),
		{
			displayName: 'Flags',
			name: 'flags',
			type: 'multiOptions',
			options: [
				{ name: 'Answered', value: 'answered' },
				{ name: 'Deleted', value: 'deleted' },
				{ name: 'Draft', value: 'draft' },
				{ name: 'Flagged', value: 'flagged' },
				{ name: 'Not Answered', value: 'not answered' },
				{ name: 'Not Deleted', value: 'not deleted' },
				{ name: 'Not Draft', value: 'not draft' },
				{ name: 'Not Flagged', value: 'not flagged' },
			],
			default: [],
			description: 'System flags that are set, or not set',
		},
		text('From Contains', 'from', 'Text anywhere in the name or address of the sender'),
		text(
			'Gmail Search',
			'gmailRaw',
			"A search in Gmail's own language, as in its search field; only on Gmail (X-GM-RAW)",
		),
		{
			displayName: 'Header Fields',
			name: 'header',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add Header Field',
			default: {},
			options: [
				{
					displayName: 'Field',
					name: 'field',
					values: [
						{
							displayName: 'Name',
							name: 'name',
							type: 'string',
							default: '',
							placeholder: 'List-ID',
							description: 'Name of the header field',
						},
						{
							displayName: 'Contains',
							name: 'value',
							type: 'string',
							default: '',
							description: 'Text anywhere in the field; empty asks only that the field is there',
						},
					],
				},
			],
		},
		text('Keyword', 'keyword', 'A keyword that is set; several separated by commas'),
		octets('Larger Than (Bytes)', 'larger', 'Messages larger than so many bytes'),
		text('Message ID', 'messageId', 'The Message-ID, with or without angle brackets'),
		text('No Keyword', 'notKeyword', 'A keyword that is not set; several separated by commas'),
		{
			displayName: 'Raw Search',
			name: 'rawSearch',
			type: 'string',
			default: '',
			placeholder: 'OR FROM "ann" (SUBJECT "to do" UNSEEN)',
			description: 'A search as IMAP writes it (RFC 9051 §6.4.4), besides the other filters',
		},
		{
			displayName: 'Read Status',
			name: 'readStatus',
			type: 'options',
			options: [
				{ name: 'Read and Unread', value: 'all' },
				{ name: 'Read', value: 'read' },
				{ name: 'Unread', value: 'unread' },
			],
			default: 'unread',
			description: 'By the flag \\Seen',
		},
		day('Received Before', 'before', 'Received before this day'),
		day('Received On', 'on', 'Received on this day'),
		day('Received Since', 'since', 'Received on this day or later'),
		day('Sent Before', 'sentBefore', 'Sent before this day, by the Date field of the message'),
		day('Sent On', 'sentOn', 'Sent on this day, by the Date field of the message'),
		day('Sent Since', 'sentSince', 'Sent on this day or later, by the Date field of the message'),
		octets('Smaller Than (Bytes)', 'smaller', 'Messages smaller than so many bytes'),
		text('Subject Contains', 'subject', 'Text anywhere in the subject'),
		text('Text Contains', 'text', 'Text anywhere in the message, header included'),
		text('To Contains', 'to', 'Text anywhere in the To field'),
		{
			displayName: 'UID Range',
			name: 'uid',
			type: 'string',
			default: '',
			placeholder: '1:20,40:*',
			description: 'UIDs, ranges and * for the last message',
		},
	],
};

const TEXTS = ['from', 'to', 'cc', 'bcc', 'subject', 'body', 'text', 'gmailRaw'] as const;
const DAYS = {
	since: 'Received Since',
	before: 'Received Before',
	on: 'Received On',
	sentSince: 'Sent Since',
	sentBefore: 'Sent Before',
	sentOn: 'Sent On',
} as const;

/**
 * The search of an item. A filter that is there but empty is an error, not "any": an expression that
 * came out empty must not turn "delete the mail of X" into "delete all mail".
 * @throws UserError, naming the filter
 */
export function readFilters(context: IExecuteFunctions, itemIndex: number): SearchQuery {
	const filters = context.getNodeParameter('filters', itemIndex, {});
	return searchQuery(filters, context.getTimezone());
}

/** @throws UserError as {@link readFilters} */
export function searchQuery(filters: IDataObject, timeZone: string): SearchQuery {
	const query: SearchQuery = {};
	for (const [name, value] of Object.entries(filters)) addFilter(query, name, value, timeZone);
	return query;
}

function addFilter(query: SearchQuery, name: string, value: unknown, timeZone: string): void {
	if (isOneOf(TEXTS, name)) {
		query[name] = oneLine(value, name);
		return;
	}
	if (name in DAYS) {
		const key = name as keyof typeof DAYS;
		if (value === '' || value === null || value === undefined) throw empty(DAYS[key]);
		query[key] = calendarDay(value, timeZone, DAYS[key]);
		return;
	}
	switch (name) {
		case 'larger':
		case 'smaller':
			query[name] = size(value, name);
			return;
		case 'keyword':
		case 'notKeyword':
			query[name] = oneLine(value, name)
				.split(',')
				.map((keyword) => keyword.trim());
			return;
		case 'uid':
			query.uid = String(value).replace(/\s+/g, '');
			return;
		case 'messageId': {
			const id = oneLine(value, 'Message ID').trim();
			query.header = { ...query.header, 'Message-ID': id.startsWith('<') ? id : `<${id}>` };
			return;
		}
		case 'rawSearch':
			query.and = [rawSearch(oneLine(value, 'Raw Search'))];
			return;
		case 'readStatus':
			if (value !== 'all') query.seen = value === 'read';
			return;
		case 'flags':
			for (const flag of value as string[]) addFlag(query, flag);
			return;
		case 'header': {
			const fields = ((value as IDataObject).field ?? []) as Array<{ name: string; value: string }>;
			for (const field of fields) addHeader(query, field);
			return;
		}
		default:
			throw new UserError(`There is no filter "${name}"`);
	}
}

/** Read and written anew, so that nothing but one search is ever sent. */
function rawSearch(text: string): SearchQuery {
	try {
		return parseSearch(text);
	} catch (error) {
		throw new UserError(
			`The filter "Raw Search" is no search: ${(error as Error).message}`,
			'Write search keys as in RFC 9051 §6.4.4, with texts in double quotes, such as UNSEEN SINCE 1-Feb-2026 SUBJECT "to do".',
		);
	}
}

function addFlag(query: SearchQuery, flag: string): void {
	const key = flag.replace(/^not /, '');
	if (!isOneOf(['answered', 'deleted', 'draft', 'flagged'] as const, key)) {
		throw new UserError(`"${flag}" is no flag to filter by`);
	}
	const wanted = key === flag;
	if (query[key] !== undefined && query[key] !== wanted) {
		throw new UserError(
			`The filter "Flags" asks for "${key}" both set and not set: no message is so`,
		);
	}
	query[key] = wanted;
}

function addHeader(query: SearchQuery, { name, value }: { name: string; value: string }): void {
	if (!name) throw empty('Header Fields');
	const given = Object.entries(query.header ?? {});
	if (given.some(([one]) => one.toLowerCase() === name.toLowerCase())) {
		throw new UserError(`The filter "Header Fields" names the field "${name}" more than once`);
	}
	query.header = { ...query.header, [name]: value ? oneLine(value, 'Header Fields') : '' };
}

function isOneOf<Name extends string>(names: readonly Name[], name: string): name is Name {
	return (names as readonly string[]).includes(name);
}

function empty(field: string): UserError {
	return new UserError(
		`The filter "${field}" is empty`,
		'Give it a value, or remove it. It is not taken as "any", since an expression that came out empty would then match every message.',
	);
}

/** Line ends can't be in a header field, and in a search mostly mean an injection. */
function oneLine(value: unknown, field: string): string {
	const it = typeof value === 'number' ? String(value) : value;
	if (typeof it !== 'string' || it.trim() === '') throw empty(field);
	if (/[\r\n\0]/.test(it)) throw new UserError(`The filter "${field}" holds a line end`);
	return it;
}

function size(value: unknown, field: string): number {
	const number = Number(value);
	if (value === '' || !Number.isSafeInteger(number) || number < 0) {
		throw new UserError(`The filter "${field}" takes a whole number of bytes`);
	}
	return number;
}
