import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SearchQuery } from '../../../engine/index';
import { Imap4Error, parseSearch } from '../../../engine/index';
import { encodeMailboxName } from '../../../engine/grammar/mailbox-name';
import { encodeSearch } from '../../../engine/grammar/search-key';
import { encode } from '../../../engine/wire/writer';

/** The search as it would be sent, on one line. */
function printed(query: SearchQuery): string {
	const context = { utf8: true, nonSynchronizing: 0, encodeMailbox: encodeMailboxName };
	const [segment] = encode('SEARCH', encodeSearch(query).parts, context);
	return segment?.text.slice('SEARCH '.length).trimEnd() ?? '';
}

describe('a search as text (RFC 9051 §6.4.4)', () => {
	it.each<[string, SearchQuery]>([
		['ALL', { all: true }],
		['unseen', { seen: false }],
		[' ( DELETED )  ', { deleted: true }],
		['FROM "Ann \\"B\\" \\\\" SEEN', { and: [{ from: 'Ann "B" \\' }, { seen: true }] }],
		['SUBJECT Jörg', { subject: 'Jörg' }],
		['NOT (SEEN FLAGGED)', { not: { and: [{ seen: true }, { flagged: true }] } }],
		['OR FROM a OR TO b CC c', { or: [{ from: 'a' }, { or: [{ to: 'b' }, { cc: 'c' }] }] }],
		[
			'SINCE 1-Feb-2020 BEFORE "03-mar-2021"',
			{ and: [{ since: '2020-02-01' }, { before: '2021-03-03' }] },
		],
		['LARGER 10 YOUNGER 60', { and: [{ larger: 10 }, { younger: 60 }] }],
		['HEADER Message-ID <a@b>', { header: { 'Message-ID': '<a@b>' } }],
		['HEADER X-A ""', { header: { 'X-A': '' } }],
		['UID 1:20,40:*', { uid: '1:20,40:*' }],
		[
			'1:5,7 KEYWORD $Junk UNKEYWORD a',
			{ and: [{ seq: '1:5,7' }, { keyword: '$Junk' }, { notKeyword: 'a' }] },
		],
		['MODSEQ 12345678901234567', { modSeq: 12345678901234567n }],
		['X-GM-RAW "has:attachment"', { gmailRaw: 'has:attachment' }],
	])('%s', (text, query) => {
		expect(parseSearch(text)).toEqual(query);
		// It can be sent, and means the same when it is read back.
		expect(printed(parseSearch(printed(query)))).toBe(printed(parseSearch(text)));
	});

	it.each([
		['', 'a search key is missing'],
		['()', 'a search key is missing'],
		['SEEN)', 'a closing parenthesis too many'],
		['(SEEN', 'a closing parenthesis is missing'],
		['OR SEEN', 'a search key is missing'],
		['FROM', 'a text is missing'],
		['FROM "ann', 'a text is missing'],
		['FROM ann@x.org)', 'at ")"'],
		['SUBJECT "a\r\nA1 DELETE INBOX"', 'a text is missing'],
		['SINCE 30-Feb-202', 'is not a date'],
		['SINCE 30-Feb-2026', 'is not a date'],
		['SENTON 31-Apr-2026', 'is not a date'],
		['LARGER many', 'is not a number'],
		['XYZZY 5', '"XYZZY" is not a search key'],
		['CHARSET UTF-8 ALL', '"CHARSET" is not a search key'],
		['{3}', 'is not a search key'],
		['('.repeat(60), 'levels deep'],
		['NOT '.repeat(60), 'levels deep'],
	])('%j is refused', (text, reason) => {
		expect(() => parseSearch(text)).toThrow(
			expect.objectContaining({
				code: 'ARGUMENT',
				message: expect.stringContaining(reason) as string,
			}),
		);
	});

	it('any text is a search that can be printed and read back, or is refused', () => {
		const word = fc.constantFrom(
			...'( ) NOT OR SEEN UNSEEN FROM "a b" x SINCE 1-Jan-2020 UID 1:* 5 HEADER LARGER 7 KEYWORD'.split(
				' ',
			),
			'"quoted \\" text"',
		);
		const text = fc.oneof(
			fc.array(word, { maxLength: 15 }).map((words) => words.join(' ')),
			fc.string({ maxLength: 40 }),
		);
		let read = 0;
		fc.assert(
			fc.property(text, (given) => {
				let once: string;
				try {
					once = printed(parseSearch(given));
				} catch (error) {
					expect(error).toBeInstanceOf(Imap4Error);
					return;
				}
				read++;
				expect(once).not.toMatch(/[\r\n]/);
				expect(printed(parseSearch(once))).toBe(once);
			}),
			{ numRuns: 5000 },
		);
		expect(read).toBeGreaterThan(50);
	});
});
