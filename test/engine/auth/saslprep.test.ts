/** SASLprep (RFC 4013), beside a library that prepares for MongoDB's logins. */
import { saslprep as oracle } from '@mongodb-js/saslprep';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { saslprep } from '../../../engine/auth/saslprep';
import {
	decodeRanges,
	IGNORED,
	includes,
	LEFT_TO_RIGHT,
	PROHIBITED,
	RIGHT_TO_LEFT,
	SPACES,
} from '../../../engine/auth/saslprep-tables';

describe('SASLprep', () => {
	test.each([
		['a soft hyphen is mapped to nothing', 'I\u00adX', 'IX'],
		['US-ASCII stays as it is', 'user', 'user'],
		['case stays as it is', 'USER', 'USER'],
		['the feminine ordinal is normalised', '\u00aa', 'a'],
		['a Roman numeral is normalised', '\u2168', 'IX'],
		['a control character is prohibited', '\u0007', undefined],
		['mixed directions are prohibited', '\u0627\u0031', undefined],
	])('RFC 4013 §3: %s', (_what, text, prepared) => {
		expect(saslprep(text)).toBe(prepared);
	});

	test.each([
		['a no-break space is a space', 'a\u00a0b', 'a b'],
		['a zero-width space is a space', 'a\u200bb', 'a b'],
		['a zero-width non-joiner is mapped to nothing', 'a\u200cb', 'ab'],
		['nothing stays nothing', '', ''],
		['what is mapped to nothing is nothing', '\u00ad', ''],
		['printable US-ASCII', ' ~"\\', ' ~"\\'],
		['DEL is prohibited', 'a\u007f', undefined],
		['half a surrogate pair is prohibited', 'a\ud800', undefined],
		['private use is prohibited', '\ue000', undefined],
		['one direction only', '\u05e9\u05dc\u05d5\u05dd', '\u05e9\u05dc\u05d5\u05dd'],
		['digits between letters from right to left', '\u05e91\u05d5', '\u05e91\u05d5'],
		['a digit before letters from right to left', '1\u05d5', undefined],
		['letters of both directions', '\u05e9a\u05d5', undefined],
		['a code point unassigned in Unicode 3.2', '\u{1f600}', '\u{1f600}'],
	])('%s', (_what, text, prepared) => {
		expect(saslprep(text)).toBe(prepared);
	});

	const unit = fc.oneof(
		fc.integer({ min: 0, max: 0x10ffff }),
		fc.integer({ min: 0x20, max: 0x7e }),
		fc.constantFrom(0xad, 0x34f, 0x200b, 0x200c, 0xa0, 0x3000, 0x5d0, 0x627, 0xfe00, 0xfeff, 0x340),
		fc.integer({ min: 0x590, max: 0x700 }),
	);
	const text = fc
		.array(
			unit.filter((one) => one < 0xd800 || one > 0xdfff),
			{ maxLength: 8 },
		)
		.map((codePoints) => String.fromCodePoint(...codePoints));

	/** What the library prepares; it does not know that table C.4 has U+FFFFE and U+FFFFF. */
	const expected = (any: string): string | undefined => {
		if (/[\u{ffffe}\u{fffff}]/u.test(any)) return undefined;
		try {
			return oracle(any, { allowUnassigned: true });
		} catch {
			return undefined;
		}
	};

	test('agrees with the library on any text', () => {
		fc.assert(
			fc.property(text, (any) => {
				// The library fails where nothing is left.
				fc.pre(saslprep(any) !== '');
				expect(saslprep(any)).toBe(expected(any));
			}),
			{ numRuns: 20_000 },
		);
	});

	test('agrees with the library on each code point of the first plane, and on those around ranges', () => {
		const different: number[] = [];
		const edges = [IGNORED, PROHIBITED, RIGHT_TO_LEFT, LEFT_TO_RIGHT].flatMap((encoded) =>
			[...decodeRanges(encoded)].flatMap((edge) => [edge - 1, edge, edge + 1]),
		);
		const all = [...Array(0x10000).keys(), ...edges];
		for (const codePoint of all.filter((one) => one >= 0 && one <= 0x10ffff)) {
			if (codePoint >= 0xd800 && codePoint <= 0xdfff) continue;
			const character = String.fromCodePoint(codePoint);
			// A character that is written from right to left may not be beside a letter.
			for (const any of [`${character}.${character}`, `a${character}`]) {
				if (any.startsWith(character) && saslprep(any) === '.') continue;
				if (saslprep(any) !== expected(any)) different.push(codePoint);
			}
		}
		expect(different).toEqual([]);
	});

	test('is idempotent', () => {
		fc.assert(
			fc.property(text, (any) => {
				const once = saslprep(any);
				if (once !== undefined) expect(saslprep(once)).toBe(once);
			}),
			{ numRuns: 5000 },
		);
	});
});

describe('the tables', () => {
	test.each([
		['SPACES', SPACES],
		['IGNORED', IGNORED],
		['PROHIBITED', PROHIBITED],
		['RIGHT_TO_LEFT', RIGHT_TO_LEFT],
		['LEFT_TO_RIGHT', LEFT_TO_RIGHT],
	])('%s: ascending ranges that do not touch, each found to its ends', (_name, encoded) => {
		const ranges = decodeRanges(encoded);
		for (let at = 0; at < ranges.length; at += 2) {
			const [first, last] = [ranges[at] as number, ranges[at + 1] as number];
			expect(first).toBeLessThanOrEqual(last);
			if (at > 0) expect(first).toBeGreaterThan((ranges[at - 1] as number) + 1);
			expect([first - 1, first, last, last + 1].map((one) => includes(ranges, one))).toEqual([
				false,
				true,
				true,
				false,
			]);
		}
	});
});
