import { describe, expect, it, test } from 'vitest';
import { octets } from './framed';
import { failure, reader, reads } from './reading';
import type { Read } from './reading';

const atom: Read = (one) => one.atom().text;
const codeAtom: Read = (one) => one.codeAtom().text;
const itemName: Read = (one) => one.itemName().upper;
const number: Read = (one) => one.number();
const whole: Read = (one) => one.wholeNumber();
const numbers: Read = (one) => one.numbers();
const big: Read = (one) => one.bigNumber();
const nil: Read = (one) => one.nil();
const nstring: Read = (one) => one.nstring();
const string: Read = (one) => one.string();
const lowered: Read = (one) => one.lowered();
const nbytes: Read = (one) => one.nbytes()?.toString('latin1') ?? null;
const token: Read = (one) => one.token();

describe('words', () => {
	it.each<[string, Read, string, string, string]>([
		['an atom ends at a space', atom, 'ab cd', 'ab', ' cd'],
		['an atom ends at a parenthesis', atom, 'ab)', 'ab', ')'],
		['an atom ends at an opening one', atom, 'ab(', 'ab', '('],
		['an atom ends at a quote', atom, 'ab"', 'ab', '"'],
		['an atom ends at a brace', atom, 'ab{', 'ab', '{'],
		['an atom ends at DEL', atom, 'ab\x7f', 'ab', '\x7f'],
		['an atom ends at a control character', atom, 'ab\x01', 'ab', '\x01'],
		['an atom may hold brackets, a backslash and 8-bit', atom, '\\a[b]ü', '\\a[b]ü', ''],
		['an atom of a response code ends at a bracket', codeAtom, 'ab[c] x', 'ab[c', '] x'],
		['the name of an item ends at an opening bracket', itemName, 'body]x[1]', 'BODY]X', '[1]'],
		['a word ends where the response does', atom, 'ab', 'ab', ''],
	])('%s', (_rule, read, response, value, rest) => {
		expect(reads(read, response, 'x')).toEqual([value, rest]);
	});

	it.each([atom, codeAtom, itemName])('there must be one (%#)', (read) => {
		expect(failure(read, ' a')).toBe('an atom at octet 0');
		expect(failure(read, '', 'a')).toBe('an atom at octet 0');
	});

	test('of any length are whole, those that recur and those too long to', () => {
		for (const length of [1, 63, 64, 65, 300]) {
			const word = 'Ab'.repeat(length).slice(0, length);
			for (let time = 0; time < 2; time++) {
				expect(reader(word).atom()).toEqual({
					text: word,
					upper: word.toUpperCase(),
					lower: word.toLowerCase(),
				});
			}
		}
	});

	test('that differ in one letter are never taken for one another', () => {
		const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'.split('');
		const words = letters.flatMap((one) =>
			letters.flatMap((two) => [`${one}${two}`, `${one}${two}x${one}`]),
		);
		// All of them twice: the second time most are found where the first time left them.
		for (const word of [...words, ...words]) {
			expect(reader(word).atom().text).toBe(word);
			expect(reader(`"${word}"`).string()).toBe(word);
		}
	});

	test('of many digits may stand anywhere', () => {
		const one = reader(`${'x'.repeat(50)} 123`);
		one.at = 51;
		expect(one.bigNumber()).toBe(123n);
	});

	test('are recognized whole, whatever stands behind them', () => {
		const words = octets('ab cd');
		expect(reader('ab cd').atWords(words)).toBe(true);
		expect(reader('ab cd', 'x').atWords(words)).toBe(true);
		expect(reader('ab cd x').atWords(words)).toBe(true);
		expect(reader('ab cd\tx').atWords(words)).toBe(true);
		expect(reader('ab cdx').atWords(words)).toBe(false);
		expect(reader('ab ce').atWords(words)).toBe(false);
		expect(reader('ab c', 'd').atWords(words)).toBe(false);
		const later = reader('xx ab cd');
		later.at = 3;
		expect(later.atWords(words)).toBe(true);
		expect(later.at).toBe(3);
	});

	test('a FETCH item begins with a letter, not with a bracket or blank', () => {
		expect(reader('UID').atItemName).toBe(true);
		for (const other of ['[1]', ' UID', '(', '"', ''])
			expect(reader(other, 'UID').atItemName).toBe(false);
	});
});

describe('numbers', () => {
	it.each<[string, Read, string, unknown, string]>([
		['ends at the first other character', number, '12a', 12, 'a'],
		['ends with the response', number, '12', 12, ''],
		['may have leading zeros', number, '007 ', 7, ' '],
		['of all digits', number, '9012345678/', 9_012_345_678, '/'],
		['ends before a colon', number, '1:2', 1, ':2'],
		['up to 2^53 - 1', number, '9007199254740991', 9_007_199_254_740_991, ''],
		['on its own', whole, '12', 12, ''],
		['that is whole, before a space', whole, '12 x', 12, ' x'],
		['that is whole, before a tab', whole, '12\tx', 12, '\tx'],
		['that is whole, before a parenthesis', whole, '12)', 12, ')'],
		['that is whole, before a list', whole, '12(', 12, '('],
		['that is whole, before a bracket', whole, '12]', 12, ']'],
		['that is whole, before a comma', whole, '12,13', 12, ',13'],
		['that is whole, up to 2^53 - 1', whole, '9007199254740991', 9_007_199_254_740_991, ''],
		['with a dot in it is none', whole, '1.8e+06', undefined, '1.8e+06'],
		['with a slash behind it is none', whole, '1/2', undefined, '1/2'],
		['with a colon behind it is none', whole, '1:2', undefined, '1:2'],
		['that is not a number is none', whole, 'x', undefined, 'x'],
		['that is nothing is none', whole, '', undefined, ''],
		['beyond 2^53 - 1 is none', whole, '9007199254740992', undefined, '9007199254740992'],
		['of 63 bits', big, '9223372036854775807)', 9_223_372_036_854_775_807n, ')'],
		['of 20 digits', big, '12345678901234567890', 12_345_678_901_234_567_890n, ''],
	])('a number %s', (_rule, read, response, value, rest) => {
		// The digit behind the end is of another response.
		expect(reads(read, response, '5')).toEqual([value, rest]);
	});

	it.each<[Read, string]>([
		[number, 'x'],
		[number, ''],
		[number, '/'],
		[number, ':'],
		[number, '9007199254740992'],
		[big, ''],
		[big, 'x'],
		[big, '123456789012345678901'],
		[numbers, '4294967296'],
		[numbers, '1 4294967296'],
		[numbers, '2 4294967296 1'],
	])('what is not a number, or too large: %#', (read, response) => {
		expect(failure(read, response, '5')).toMatch(/^a number at octet \d+$/);
	});

	it.each<[string, string, number[], string]>([
		['with spaces', '1 23 4', [1, 23, 4], ''],
		['with tabs', '1\t2', [1, 2], ''],
		['with commas', '1,2, 3', [1, 2, 3], ''],
		['with spaces at the end', '1 2  ', [1, 2], ''],
		['up to something else', '10 9 (MODSEQ 5)', [10, 9], '(MODSEQ 5)'],
		['up to a slash', '1 /2', [1], '/2'],
		['up to a colon', '1:2', [1], ':2'],
		['up to 2^32 - 1', '4294967295', [4_294_967_295], ''],
		['up to 2^32 - 1, in any order', '4294967295 1', [4_294_967_295, 1], ''],
		['of a zero alone, which is none', '0', [], ''],
		['with zeros, which are none', '0 10 0 12', [10, 12], ''],
		['twice', '3 1 3 2 1', [3, 1, 2], ''],
		['twice in a row', '1 2 2 3', [1, 2, 3], ''],
		['none', '', [], ''],
		['none before a word', 'x', [], 'x'],
	])('a list of them: %s', (_rule, response, value, rest) => {
		for (const behind of ['', '5', ' ', ' 5'])
			expect(reads(numbers, response, behind)).toEqual([value, rest]);
	});
});

describe('NIL', () => {
	it.each(['NIL', 'nil', 'Nil'])('in any case: %s', (word) => {
		expect(reads(nil, word, 'x')).toEqual([true, '']);
	});

	it.each(['NIL ', 'NIL)', 'NIL(', 'NIL]', 'NIL"', 'NIL\t'])(
		'ends where a word ends: %j',
		(response) => {
			expect(reads(nil, response)).toEqual([true, response.slice(3)]);
		},
	);

	it.each(['NILS', 'NI', 'xIL', 'NxL', 'NIx', 'NIL[', ''])('is not %j', (response) => {
		expect(reads(nil, response, 'L')).toEqual([false, response]);
	});

	test('is neither string nor bytes, an empty list, and the empty text in lower case', () => {
		expect(reads(nstring, 'NIL)')).toEqual([null, ')']);
		expect(reads(nbytes, 'NIL)')).toEqual([null, ')']);
		expect(reads((one) => one.nlist(() => one.number()), 'NIL)')).toEqual([[], ')']);
		expect(reads(lowered, 'NIL)')).toEqual(['', ')']);
		expect(reads(token, 'NIL)')).toEqual([null, ')']);
	});

	test('is the name of a mailbox where only a string may stand', () => {
		expect(reads(string, 'NIL')).toEqual(['NIL', '']);
	});
});

describe('strings', () => {
	const high = Buffer.from('grün').toString('latin1');
	it.each<[string, string, string]>([
		['in quotes', '"a b"', 'a b'],
		['empty', '""', ''],
		['as a literal', '{3}\r\na"b', 'a"b'],
		['as a literal that did not wait', '{3+}\r\na"b', 'a"b'],
		['as a literal8', '~{3}\r\na"b', 'a"b'],
		['as an atom', 'abc', 'abc'],
		['as an atom with a tilde', '~abc', '~abc'],
		['with escapes', '"a\\"b\\\\c"', 'a"b\\c'],
		['with an escape of something else', '"a\\b"', 'ab'],
		['with a line break that is escaped', '"a\\\nb"', 'a\nb'],
		['in UTF-8, in quotes', `"${high}"`, 'grün'],
		['in UTF-8, as a literal', `{5}\r\n${high}`, 'grün'],
		['in UTF-8, as an atom', high, 'grün'],
		['in UTF-8 with escapes', `"${high}\\""`, 'grün"'],
		['in Latin-1, in quotes', '"grün"', 'grün'],
		['in Latin-1, as a literal', '{4}\r\ngrün', 'grün'],
		['in Latin-1, as an atom', 'grün', 'grün'],
		['of 32 characters', `"${'x'.repeat(32)}"`, 'x'.repeat(32)],
		['of 33 characters', `"${'x'.repeat(33)}"`, 'x'.repeat(33)],
		['of 33 characters in UTF-8', `"${high}${'x'.repeat(33)}"`, `grün${'x'.repeat(33)}`],
	])('%s', (_rule, response, value) => {
		expect(reads(string, `${response} x`)).toEqual([value, ' x']);
		expect(reads(string, response, 'x"')).toEqual([value, '']);
		if (!/^[^"{~]/.test(response)) expect(reads(token, `  ${response} x`)).toEqual([value, ' x']);
	});

	it.each([
		['"abc', 'a closing quote at octet 0'],
		['"abc\\"', 'a closing quote at octet 0'],
		['', 'an atom at octet 0'],
		[')', 'an atom at octet 0'],
		['{x}\r\n', 'a number at octet 1'],
		['{3\r\nabc', '"}" at octet 2'],
		['{3}abc', '"\r" at octet 3'],
		['{3}\rabc', '"\n" at octet 4'],
		['{3}\r\nab', '3 octets of a literal at octet 5'],
	])('that cannot be read: %j', (response, message) => {
		for (const read of [string, nstring]) expect(failure(read, response, 'c"')).toBe(message);
	});

	test.each([
		['"TEXT"', 'text'],
		['"text/plain"', 'text/plain'],
		['"Two Words"', 'two words'],
		['"A\\"B"', 'a"b'],
		['"\u00c3\u009c"', 'ü'],
		['""', ''],
		['Atom', 'atom'],
		['{4}\r\nText', 'text'],
		['nil', ''],
	])('whose case does not matter come in lower case: %j', (response, value) => {
		expect(reads(lowered, `${response} x`)).toEqual([value, ' x']);
		expect(reads(lowered, response, 'x"')).toEqual([value, '']);
	});

	test('whose case does not matter have to end as well', () => {
		expect(failure(lowered, '"abc', '"')).toBe('a closing quote at octet 0');
		expect(failure(lowered, '"abc')).toBe('a closing quote at octet 0');
	});

	test.each([
		['"a b"', 'a b'],
		['"a\\"b"', 'a"b'],
		['"\u00c3\u009c\\""', '\u00c3\u009c"'],
		['"\u00fc\\""', '\u00fc"'],
		['""', ''],
		['{3}\r\na"b', 'a"b'],
		['~{3}\r\na"b', 'a"b'],
		['', ''],
	])('as bytes: %j', (response, value) => {
		expect(reads(nbytes, `${response})`)).toEqual([value, ')']);
		expect(reads(nbytes, response, 'x"')).toEqual([value, '']);
	});

	test('as bytes are a view of the response, not a copy', () => {
		for (const response of ['"abc"', '{3}\r\nabc']) {
			const one = reader(response);
			expect(one.nbytes()?.buffer).toBe(one.buffer.buffer);
		}
	});

	test('are no bytes where there is an atom', () => {
		expect(failure(nbytes, 'abc')).toBe('a string or NIL at octet 0');
	});
});
