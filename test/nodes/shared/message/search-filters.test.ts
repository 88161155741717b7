import { describe, expect, test } from 'vitest';
import { messageFilters } from '../../../../nodes/shared/message/search-filters';

const TOKYO = 'Asia/Tokyo';
const queryOf = (filters: object, zone = 'UTC') => messageFilters(filters, zone).query;
const printed = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

test('all filters hold together, each as a key of its own', () => {
	const { query, received, sent } = messageFilters(
		{
			from: 'a',
			subject: 'b, c',
			keyword: 'x, y',
			larger: 10,
			smaller: '20',
			since: '2026-01-01',
			sentBefore: '2026-02-01T12:00:00Z',
			readStatus: 'unread',
			flags: ['flagged', 'not deleted'],
			messageId: 'id@example.org',
			header: {
				field: [
					{ name: 'List-Id', value: 'news' },
					{ name: 'X-Spam', condition: 'exists', value: '' },
				],
			},
			gmailRaw: 'has:attachment',
		},
		TOKYO,
	);
	expect(query).toEqual({
		and: [
			{ from: 'a' },
			{ subject: 'b, c' },
			{ keyword: ['x', 'y'] },
			{ larger: 10 },
			{ smaller: 20 },
			{ seen: false },
			{ header: { 'Message-ID': '<id@example.org>' } },
			{ header: { 'List-Id': 'news' } },
			{ header: { 'X-Spam': '' } },
			{ gmailRaw: 'has:attachment' },
			{ flagged: true, deleted: false },
		],
	});
	expect(received).toEqual({ from: Date.parse('2025-12-31T15:00:00Z') });
	expect(sent).toEqual({ until: Date.parse('2026-02-01T12:00:00Z') });
});

test('without filters there is no search key', () => {
	expect(messageFilters({}, 'UTC')).toEqual({ query: {}, received: {}, sent: {} });
	expect(queryOf({ readStatus: 'all' })).toEqual({});
});

describe('no filter takes the place of another', () => {
	test('a Message ID and a header field of that name', () => {
		const header = { field: [{ name: 'Message-ID', value: 'h2' }] };
		expect(queryOf({ messageId: '<h1>', header })).toEqual({
			and: [{ header: { 'Message-ID': '<h1>' } }, { header: { 'Message-ID': 'h2' } }],
		});
	});

	test('two rows for one header field', () => {
		const header = { field: ['a', 'b'].map((value) => ({ name: 'Received', value })) };
		expect(queryOf({ header })).toEqual({
			and: [{ header: { Received: 'a' } }, { header: { Received: 'b' } }],
		});
	});

	test('a raw search and any other', () => {
		expect(printed(queryOf({ rawSearch: 'UNSEEN', readStatus: 'read' }))).toEqual({
			and: [{ seen: false }, { seen: true }],
		});
	});

	test('UIDs in a raw search never name the last message besides', () => {
		const { and = [] } = queryOf({ rawSearch: 'UNSEEN UID 9:* NOT UID 2:*' });
		const [unseen, fromNine, notFromTwo] = and;
		expect(unseen).toEqual({ seen: false });
		expect(String(fromNine?.uid)).toBe('9:4294967295');
		expect([notFromTwo?.not].flat().map((one) => String(one?.uid))).toEqual(['2:4294967295']);
		expect(String(queryOf({ rawSearch: 'UID *' }).uid)).toBe('*');
	});

	test('times: the smaller window counts', () => {
		const { received } = messageFilters(
			{ since: '2026-01-01', on: '2026-03-01', before: '2026-03-01T12:00' },
			'UTC',
		);
		expect(received).toEqual({
			from: Date.parse('2026-03-01T00:00:00Z'),
			until: Date.parse('2026-03-01T12:00:00Z'),
		});
	});
});

describe('several addresses are alternatives', () => {
	const any = { or: [{ from: 'a@example.com' }, { from: 'b' }] };
	test.each([
		['text with commas', 'a@example.com, b', any],
		['a list', ['a@example.com', 'b'], any],
		['a name with a comma in quotes', '"Doe, John"', { from: 'Doe, John' }],
		['a list of names in quotes', ' "Doe, J" , b', { or: [{ from: 'Doe, J' }, { from: 'b' }] }],
		['a quote within a word', 'O"Brien', { from: 'O"Brien' }],
		['two quotes within words', 'a"b, c"d', { from: 'a"b, c"d' }],
		['a whole address', '"Doe, J" <j@x.example>', { from: '"Doe, J" <j@x.example>' }],
		['a quote that is not closed', '"Doe, b', { or: [{ from: '"Doe' }, { from: 'b' }] }],
	])('%s', (_what, from, expected) => {
		expect(queryOf({ from })).toEqual(expected);
	});
});

const EMPTY_VALUES = ['', '   ', undefined, null, NaN, [], {}];
const FILTERS: ReadonlyArray<[string, string]> = [
	['from', 'From Contains'],
	['to', 'To Contains'],
	['cc', 'CC Contains'],
	['bcc', 'BCC Contains'],
	['subject', 'Subject Contains'],
	['body', 'Body Contains'],
	['text', 'Text Contains'],
	['gmailRaw', 'Gmail Search'],
	['keyword', 'Keyword'],
	['notKeyword', 'Without Keyword'],
	['larger', 'Larger Than (Bytes)'],
	['smaller', 'Smaller Than (Bytes)'],
	['since', 'Received Since'],
	['before', 'Received Before'],
	['on', 'Received On'],
	['sentSince', 'Sent Since'],
	['sentBefore', 'Sent Before'],
	['sentOn', 'Sent On'],
	['uid', 'UID Range'],
	['messageId', 'Message ID'],
	['rawSearch', 'Raw Search'],
	['readStatus', 'Read Status'],
	['flags', 'Flags'],
	['header', 'Header Fields'],
	['hasAttachments', 'Has Attachments'],
	['attachmentName', 'Attachment Name'],
	['attachmentType', 'Attachment Type'],
	['attachmentLarger', 'Attachment Larger Than (Bytes)'],
];

describe('an empty value is an error that names the filter', () => {
	test.each(
		FILTERS.flatMap(([name, label]) => EMPTY_VALUES.map((value) => [name, value, label] as const)),
	)('%s: %j', (name, value, label) => {
		expect(() => messageFilters({ [name]: value }, 'UTC')).toThrow(label);
	});

	test.each(EMPTY_VALUES)('the text that a header field contains: %j', (value) => {
		const header = { field: [{ name: 'Message-ID', value }] };
		expect(() => messageFilters({ header }, 'UTC')).toThrow('Message-ID');
	});

	test.each(EMPTY_VALUES)('the name of a header field: %j', (name) => {
		const header = { field: [{ name, value: 'x' }] };
		expect(() => messageFilters({ header }, 'UTC')).toThrow('"Header Fields" is empty');
	});

	test.each([undefined, null, '', 'x', 1, []])('all filters at once: %j', (filters) => {
		expect(() => messageFilters(filters, 'UTC')).toThrow('not a set of filters');
	});
});

describe('what cannot be meant is refused', () => {
	test.each<[object, string]>([
		[{ since: 'soon' }, 'not a valid date'],
		[{ since: '2026-02-30' }, 'not a valid date'],
		[{ on: '2026-02-30T10:00:00Z' }, 'not a valid date'],
		[{ messageId: '<a>\r\nX' }, 'line break'],
		[{ from: { a: 1 } }, 'must be text'],
		[{ larger: -1 }, 'whole number'],
		[{ larger: 1.5 }, 'whole number'],
		[{ smaller: 'big' }, 'whole number'],
		[{ readStatus: true }, 'Read Status'],
		[{ flags: ['flagged', 'not flagged'] }, 'both set and not set'],
		[{ flags: ['seen'] }, 'Flags'],
		[{ keyword: ', ,' }, '"Keyword" is empty'],
		[{ keyword: 'a, ' }, '"Keyword" is empty'],
		[{ keyword: ',a' }, '"Keyword" is empty'],
		[{ notKeyword: 'a,,b' }, '"Without Keyword" is empty'],
		[{ flags: 'flagged,' }, '"Flags" is empty'],
		[{ keyword: ['a', ''] }, '"Keyword" is empty'],
		[{ uid: '1:x' }, 'not a valid UID set'],
		[{ rawSearch: 'UNSEEN)' }, 'not a valid search'],
		[{ rawSearch: 'UID 0' }, 'not a valid UID set'],
		[{ rawSearch: 'SINCE 30-Feb-2026' }, 'not a valid search'],
		[{ rawSearch: 'FROM ""' }, 'contains an empty text'],
		[{ rawSearch: 'UNSEEN (OR SUBJECT "x" BODY "")' }, 'contains an empty text'],
		[{ rawSearch: 'NOT TEXT ""' }, 'contains an empty text'],
		[{ rawSearch: 'SUBJECT " "' }, 'contains an empty text'],
		[{ rawSearch: 'HEADER Message-ID ""' }, 'contains an empty text'],
		[{ rawSearch: 'X-GM-RAW ""' }, 'contains an empty text'],
		[{ header: { field: [{ name: 'X', value: 'a\nb' }] } }, 'line break'],
		[{ attachmentType: 'pdf' }, 'not a media type'],
		[{ hasAttachments: 'yes' }, 'neither true nor false'],
		[{ hasAttachments: false, attachmentName: '*.pdf' }, 'at once'],
		[{ unknown: 1 }, '"unknown" is not a filter'],
	])('%j', (filters, said) => {
		expect(() => messageFilters({ ...filters }, 'UTC')).toThrow(said);
	});
});
