/** What is composed is read back as it was written. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAddresses } from '../../../mail/address/format-addresses';
import { parseAddresses } from '../../../mail/address/parse-addresses';
import { composeMessage } from '../../../mail/compose/compose-message';
import { fileName, mimeType, safeFileName } from '../../../mail/file-name';
import { utf8Bytes } from '../../../mail/header/header-text';
import { summaryOfHeader } from '../../../mail/header/header-summary';
import { RawHeader } from '../../../mail/header/raw-header';
import { treeFromBytes } from '../../../mail/mime-tree/from-bytes';
import type { MimePart } from '../../../mail/mime-tree/mime-part';
import { partText } from '../../../mail/reading/part-text';
import { decodedBytes } from '../../../mail/transfer-encoding/decode-transfer';

const letter = fc.constantFrom(
	...['a', 'B', '7', 'é', 'à', 'Р', '頠', 'ß', '한', '😀', '👨‍👩‍👧', '\u00a0', 'Re: '],
	...[...' , "\\().<>@:;=?_-*%&#!´’'],
);
const words = (most: number) =>
	fc
		.array(letter, { minLength: 1, maxLength: most })
		.map((letters) => letters.join('').replace(/\s+/g, ' ').trim())
		// A writer that means these characters themselves can't say so outside of an encoded word.
		.filter((text) => text !== '' && !/=\?.*\?=/.test(text));

const headerOf = async (parts: Parameters<typeof composeMessage>[0]) =>
	summaryOfHeader(new RawHeader(await composeMessage({ text: 'x', ...parts })));

test('a subject of any characters and length', async () => {
	await fc.assert(
		fc.asyncProperty(words(150), async (subject) => {
			expect((await headerOf({ subject })).subject).toBe(subject);
		}),
		{ numRuns: 200 },
	);
});

const person = fc.record({
	name: words(40),
	address: fc.constantFrom(
		...['a@example.com', '"a b"@example.com', '"a\\"b"@example.com', 'jörg@example.com'],
		...['o’b@example.com', 'a+b@[192.0.2.1]', '"a,b"@example.com'],
	),
});

test('recipients, who are the same people when the field is used again', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(person, { minLength: 1, maxLength: 4 }), async (people) => {
			const field = formatAddresses(people);
			expect(parseAddresses(utf8Bytes(field))).toEqual(people);
			expect((await headerOf({ to: field })).to).toEqual(people);
		}),
		{ numRuns: 300 },
	);
});

async function partsOf(parts: Parameters<typeof composeMessage>[0]): Promise<MimePart> {
	return treeFromBytes(await composeMessage(parts));
}

test('the name of a file', async () => {
	await fc.assert(
		fc.asyncProperty(words(100), async (filename) => {
			fc.pre(safeFileName(filename) !== undefined);
			const root = await partsOf({ text: 'x', attachments: [{ filename, content: 'x' }] });
			expect(fileName(root.parts[1] as MimePart)).toBe(safeFileName(filename));
		}),
		{ numRuns: 200 },
	);
});

test('a text, with whatever line ends it has', async () => {
	const line = fc.array(letter, { maxLength: 60 }).map((letters) => letters.join(''));
	const lines = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { minLength: 1 });
	await fc.assert(
		fc.asyncProperty(lines, async (all) => {
			const written = `x${all.flat().join('')}y`;
			const message = await composeMessage({ text: written });
			expect(message.toString('latin1')).not.toMatch(/\r(?!\n)|(?<!\r)\n/);
			const part = await treeFromBytes(message);
			const bytes = await decodedBytes(part.content as Buffer, part.encoding);
			const text = (await partText(bytes, part)).replace(/\n$/, '');
			expect(text).toBe(written.replace(/\r\n?/g, '\n'));
		}),
		{ numRuns: 200 },
	);
});

const GIF = Buffer.from('R0lGODlhAQABAAAAACw=', 'base64');

test.each<[contentType: string, content: Buffer, type: string]>([
	['image/gif', GIF, 'image/gif'],
	['text/csv; charset=utf-8', Buffer.from('1,2'), 'text/csv'],
	['message/rfc822', Buffer.from('Subject: x\r\n\r\nx'), 'message/rfc822'],
	['message/rfc822', GIF, 'application/octet-stream'],
	['multipart/mixed', GIF, 'application/octet-stream'],
	['multipart/form-data; boundary=b', Buffer.from('--b\r\n\r\nx'), 'application/octet-stream'],
	['nonsense', GIF, 'application/octet-stream'],
	['text/plain\r\nX: y', GIF, 'application/octet-stream'],
	['', GIF, 'image/gif'],
])('a file of the type %j comes back byte for byte (%#)', async (contentType, content, type) => {
	const attachments = [{ filename: 'a.gif', contentType, content }];
	const { parts } = await partsOf({ text: 'x', attachments });
	const file = parts[1] as MimePart;
	expect(mimeType(file)).toBe(type);
	expect(fileName(file)).toBe('a.gif');
	expect(await decodedBytes(file.content as Buffer, file.encoding)).toEqual(content);
	expect(parts).toHaveLength(2);
});
