import { describe, expect, test } from 'vitest';
import type { Reader, Token } from '../../../engine/wire/reader';
import { failure, reader, reads } from './reading';
import type { Read } from './reading';

const literal: Read = (one) => one.literal().toString('latin1');
const tokens: Read = (one) => one.tokens();
const skip: Read = (one) => {
	one.skipValue();
};

describe('literals', () => {
	test('are found by their brace, or a tilde before it', () => {
		for (const [response, is] of [
			['{3}', true],
			['~{3}', true],
			['~a', false],
			['"{', false],
			['', false],
		] as const)
			expect(reader(response, '{').atLiteral).toBe(is);
	});

	test('may be empty, and end where their size says', () => {
		expect(reads(literal, '{0}\r\n)')).toEqual(['', ')']);
		expect(reads(literal, '{2}\r\n{9})')).toEqual(['{9', '})']);
		expect(failure(literal, '{2}\r\n)', 'x')).toBe('2 octets of a literal at octet 5');
	});

	test('are streamed where the response ends before their bytes', () => {
		const streamed: Read = (one) => one.atStreamedLiteral;
		expect(reads(streamed, '{2}\r\n', 'ab')).toEqual([true, '{2}\r\n']);
		expect(reads(streamed, '{2}\r\nab')).toEqual([false, '{2}\r\nab']);
		expect(reads(streamed, '{0}\r\n')).toEqual([false, '{0}\r\n']);
		expect(reads(streamed, 'abc')).toEqual([false, 'abc']);
	});

	test('and quoted strings have an end beyond doubt, atoms do not', () => {
		expect(reader('"a"').atDelimited).toBe(true);
		expect(reader('{1}\r\na').atDelimited).toBe(true);
		expect(reader('~{1}\r\na').atDelimited).toBe(true);
		expect(reader('a').atDelimited).toBe(false);
	});
});

describe('lists', () => {
	const words = (one: Reader): string[] => one.list(() => one.atom().text);

	test.each([
		['(a b)', ['a', 'b']],
		['()', []],
		['( a\tb  )', ['a', 'b']],
		['(a(', undefined],
	])('%j', (response, value) => {
		if (value) expect(reads((one) => words(one), `${response} x`)).toEqual([value, ' x']);
		else expect(failure((one) => words(one), response)).toBe('an atom at octet 2');
	});

	test.each([
		['a b)', '"(" at octet 0'],
		['(a b', 'an atom at octet 4'],
		['', '"(" at octet 0'],
	])('that cannot be read: %j', (response, message) => {
		expect(failure((one) => words(one), response, ')')).toBe(message);
	});

	test('whose items take nothing do not run for ever', () => {
		expect(failure((one) => one.list(() => one.nil()), '(a)')).toBe('an item of a list at octet 1');
	});

	test('are limited in depth, not in number', () => {
		const nested = (depth: number): string => '('.repeat(depth) + ')'.repeat(depth);
		expect(() => reader(nested(3), '', 3).token()).not.toThrow();
		expect(() => reader('(() () (())) ((()))', '', 3).tokens()).not.toThrow();
		expect(() => reader(nested(4), '', 3).token()).toThrow(
			expect.objectContaining({
				code: 'LIMIT',
				message: 'The server nested parentheses more than 3 deep, more than this client accepts',
			}),
		);
	});

	test('can be left by going back to where they were entered', () => {
		const one = reader('((a) b)', '', 2);
		one.enter();
		const { at, level } = one;
		expect([at, level]).toEqual([1, 1]);
		for (let time = 0; time < 3; time++) {
			one.enter();
			expect(one.level).toBe(2);
			one.reset(at, level);
		}
		expect(one.token()).toEqual(['a']);
		expect(one.leave()).toBe(false);
		expect(one.token()).toBe('b');
		expect(one.leave()).toBe(true);
		expect(one.level).toBe(0);
		expect(one.done).toBe(true);
	});

	test('of any value', () => {
		const value: Token[] = ['a', ['b c', null, ['d', []]], '\\Seen'];
		expect(reads(tokens, ' a ("b c" NIL\t({1}\r\nd ()))  \\Seen ', ')')).toEqual([value, '']);
		expect(reads(tokens, '  ', ')')).toEqual([[], '']);
		expect(failure(tokens, 'a )')).toBe('an atom at octet 2');
	});
});

describe('what is passed over', () => {
	test.each([
		['a b', ' b'],
		['  a b', ' b'],
		['"a b)" c', ' c'],
		['"a\\")" c', ' c'],
		['{3}\r\na") c', ' c'],
		['~{3}\r\na") c', ' c'],
		['(a (b) "c)" ({1}\r\n))) d', ' d'],
		['() a', ' a'],
		[') a', ') a'],
		['  ) a', ') a'],
	])('a value of any kind: %j', (response, rest) => {
		expect(reads(skip, response, ')')).toEqual([undefined, rest]);
	});

	test('however deep', () => {
		const one = reader(`${'('.repeat(100_000)}${')'.repeat(100_000)} a`);
		one.skipValue();
		expect(one.at).toBe(200_000);
	});

	test.each([
		['', 'an atom at octet 0'],
		['((a)', 'an atom at octet 4'],
		['(a', 'an atom at octet 2'],
		['("a', 'a closing quote at octet 1'],
	])('has to have an end: %j', (response, message) => {
		expect(failure(skip, response, ')")')).toBe(message);
	});

	test('spaces and tabs, no other character, and not what is behind the response', () => {
		const spaces: Read = (one) => {
			one.skipSpaces();
		};
		expect(reads(spaces, ' \t  a')).toEqual([undefined, 'a']);
		expect(reads(spaces, '\na')).toEqual([undefined, '\na']);
		const one = reader(' \t', ' a');
		one.skipSpaces();
		expect(one.at).toBe(2);
	});

	test('parentheses and spaces among them', () => {
		const parentheses: Read = (one) => {
			one.parentheses();
		};
		expect(reads(parentheses, ' ( ) )(a')).toEqual([undefined, 'a']);
		expect(reads(parentheses, 'a (')).toEqual([undefined, 'a (']);
		expect(reads(parentheses, ')) ')).toEqual([undefined, '']);
		const one = reader('(', ')');
		one.parentheses();
		expect(one.at).toBe(1);
	});

	test('one character, if it is that', () => {
		const one = reader('ab', 'c');
		expect(one.take(0x62)).toBe(false);
		expect(one.take(0x61)).toBe(true);
		expect(one.peek()).toBe(0x62);
		expect(one.take(0x62)).toBe(true);
		expect([one.peek(), one.done]).toEqual([-1, true]);
		expect(one.take(0x63)).toBe(false);
		expect(one.at).toBe(2);
	});

	test('what stood before, if the same comes again', () => {
		const again = (response: string, behind = ''): [boolean, number] => {
			const one = reader(response, behind);
			one.at = 3;
			return [one.takeAgain(0, 3), one.at];
		};
		const later = reader('xxabxxab');
		later.at = 6;
		expect([later.takeAgain(2, 4), later.at]).toEqual([true, 8]);
		expect(again('abcabc')).toEqual([true, 6]);
		expect(again('abcabcd')).toEqual([true, 6]);
		expect(again('abcxbc')).toEqual([false, 3]);
		expect(again('abcabx')).toEqual([false, 3]);
		expect(again('abcab', 'c')).toEqual([false, 3]);
	});

	test('nothing, to see whether a character comes once more', () => {
		const another = (response: string, behind = ''): boolean =>
			reader(response, behind).hasAnother(0x29);
		expect(another(') a)')).toBe(true);
		expect(another('))')).toBe(true);
		expect(another(') a', ')')).toBe(false);
		expect(another(') a')).toBe(false);
		expect(another('a ) b')).toBe(true);
	});
});

describe('text without a form', () => {
	const high = Buffer.from('ü').toString('latin1');

	test('up to a blank, or the end of a response code', () => {
		const until =
			(isCode: boolean): Read =>
			(one) =>
				one.untilBlank(isCode).text;
		expect(reads(until(false), `a("]${high} b`)).toEqual(['a("]ü', ' b']);
		expect(reads(until(false), 'a\tb')).toEqual(['a', '\tb']);
		expect(reads(until(true), 'a("] b')).toEqual(['a("', '] b']);
		expect(reads(until(true), 'a', 'b')).toEqual(['a', '']);
		expect(reads(until(true), ' a')).toEqual(['', ' a']);
	});

	test('up to the end of the response', () => {
		const rest: Read = (one) => one.rest();
		expect(reads(rest, ` a "${high}`, 'x')).toEqual([' a "ü', '']);
		expect(reads(rest, ' a ü')).toEqual([' a ü', '']);
		expect(reads(rest, '', 'x')).toEqual(['', '']);
	});
});
