/** Lengths that lie, and content that stands for much more than it is, in winmail.dat and signed data. */
import { describe, expect, test } from 'vitest';
import { signedContent } from '../../../mail/unwrap/pkcs7';
import { decompressRtf, htmlOfRtf } from '../../../mail/unwrap/rtf';
import { readTnef } from '../../../mail/unwrap/tnef';

const u16 = (value: number): Buffer => Buffer.from([value & 0xff, value >>> 8]);
const u32 = (value: number): Buffer => {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value);
	return bytes;
};

function tnef(...properties: Buffer[]): Buffer {
	const data = Buffer.concat(properties);
	return Buffer.concat([
		...[u32(0x223e9f78), u16(0)],
		...[Buffer.from([1]), u16(0x9003), u16(6), u32(data.length), data, u16(0)],
	]);
}

/** A reference to the byte before where it is written, for 17 bytes. */
function repeated(text: string, times: number): Buffer {
	const out: number[] = [];
	for (let at = 0; at < text.length; at += 8) out.push(0, ...Buffer.from(text.slice(at, at + 8)));
	let write = 207 + Math.ceil(text.length / 8) * 8;
	for (let group = 0; group < times; group++) {
		out.push(0xff);
		for (let index = 0; index < 8; index++) {
			const from = (write - 1) & 0xfff;
			out.push(from >> 4, ((from & 15) << 4) | 15);
			write = (write + 17) & 0xfff;
		}
	}
	return Buffer.from(out);
}

const compressedRtf = (content: Buffer, size: number): Buffer =>
	Buffer.concat([u32(content.length + 12), u32(size), u32(0x75465a4c), u32(0), content]);

/** The text in whole groups of eight, since a group's flags say what each of its bytes is. */
const padded = (text: string): string => text.padEnd(Math.ceil(text.length / 8) * 8, text.at(-1));

describe('winmail.dat', () => {
	test('whose length of a name leads back to the same property, four billion times', async () => {
		const name = Buffer.concat([Buffer.alloc(16), u32(1), u32(0xffff_ffe0)]);
		const property = Buffer.concat([u32(0xffff_ffff), u16(3), u16(0x8001), name, Buffer.alloc(40)]);
		expect(await readTnef(tnef(property))).toEqual([]);
	});

	test('with many texts, each of which announces megabytes: one is read', async () => {
		const rtf = compressedRtf(Buffer.from(`\0{\\rtf1\\f`), 16 * 1024 * 1024);
		const property = Buffer.concat([
			...[u16(0x102), u16(0x1009), u32(1), u32(rtf.length), rtf],
			Buffer.alloc((4 - (rtf.length % 4)) % 4),
		]);
		const count = 100_000;
		const bytes = tnef(u32(count), ...Array.from({ length: count }, () => property));
		expect(await readTnef(bytes)).toEqual([]);
	});
});

test('winmail.dat with hundreds of thousands of bodies: one is read', async () => {
	const property = Buffer.concat([u16(0x102), u16(0x1013), u32(1), u32(4), Buffer.from('<p>x')]);
	const count = 300_000;
	const all = Array.from({ length: count }, () => property);
	expect(await readTnef(tnef(u32(count), Buffer.concat(all)))).toMatchObject([
		{ name: 'body.html', isBody: true },
	]);
});

describe('compressed RTF', () => {
	test('takes memory for what it can hold, not for what it announces', () => {
		const before = process.memoryUsage().arrayBuffers;
		const all = Array.from({ length: 100 }, () =>
			decompressRtf(compressedRtf(Buffer.from('\0{\\rtf1}'), 16 * 1024 * 1024)),
		);
		expect(all.every((text) => text?.startsWith('{\\rtf1'))).toBe(true);
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
	});

	test('of millions of nested groups is not read', async () => {
		const start = padded('{\\rtf1\\ansi\\fromhtml1 {{{{{{{{');
		const rtf = decompressRtf(compressedRtf(repeated(start, 50_000), 16 * 1024 * 1024));
		expect(rtf?.length).toBeGreaterThan(6_000_000);
		expect(await htmlOfRtf(rtf ?? '')).toBeUndefined();
	});

	test('of millions of groups lets other work have its turn', async () => {
		const rtf = `{\\rtf1\\ansi\\fromhtml1 ${'{}'.repeat(2_000_000)}x}`;
		let turns = 0;
		const timer = setInterval(() => turns++, 1);
		const html = await htmlOfRtf(rtf);
		clearInterval(timer);
		expect(html).toContain('x');
		expect(turns).toBeGreaterThan(1);
	});
});

describe('signed data', () => {
	const indefinite = (tag: number, ...content: Buffer[]): Buffer =>
		Buffer.concat([Buffer.from([tag, 0x80]), ...content, Buffer.from([0, 0])]);
	const signed = (...pieces: Buffer[]): Buffer =>
		indefinite(
			0x30,
			Buffer.from('06092a864886f70d010702', 'hex'),
			indefinite(
				0xa0,
				indefinite(
					0x30,
					...[Buffer.from([2, 1, 1]), Buffer.from([0x31, 0])],
					indefinite(
						0x30,
						Buffer.from('06092a864886f70d010701', 'hex'),
						indefinite(0xa0, indefinite(0x24, ...pieces)),
					),
				),
			),
		);

	test('in pieces', () => {
		const pieces = ['a', 'b'].map((text) => Buffer.from([4, 1, text.charCodeAt(0)]));
		expect(signedContent(signed(...pieces))?.toString()).toBe('ab');
	});

	test('in millions of pieces of nothing is not read', () => {
		expect(signedContent(signed(Buffer.alloc(8_000_000, Buffer.from([4, 0]))))).toBeUndefined();
	});
});
