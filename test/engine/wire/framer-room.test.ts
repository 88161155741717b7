/** How much the framer copies, and how much room it takes for it. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Framer } from '../../../engine/wire/framer';
import type { Limits } from '../../../engine/wire/limits';
import { defaultLimits } from '../../../engine/wire/limits';
import { cut, octets } from './framed';

/** The buffers that were made, by their sizes. */
const made: number[] = [];

beforeEach(() => {
	made.length = 0;
	const { allocUnsafe } = Buffer;
	vi.spyOn(Buffer, 'allocUnsafe').mockImplementation((size) => {
		made.push(size);
		return allocUnsafe(size);
	});
});
afterEach(() => void vi.restoreAllMocks());

/** Frames the chunks. @returns the buffer that each response lies in, and what it says */
function frame(chunks: Buffer[], limits: Partial<Limits> = {}): { buffer: Buffer; text: string }[] {
	const responses: { buffer: Buffer; text: string }[] = [];
	const framer = new Framer(
		{
			literal: () => undefined,
			response: (buffer, start, end) =>
				void responses.push({ buffer, text: buffer.toString('latin1', start, end) }),
		},
		{ ...defaultLimits, ...limits },
	);
	for (const chunk of chunks) framer.push(chunk);
	return responses;
}

test('responses that lie within one chunk are not copied', () => {
	const chunk = octets('* 1 EXISTS\r\n* X {5}\r\nabcde {0}\r\n {3}\r\nxyz)\r\n* 2 EXISTS\r\n');
	const responses = frame([chunk]);
	expect(responses.map(({ buffer }) => buffer === chunk)).toEqual([true, true, true]);
	expect(made).toEqual([]);
});

test('only what spans chunks is copied: the response before and behind it are not', () => {
	const chunks = [octets('* 1 EXISTS\r\n* 2 EX'), octets('ISTS\r\n* 3 EXISTS\r\n')];
	const responses = frame(chunks);
	expect(responses.map(({ text }) => text)).toEqual(['* 1 EXISTS', '* 2 EXISTS', '* 3 EXISTS']);
	expect(responses.map(({ buffer }) => chunks.indexOf(buffer))).toEqual([0, -1, 1]);
	expect(made).toEqual([1024]);
});

test('the beginning of a response takes little room, however much stands before it', () => {
	frame([octets(`${'* 1 EXISTS\r\n'.repeat(10_000)}* 2 EX`), octets('ISTS\r\n')]);
	expect(made).toEqual([1024]);
});

test.each([
	['in one chunk', 100_000],
	['in many', 1000],
])('room for a literal is made once, when it is announced: it comes %s', (_how, size) => {
	const literal = 'x'.repeat(100_000);
	for (const [first, rest] of [
		['* X {100000}\r\n', `${literal})\r\n`],
		['* X {100000}\r\nxx', `${literal.slice(2)})\r\n`],
	] as const) {
		made.length = 0;
		const chunks = [octets(first), ...cut(octets(rest), Array<number>(200).fill(size))];
		expect(frame(chunks).map(({ text }) => text)).toEqual([`* X {100000}\r\n${literal})`]);
		const large = made.filter((one) => one > 2000);
		expect(large).toHaveLength(1);
		expect(large[0]).toBeGreaterThan(100_014);
		expect(large[0]).toBeLessThan(101_000);
	}
});

test('room for a literal is made where its announcement spans chunks, too', () => {
	const chunks = ['* X {100', `000}\r\n${'x'.repeat(100_000)})`, '\r\n'].map(octets);
	expect(frame(chunks)).toHaveLength(1);
	expect(made.filter((one) => one > 2000)).toHaveLength(1);
});

test('a long line in many chunks is copied seldom: its room doubles', () => {
	const line = `* LIST () "/" ${'x'.repeat(300_000)}`;
	const [response] = frame(cut(octets(`${line}\r\n`), Array<number>(4000).fill(100)));
	expect(response?.text).toBe(line);
	expect(made.length).toBeLessThan(12);
});

test('a buffer that was handed on is never written to again', () => {
	const chunks = [...'* 1 EXISTS\r\n* 2 EXISTS\r\n* X {3}\r\nabc\r\n* 4 EXISTS\r\n'].map(octets);
	const responses = frame(chunks);
	expect(new Set(responses.map(({ buffer }) => buffer)).size).toBe(4);
	expect(responses.map(({ buffer, text }) => buffer.toString('latin1', 0, text.length))).toEqual(
		responses.map(({ text }) => text),
	);
});

test('after stop() nothing is kept', () => {
	const framer: Framer = new Framer(
		{ literal: () => undefined, response: () => framer.stop() },
		defaultLimits,
	);
	framer.push(octets('* 1 EXISTS\r\n* 2 EXISTS'));
	expect(made).toEqual([]);
	expect([framer.unfinished, framer.partialLine.length]).toEqual([false, 0]);
	const other = new Framer({ literal: () => undefined, response: () => undefined }, defaultLimits);
	other.push(octets('* 1 EX'));
	other.stop();
	expect([other.unfinished, other.partialLine.length]).toEqual([false, 0]);
});
