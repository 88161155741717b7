/** A transcript of what a server sent, read without a connection. */
import { describe, expect, test } from 'vitest';
import { parseResponses } from '../../../engine/index';

const parsed = (text: string, limits?: Parameters<typeof parseResponses>[1]) =>
	parseResponses(Buffer.from(text), limits);

test('each response comes in order, and an empty line is none', () => {
	expect(parsed('* 3 EXISTS\r\n\r\n* 1 RECENT\r\nA1 OK done\r\n')).toMatchObject([
		{ type: 'EXISTS', number: 3 },
		{ type: 'RECENT', number: 1 },
		{ type: 'tagged', tag: 'A1' },
	]);
	expect(parsed('')).toEqual([]);
});

test('literals are held, however long', () => {
	const [response] = parsed(`* 1 FETCH (BODY[] {200000}\r\n${'x'.repeat(200_000)})\r\n`);
	expect(response).toMatchObject({ type: 'FETCH', message: { body: [{ size: 200_000 }] } });
});

test('the bytes may be a part of others', () => {
	const bytes = new Uint8Array(Buffer.from('* 9 EXISTS\r\n* 3 EXISTS\r\n* 7 EXISTS\r\n'));
	expect(parseResponses(bytes.subarray(12, 24))).toMatchObject([{ number: 3 }]);
});

describe('what is not a whole transcript is an error', () => {
	test.each([['* 3 EXISTS\r\n* 4 EXI'], ['* 1 FETCH (BODY[] {5}\r\nabc'], ['* 3 EXISTS']])(
		'%j is cut off',
		(text) => {
			expect(() => parsed(text)).toThrow(
				expect.objectContaining({
					code: 'PROTOCOL',
					message: 'The transcript ends in the middle of a response',
				}),
			);
		},
	);

	test('a response that cannot be read', () => {
		expect(() => parsed('* 1 FETCH\r\n')).toThrow(expect.objectContaining({ code: 'PROTOCOL' }));
	});
});

test('limits are those of a connection, unless others are given', () => {
	const line = `* OK ${'x'.repeat(50)}\r\n`;
	expect(parsed(line)).toHaveLength(1);
	expect(() => parsed(line, { lineLength: 40 })).toThrow(
		expect.objectContaining({ code: 'LIMIT' }),
	);
	const nested = (depth: number): string => `* X ${'('.repeat(depth)}${')'.repeat(depth)}\r\n`;
	expect(parsed(nested(200))).toHaveLength(1);
	expect(() => parsed(nested(300))).toThrow(expect.objectContaining({ code: 'LIMIT' }));
	expect(() => parsed(nested(4), { nestingDepth: 3 })).toThrow(
		expect.objectContaining({ code: 'LIMIT' }),
	);
});
