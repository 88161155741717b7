import { describe, expect, test } from 'vitest';
import { searchQuery } from '../../../../nodes/shared/message/search-filters';

test('every filter', () => {
	expect(
		searchQuery(
			{
				from: 'a',
				keyword: 'x, y',
				larger: 10,
				since: '2026-01-01',
				readStatus: 'unread',
				flags: ['flagged', 'not deleted'],
				messageId: 'id@example.org',
				header: {
					field: [
						{ name: 'List-Id', value: 'news' },
						{ name: 'X-Spam', value: '' },
					],
				},
				uid: '1:20, 40:*',
			},
			'UTC',
		),
	).toEqual({
		from: 'a',
		keyword: ['x', 'y'],
		larger: 10,
		since: '2026-01-01',
		seen: false,
		flagged: true,
		deleted: false,
		header: { 'Message-ID': '<id@example.org>', 'List-Id': 'news', 'X-Spam': '' },
		uid: '1:20,40:*',
	});
	expect(searchQuery({}, 'UTC')).toEqual({});
	expect(searchQuery({ readStatus: 'all' }, 'UTC')).toEqual({});
});

describe('refused', () => {
	test.each<[object, string]>([
		[{ from: '' }, '"from" is empty'],
		[{ from: '   ' }, '"from" is empty'],
		[{ subject: null }, '"subject" is empty'],
		[{ since: '' }, '"Received Since" is empty'],
		[{ since: 'soon' }, 'no date'],
		[{ keyword: '' }, '"keyword" is empty'],
		[{ messageId: '' }, '"Message ID" is empty'],
		[{ messageId: '<a>\r\nX' }, 'line end'],
		[{ larger: -1 }, '"larger"'],
		[{ smaller: '' }, '"smaller"'],
		[{ flags: ['flagged', 'not flagged'] }, 'both set and not set'],
		[{ header: { field: [{ name: '', value: 'x' }] } }, '"Header Fields" is empty'],
		[{ header: { field: [{ name: 'X', value: 'a\nb' }] } }, 'line end'],
		[{ unknown: 1 }, 'no filter "unknown"'],
	])('%j', (filters, said) => {
		expect(() => searchQuery({ ...filters }, 'UTC')).toThrow(said);
	});
});
