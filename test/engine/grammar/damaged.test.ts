import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Imap4Error, parseResponses, type Response } from '../../../engine/index';
import { damaged } from './damaged-responses';

test('a damaged response is read, or refused with one of our errors, and nothing else', () => {
	fc.assert(
		fc.property(damaged, (bytes) => {
			try {
				for (const response of parseResponses(bytes)) {
					// What is computed on demand must not throw either.
					if (response.type === 'FETCH') {
						const { message } = response;
						expect(() => [message.internalDate, message.saveDate]).not.toThrow();
					}
				}
			} catch (error) {
				expect(error).toBeInstanceOf(Imap4Error);
				expect(['PROTOCOL', 'LIMIT']).toContain((error as Imap4Error).code);
			}
		}),
		{ numRuns: 15_000 },
	);
});

test.each([
	['parentheses', (count: number) => `* 1 FETCH (X ${'('.repeat(count)}`],
	['threads', (count: number) => `* THREAD ${'('.repeat(count)}`],
	['multiparts', (count: number) => `* 1 FETCH (BODYSTRUCTURE ${'('.repeat(count)}`],
	[
		'messages',
		(count: number) =>
			`* 1 FETCH (BODYSTRUCTURE ${'("message" "rfc822" NIL NIL NIL NIL 1 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) '.repeat(count)}`,
	],
	['parameters', (count: number) => `* 1 FETCH (BODYSTRUCTURE ("a" "b" ("c" ${'('.repeat(count)}`],
	['in a code', (count: number) => `* OK [BADCHARSET ${'('.repeat(count)}`],
	['closed again', (count: number) => `* X ${'('.repeat(count)}${')'.repeat(count)}`],
])('100,000 nested %s end at once', (_name, wire) => {
	const bytes = Buffer.from(`${wire(100_000)}\r\n`);
	let error: unknown;
	let responses: Response[] = [];
	try {
		responses = parseResponses(bytes);
	} catch (caught) {
		error = caught;
	}
	// A response code is kept as text if it is none; an item of FETCH is noted, and the others kept.
	const [response] = responses;
	if (response?.type === 'FETCH') expect(response.message.malformed).not.toEqual([]);
	else if (response?.type !== 'status') expect(error).toBeInstanceOf(Imap4Error);
	if (error) expect(error).toMatchObject({ code: expect.stringMatching(/LIMIT|PROTOCOL/) });
});

test.each([
	['quotes', '* X ' + '"a" '.repeat(200_000)],
	['words', '* SEARCH ' + '1 '.repeat(200_000)],
	['open quotes', '* X ' + '"'.repeat(200_001)],
	['backslashes', '* X "' + '\\'.repeat(200_001)],
	['code', '* OK [' + 'a'.repeat(200_000)],
	['codes', '* OK ' + '[]'.repeat(100_000)],
	['digits', '* X {' + '0'.repeat(200_000) + '1}'],
	['number', '* ' + '9'.repeat(200_000) + ' EXISTS'],
	['addresses', '* 1 FETCH (ENVELOPE (NIL NIL (' + '("a" NIL "b" "c")'.repeat(20_000)],
	['brackets', '* 1 FETCH (BODY[' + '['.repeat(200_000)],
	['mailbox name', '* LIST () "/" "' + '&'.repeat(200_000) + '"'],
	['mailbox name in base64', '* LIST () "/" "' + '&AOQ-'.repeat(40_000) + '"'],
])('many %s are read, or refused, in time that grows with them alone', (_name, line) => {
	const bytes = Buffer.from(`${line}\r\n`);
	try {
		parseResponses(bytes);
	} catch (error) {
		expect(error).toBeInstanceOf(Imap4Error);
	}
});
