/** Where the next item of a damaged response is looked for. */
import { expect, test } from 'vitest';
import { skipToWord } from '../../../engine/wire/next-word';
import { reader } from './reading';

/** What stands from the word on; undefined if there is none, and then all was passed over. */
function found(response: string, behind = ''): string | undefined {
	const one = reader(response, behind);
	const is = skipToWord(one, (upper) => upper === 'UID' || upper === 'BODY');
	if (!is) {
		expect(one.at).toBe(response.length);
		return undefined;
	}
	return one.buffer.toString('latin1', one.at, one.end);
}

test.each([
	['UID 3', 'UID 3'],
	['uid 3', 'uid 3'],
	['x UID 3', 'UID 3'],
	['x)UID 3', 'UID 3'],
	['x(UID 3', 'UID 3'],
	['x "unclosed UID 3', 'UID 3'],
	['x BODY[1] y', 'BODY[1] y'],
	['( ) ) UID 3', 'UID 3'],
	['UIDS 3 UID 4', 'UID 4'],
	['UID)UID(UID BODY[]', 'UID BODY[]'],
	['{7}\r\n UID 3 UID 4', 'UID 4'],
	['x ~{7}\r\n UID 3 UID 4', 'UID 4'],
])('%j: a word is found before a space or a bracket', (response, rest) => {
	expect(found(response)).toBe(rest);
});

test.each([
	['xUID 3', undefined],
	['"UID 3', undefined],
	['[UID 3', undefined],
	['UID', undefined],
	['UID)', undefined],
	['UID"', undefined],
	['FLAGS ()', undefined],
	['', undefined],
	['{6}\r\n UID 3', undefined],
])('%j: nothing is', (response, rest) => {
	expect(found(response, ' UID 3')).toBe(rest);
});

test.each([
	['{x UID 3', 'UID 3'],
	['{9}\r\n UID 3', 'UID 3'],
	['{ UID 3', 'UID 3'],
	['~{ UID 3', 'UID 3'],
	['{99999999999999999999} UID 3', 'UID 3'],
])('%j: what only looks like a literal hides nothing', (response, rest) => {
	expect(found(response)).toBe(rest);
});

test('a word is looked for from where the reader is, which may be within one', () => {
	const one = reader('BUID 3 UID 4');
	one.at = 1;
	expect(skipToWord(one, (upper) => upper === 'UID')).toBe(true);
	expect(one.at).toBe(7);
});
