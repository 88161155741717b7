import { expect, it } from 'vitest';
import { parseResponses } from '../../../engine/index';
import type { Response } from '../../../engine/index';
import { Reader } from '../../../engine/wire/reader';

const read = (line: string): Response => parseResponses(Buffer.from(`${line}\r\n`))[0] as Response;
const numbered = (count: number, one: (n: number) => string): string =>
	Array.from({ length: count }, (_, n) => one(n)).join(' ');

it('keeps a thousand FETCH items of unknown names, and the items behind them', () => {
	const response = read(`* 1 FETCH (${numbered(5000, (n) => `X-${n} ${n}`)} UID 7)`);
	if (response.type !== 'FETCH') throw new Error(response.type);
	const { message } = response;
	expect(Object.keys(message.other ?? {})).toHaveLength(1000);
	expect(message.other).toMatchObject({ 'X-0': '0', 'X-999': '999' });
	expect(message.uid).toBe(7);
	expect(message.malformed).toHaveLength(1);
	expect(message.malformed?.[0]?.item).toBe('FETCH');
});

it('notes nothing where a thousand of them come', () => {
	const response = read(`* 1 FETCH (${numbered(1000, (n) => `X-${n} ${n}`)})`);
	if (response.type !== 'FETCH') throw new Error(response.type);
	expect(response.message.malformed).toBeUndefined();
});

it('keeps a thousand capabilities', () => {
	const response = read(`* CAPABILITY IMAP4rev1 ${numbered(5000, (n) => `X${n}`)}`);
	if (response.type !== 'CAPABILITY') throw new Error(response.type);
	expect(response.capabilities).toHaveLength(1000);
	expect(response.capabilities[0]).toBe('IMAP4REV1');
});

it('refuses a THREAD response of more than 500,000 messages, whatever its form', () => {
	for (const line of [`(${'1 '.repeat(500_001)})`, '(1)'.repeat(500_001)]) {
		expect(() => read(`* THREAD ${line}`)).toThrow(/search for fewer/);
	}
	const response = read(`* THREAD ${'(1)'.repeat(1000)}(${'1 '.repeat(499_000)})`);
	if (response.type !== 'THREAD') throw new Error(response.type);
	expect(response.threads).toHaveLength(1001);
});

it('refuses more numbers than there can be different ones', () => {
	expect(() => read(`* SEARCH${' 1'.repeat(2_500_001)}`)).toThrow(/fewer numbers/);
	const response = read(`* SEARCH${' 1'.repeat(2_500_000)}`);
	if (response.type !== 'SEARCH') throw new Error(response.type);
	expect(response.numbers).toEqual([1]);
});

it('refuses as many different ones too, where the limit of a response is set higher', () => {
	const bytes = Buffer.from(numbered(2_500_001, (n) => String(n + 1)));
	const reader = new Reader(bytes, 0, bytes.length, 1);
	expect(() => reader.numbers()).toThrow(/fewer numbers/);
	expect(reader.at).toBe(0);
});
