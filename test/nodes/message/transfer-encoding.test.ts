/** The streams that attachments go through. */
import { Readable } from 'node:stream';
import * as fc from 'fast-check';
import { decode, encode, wrap } from 'libqp';
import { expect, test } from 'vitest';
import { octetsIn } from '../../../mail/byte-range';
import { decodedBytes, decodedStream } from '../../../mail/transfer-encoding/decode-transfer';

async function collected(stream: Readable): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of stream) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

function pieces(octets: Buffer, size: number): Readable {
	const all: Buffer[] = [];
	for (let at = 0; at < octets.length; at += size) all.push(octets.subarray(at, at + size));
	return Readable.from(all);
}

const decodedInPieces = (octets: Buffer, size: number): Promise<Buffer> =>
	collected(decodedStream(pieces(octets, size), 'quoted-printable'));

const encodedText = fc
	.array(fc.constantFrom('a', '=3D', '=\r\n', '\r\n', '\n', ' ', '\t', '=', '=Z', 'ü', '=e9'), {
		maxLength: 40,
	})
	.map((words) => Buffer.from(words.join('')));

test('quoted-printable in pieces is what it is in one piece', async () => {
	await fc.assert(
		fc.asyncProperty(encodedText, fc.integer({ min: 1, max: 9 }), async (octets, size) => {
			expect((await decodedInPieces(octets, size)).toString('latin1')).toBe(
				decode(octets).toString('latin1'),
			);
		}),
	);
});

test.each([
	'==\r\naa',
	'=3=\r\nD',
	'==\r\na=\r\na',
	'==\r\n=\r\naa',
	'= \t\r\n=3=\n=\nD',
	'=\r\n'.repeat(50),
])('an escape that soft line ends take apart is whole again: %j', async (text) => {
	const whole = decode(Buffer.from(text)).toString('latin1');
	for (let size = 1; size <= text.length; size++) {
		expect((await decodedInPieces(Buffer.from(text), size)).toString('latin1')).toBe(whole);
	}
});

test('any bytes come back from quoted-printable', async () => {
	await fc.assert(
		fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (octets) => {
			const sent = Buffer.from(wrap(encode(Buffer.from(octets))));
			expect((await decodedInPieces(sent, 77)).equals(Buffer.from(octets))).toBe(true);
		}),
	);
});

test('a line that never ends is decoded all the same, and not held', async () => {
	const long = Buffer.from('=3Dab  '.repeat(60_000) + '.');
	let most = 0;
	const stream = decodedStream(pieces(long, 16_384), 'quoted-printable');
	let taken = 0;
	const chunks: Buffer[] = [];
	for await (const chunk of stream) {
		chunks.push(chunk as Buffer);
		taken += (chunk as Buffer).length;
		most = Math.max(most, (chunk as Buffer).length);
	}
	expect(Buffer.concat(chunks).toString() === '=ab  '.repeat(60_000) + '.').toBe(true);
	expect(most).toBeLessThan(taken / 2);
});

test('any bytes come back from base64, whatever its lines and its pieces', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.uint8Array({ maxLength: 300 }),
			fc.constantFrom('\r\n', '\n', '\r'),
			fc.integer({ min: 1, max: 80 }),
			fc.integer({ min: 1, max: 90 }),
			async (octets, lineEnd, width, size) => {
				const lines =
					Buffer.from(octets)
						.toString('base64')
						.match(/.{1,80}/g) ?? [];
				const sent = lines.flatMap((line) => line.match(new RegExp(`.{1,${width}}`, 'g')) ?? []);
				const source = pieces(Buffer.from(sent.join(lineEnd)), size);
				expect((await collected(decodedStream(source, 'base64'))).equals(octets)).toBe(true);
			},
		),
	);
});

test.each([
	['QUJD-_-_REVG', 'ABCDEF'],
	['QUJD****REVG', 'ABCDEF'],
	['QUJD\r\nREVG-_-_\r\nR0hJ', 'ABCDEFGHI'],
	['QUJDR\rEVG\r\nR0hJ', 'ABCDEFGHI'],
])('what is not of the alphabet of base64 is left out: %j', async (text, decoded) => {
	expect((await decodedBytes(Buffer.from(text), 'base64')).toString()).toBe(decoded);
});

test('a range of a stream is that of its bytes', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.uint8Array({ maxLength: 60 }),
			fc.integer({ min: 1, max: 7 }),
			fc.integer({ min: 0, max: 70 }),
			fc.integer({ min: 1, max: 70 }),
			async (octets, size, start, length) => {
				const all = Buffer.from(octets);
				const range = await collected(octetsIn(pieces(all, size), { start, length }));
				expect(range.equals(all.subarray(start, start + length))).toBe(true);
			},
		),
	);
});

test('a range ends the stream it comes of as soon as it is full', async () => {
	const endless = Readable.from(
		(function* () {
			for (;;) yield Buffer.from('abc');
		})(),
	);
	expect((await collected(octetsIn(endless, { start: 4, length: 4 }))).toString()).toBe('bcab');
	expect(endless.destroyed).toBe(true);
});

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueof'])(
	'an encoding that has the name of what every object has is one that is not known: %s',
	async (name) => {
		const bytes = Buffer.from('as it is');
		expect(await decodedBytes(bytes, name)).toEqual(bytes);
		expect(await collected(decodedStream(pieces(bytes, 3), name))).toEqual(bytes);
	},
);

test.each([
	['quoted printable', 'Gr=C3=BC=C3=9Fe', 'Grüße'],
	['quoted-printible', 'Gr=C3=BC=C3=9Fe', 'Grüße'],
	['base 64', 'R3LDvMOfZQ==', 'Grüße'],
	['bas64', 'R3LDvMOfZQ==', 'Grüße'],
	['base64url', 'R3LDvMOfZT8_', 'Grüße??'],
	['base85', 'R3LDvMOfZQ==', 'R3LDvMOfZQ=='],
	['quotes', 'Gr=C3=BC', 'Gr=C3=BC'],
])('an encoding that is misspelled: %s', async (name, written, text) => {
	expect((await decodedBytes(Buffer.from(written), name)).toString()).toBe(text);
});
