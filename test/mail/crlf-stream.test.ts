import { Readable } from 'node:stream';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CrlfStream } from '../../mail/crlf-stream';

async function through(pieces: string[]): Promise<string> {
	const source = Readable.from(pieces.map((piece) => Buffer.from(piece)));
	const chunks: Buffer[] = [];
	for await (const chunk of source.pipe(new CrlfStream())) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks).toString();
}

test('the same wherever it is cut: every line end is CRLF, and nothing else changes', async () => {
	const text = fc.string({ unit: fc.constantFrom('\r', '\n', '\r\n', 'a', 'ä', '') });
	await fc.assert(
		fc.asyncProperty(fc.array(text), async (pieces) => {
			expect(await through(pieces)).toBe(pieces.join('').replace(/\r\n|\r|\n/g, '\r\n'));
		}),
	);
});
