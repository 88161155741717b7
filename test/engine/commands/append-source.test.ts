/** The line ends of a message to append, whatever kind of source it comes from. */
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MessageToAppend } from '../../../engine/commands/message/append-source';
import { literalOf } from '../../../engine/commands/message/append-source';

/** The bytes that are sent, and how many of them are announced. */
async function sent(message: MessageToAppend): Promise<{ text: string; size: number }> {
	const literal = await literalOf(message);
	if (Buffer.isBuffer(literal)) return { text: literal.toString(), size: literal.length };
	const chunks: Uint8Array[] = [];
	for await (const chunk of literal.octets) chunks.push(chunk);
	return { text: Buffer.concat(chunks).toString(), size: literal.size };
}

/** Each kind of source for the same bytes, which are cut as given. */
const kinds: [string, (pieces: Buffer[]) => MessageToAppend][] = [
	['text', (pieces) => ({ message: Buffer.concat(pieces).toString() })],
	['bytes', (pieces) => ({ message: Buffer.concat(pieces) })],
	['a Uint8Array', (pieces) => ({ message: new Uint8Array(Buffer.concat(pieces)) })],
	['a stream', (pieces) => ({ message: Readable.from(pieces) })],
	[
		'a stream of known size',
		(pieces) => ({ message: Readable.from(pieces), size: Buffer.concat(pieces).length }),
	],
	['what opens a stream', (pieces) => ({ message: () => Readable.from(pieces) })],
	[
		'what opens a stream later',
		(pieces) => ({ message: () => Promise.resolve(Readable.from(pieces)) }),
	],
	[
		'what opens a stream of known size',
		(pieces) => ({
			message: () => Readable.from(pieces),
			size: Buffer.concat(pieces).length,
		}),
	],
];

const pieces = fc.array(
	fc
		.string({ unit: fc.constantFrom('\r', '\n', '\r\n', 'a', 'ä', '') })
		.map((text) => Buffer.from(text)),
);

describe.each(kinds)('%s', (_kind, source) => {
	test('every line end becomes CRLF and nothing else changes, wherever it is cut', async () => {
		await fc.assert(
			fc.asyncProperty(pieces, async (given) => {
				const text = Buffer.concat(given)
					.toString()
					.replace(/\r\n|\r|\n/g, '\r\n');
				expect(await sent(source(given))).toEqual({ text, size: Buffer.byteLength(text) });
			}),
		);
	});

	test.each([{ lineEndings: 'unchanged' as const }, { binary: true }])(
		'nothing changes with %j',
		async (options) => {
			await fc.assert(
				fc.asyncProperty(pieces, async (given) => {
					const text = Buffer.concat(given).toString();
					expect(await sent({ ...source(given), ...options })).toEqual({
						text,
						size: Buffer.byteLength(text),
					});
				}),
			);
		},
	);
});

test('what is CRLF already is not copied', () => {
	const message = Buffer.from('a\r\nb\r\n');
	expect(literalOf({ message })).toBe(message);
});

test('an opener is called twice, the second time when the message is sent', async () => {
	let opened = 0;
	const message = (): Readable => {
		opened++;
		return Readable.from([Buffer.from('a\nb')]);
	};
	const literal = await literalOf({ message });
	expect(opened).toBe(1);
	if (Buffer.isBuffer(literal)) throw new Error('It is held in memory');
	for await (const chunk of literal.octets) expect(chunk.length).toBe(4);
	expect(opened).toBe(2);
});

test('an opener with a size whose line ends stay is called once', async () => {
	let opened = 0;
	const message = (): Readable => {
		opened++;
		return Readable.from([Buffer.from('a\nb')]);
	};
	expect(await sent({ message, size: 3, lineEndings: 'unchanged' })).toEqual({
		text: 'a\nb',
		size: 3,
	});
	expect(opened).toBe(1);
});

test('a stream of another size than given is refused before anything is sent', async () => {
	for (const size of [2, 4])
		await expect(
			literalOf({ message: Readable.from([Buffer.from('abc')]), size }),
		).rejects.toMatchObject({ code: 'ARGUMENT' });
});

test('a stream without end is refused once it is longer than its size', async () => {
	let closed = false;
	async function* endless(): AsyncGenerator<Buffer> {
		try {
			for (;;) yield Buffer.alloc(1000);
		} finally {
			closed = true;
		}
	}
	await expect(literalOf({ message: endless(), size: 1e6 })).rejects.toMatchObject({
		code: 'ARGUMENT',
	});
	expect(closed).toBe(true);
});

test.each([-1, 1.5, NaN, Infinity])('%s is not a size', (size) => {
	expect(() => literalOf({ message: Readable.from([]), size })).toThrow(
		expect.objectContaining({ code: 'ARGUMENT' }) as Error,
	);
});

test('a stream that fails is the result', async () => {
	const failing = async function* (): AsyncGenerator<Buffer> {
		yield Buffer.from('a');
		throw new Error('disk');
	};
	await expect(literalOf({ message: failing() })).rejects.toThrow('disk');
	await expect(literalOf({ message: failing })).rejects.toThrow('disk');
});
