import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Imap4Error } from '../../../engine/errors';
import { checkFlag, parseFlags } from '../../../engine/grammar/flags';
import {
	formatDay,
	formatInternalDate,
	parseInternalDate,
} from '../../../engine/grammar/internal-date';
import {
	decodeMailboxName,
	encodeMailboxName,
	MailboxNames,
} from '../../../engine/grammar/mailbox-name';
import { SequenceSet } from '../../../engine/grammar/message-set';
import { intToAp } from '../../../engine/ap-number';

const name = fc
	.string({ unit: 'binary', minLength: 1, maxLength: 30 })
	.filter((text) => !/[\0\r\n]/.test(text) && text.isWellFormed());

describe('mailbox names (RFC 3501 §5.1.3)', () => {
	it.each([
		['~peter/mail/台北/日本語', '~peter/mail/&U,BTFw-/&ZeVnLIqe-'],
		['Entwürfe', 'Entw&APw-rfe'],
		['R&D', 'R&-D'],
		['a\tb', 'a&AAk-b'],
		['😀', '&2D3eAA-'],
		['"\\%*[] ', '"\\%*[] '],
	])('writes %j as %j', (text, wire) => {
		expect(encodeMailboxName(text)).toBe(wire);
		expect(decodeMailboxName(wire)).toBe(text);
	});

	it('come back as they went', () => {
		fc.assert(
			fc.property(name, (text) => {
				expect(decodeMailboxName(encodeMailboxName(text))).toBe(text);
			}),
			{
				numRuns: 5000,
			},
		);
	});

	it('select what LIST meant, whatever LIST wrote', () => {
		const wire = fc.string({
			unit: fc.constantFrom('&', '-', 'A', 'G', 'E', 'b', ',', '/', 'ä', '+'),
			minLength: 1,
			maxLength: 12,
		});
		fc.assert(
			fc.property(wire, (listed) => {
				const names = new MailboxNames();
				expect(names.encode(names.decode(listed))).toBe(listed);
			}),
			// NUL where ASCII would do: found by chance.
			{ numRuns: 5000, examples: [['&AAA-']] },
		);
	});

	it.each(['', 'a\0b', 'a\r\nb LOGOUT', 'a\nb', '\ud800'])('refuses %j', (text) => {
		expect(() => encodeMailboxName(text)).toThrow(expect.objectContaining({ code: 'ARGUMENT' }));
	});
});

describe('internal dates (RFC 9051 date-time)', () => {
	it('come back as they went, in any zone', () => {
		const date = fc.date({
			min: new Date('0001-01-03'),
			max: new Date('9999-12-30'),
			noInvalidDate: true,
		});
		const offset = fc.integer({ min: -1439, max: 1439 });
		fc.assert(
			fc.property(date, offset, (moment, zone) => {
				const whole = Math.floor(moment.getTime() / 1000) * 1000;
				const read = parseInternalDate(formatInternalDate(new Date(whole), zone));
				expect(read).toEqual({ date: new Date(whole), offset: zone });
			}),
			{ numRuns: 3000 },
		);
	});

	it('three zones are one instant', () => {
		const instants = [
			'18-May-2033 05:33:20 +0200',
			'18-May-2033 03:33:20 +0000',
			'17-May-2033 23:33:20 -0400',
		];
		expect(new Set(instants.map((text) => parseInternalDate(text)?.date.getTime()))).toEqual(
			new Set([2_000_000_000_000]),
		);
	});

	it('reads a day padded with a blank, and months in any case', () => {
		expect(parseInternalDate('" 1-fEB-2020 00:00:00 -0030"')).toEqual({
			date: new Date('2020-02-01T00:30:00Z'),
			offset: -30,
		});
	});

	it.each(['', 'yesterday', '32-Jan-2020 00:00:00 +0000', '01-Foo-2020 00:00:00 +0000'])(
		'takes %j for no date',
		(text) => {
			expect(parseInternalDate(text)).toBeUndefined();
		},
	);

	it.each([new Date(NaN), new Date('+010000-01-02'), '2020-02-30', '20200201', 'x'])(
		'writes no day for %s',
		(day) => {
			expect(() => formatDay(day)).toThrow(Imap4Error);
		},
	);

	it('writes days without padding', () => {
		expect(formatDay('2020-02-01')).toBe('1-Feb-2020');
		expect(formatDay(new Date('1999-12-31T23:59:59Z'))).toBe('31-Dec-1999');
	});
});

describe('sequence sets (RFC 9051 §9)', () => {
	const end = fc.integer({ min: 1, max: 60 });
	const range = fc.oneof(
		end.map(String),
		fc.tuple(end, end).map(([a, b]) => `${a}:${b}`),
	);

	it('hold just the numbers that the text names', () => {
		fc.assert(
			fc.property(fc.array(range, { minLength: 1, maxLength: 8 }), (ranges) => {
				const naive = new Set<number>();
				for (const one of ranges) {
					const [a = 0, b = a] = one.split(':').map(Number);
					for (let n = Math.min(a, b); n <= Math.max(a, b); n++) naive.add(n);
				}
				const set = SequenceSet.from(ranges.join(','));
				expect([...set]).toEqual([...naive].sort((a, b) => a - b));
				expect(set.size).toBe(naive.size);
				for (let n = 1; n <= 61; n++) expect(set.includes(n)).toBe(naive.has(n));
				expect(SequenceSet.from(set.toString()).toString()).toBe(set.toString());
				expect(SequenceSet.from([...naive]).toString()).toBe(set.toString());
			}),
			{ numRuns: 2000 },
		);
	});

	it('split into parts that together are the same', () => {
		fc.assert(
			fc.property(
				fc.array(fc.integer({ min: 1, max: 4294967295 }), { minLength: 1, maxLength: 200 }),
				fc.integer({ min: 25, max: 300 }),
				(numbers, octets) => {
					const set = SequenceSet.from(numbers);
					const parts = set.split(octets);
					for (const part of parts) expect(part.toString().length).toBeLessThanOrEqual(octets);
					expect(parts.map(String).join(',')).toBe(set.toString());
				},
			),
		);
	});

	it('are never expanded', () => {
		const set = SequenceSet.from('1:4294967295');
		expect(set.size).toBe(4294967295);
		expect(set.split()).toHaveLength(1);
	});

	it('keep * apart from numbers', () => {
		expect(SequenceSet.from('*:5,7,*').toString()).toBe('5:*');
		expect(SequenceSet.from('1:3,*').toString()).toBe('1:3,*');
		expect(SequenceSet.from('5:*').open).toBe(true);
	});

	it.each(['', '0', '1:', 'a', '1;2', '1 2', '4294967296', '1,,2', '1\r\n', '-1', '1.5'])(
		'refuse %j',
		(text) => {
			expect(() => SequenceSet.from(text)).toThrow(expect.objectContaining({ code: 'ARGUMENT' }));
		},
	);

	it.each([[[]], [[0]], [[1.5]], [[NaN]], [[4294967296]], [[-1]]])(
		'refuse the numbers %j',
		(numbers) => {
			expect(() => SequenceSet.from(numbers)).toThrow(
				expect.objectContaining({ code: 'ARGUMENT' }),
			);
		},
	);
});

describe('flags', () => {
	it.each(['\\Seen', 'foo', '$Forwarded', '[test]', "it's"])('%j can be sent', (flag) => {
		expect(checkFlag(flag)).toBe(flag);
	});

	it.each(['', '\\', 'a b', 'a\r\nb', 'a)', '(', '"', '\\*', 'ä', 'a\\b', '{5}', '\0'])(
		'%j cannot',
		(flag) => {
			expect(() => checkFlag(flag)).toThrow(Imap4Error);
		},
	);

	it("are found in a FETCH line, as imaplib's ParseFlags does", () => {
		expect(parseFlags('1 (FLAGS (\\Seen foo) UID 3)')).toEqual(['\\Seen', 'foo']);
		expect(parseFlags('1 (UID 3)')).toEqual([]);
	});
});

describe("imaplib's Int2AP", () => {
	it.each([
		[65535, 'PPPP'],
		[0, ''],
		[-17, 'BB'],
		[16, 'BA'],
	])('%i is %j', (value, text) => {
		expect(intToAp(value)).toBe(text);
	});
});
