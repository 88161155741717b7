import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputBuffer } from './input-buffer';
import { mail, selected } from './raw-client';

test('bytes come out as they went in, and what was taken stays as it was', () => {
	const step = fc.record({ add: fc.integer({ min: 0, max: 40_000 }), take: fc.nat(50_000) });
	fc.assert(
		fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
			const buffer = new InputBuffer();
			const taken: Buffer[] = [];
			let count = 0;
			for (const { add, take } of steps) {
				buffer.add(Buffer.from(Array.from({ length: add }, () => count++ % 251)));
				taken.push(buffer.take(Math.min(take, buffer.octets.length)));
			}
			const all = Buffer.concat([...taken, buffer.octets]);
			expect(all.length).toBe(count);
			expect(all.every((octet, index) => octet === index % 251)).toBe(true);
		}),
		{ numRuns: 30 },
	);
});

test('commands and literals that come byte by byte, or all at once', async () => {
	const message = mail({ Subject: 'x' });
	const command = `APPEND INBOX {${message.length}+}\r\n${message}`;
	const { client, inbox } = await selected();
	for (const octet of `a ${command} {${message.length}+}\r\n${message}\r\n`) client.write(octet);
	await client.until(/a OK [^\n]*\n$/);
	client.write(`b ${command}\r\nc ${command}\r\n`);
	await client.until(/c OK [^\n]*\n$/);
	expect(inbox.messages.map(({ octets }) => octets.toString())).toEqual(
		Array.from({ length: 4 }, () => message),
	);
});
