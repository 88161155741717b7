/** Which parts are containers, by their type, their name and what is in them. */
import { describe, expect, test } from 'vitest';
import { fileName, mimeType } from '../../../mail/file-name';
import type { MimePart } from '../../../mail/mime-tree/mime-part';
import { bodyTexts, readableParts } from '../../../mail/reading/body';
import { filePart, unwrapPart, wrappedParts } from '../../../mail/unwrap/unwrap-parts';

function der(tag: number, ...values: Buffer[]): Buffer {
	const content = Buffer.concat(values);
	const { length } = content;
	const size = length < 128 ? [length] : [0x82, length >> 8, length & 0xff];
	return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));

function signed(content: string): Buffer {
	const inner = der(0x30, oid('2a864886f70d010701'), der(0xa0, der(0x04, Buffer.from(content))));
	const data = der(0x30, der(0x02, Buffer.from([1])), der(0x31), inner);
	return der(0x30, oid('2a864886f70d010702'), der(0xa0, data));
}

const enveloped = (type: string): Buffer =>
	der(0x30, oid(type), der(0xa0, der(0x30, der(0x02, Buffer.from([0])))));

const ENTITY = 'Content-Type: text/plain\r\n\r\nsigned text';
const INVOICE = '<?xml version="1.0"?>\n<Invoice>\nTotal: 7\n</Invoice>\n'.repeat(3);

function attribute(id: number, data: Buffer): Buffer {
	const head = Buffer.alloc(9);
	head.writeUInt8(2);
	head.writeUInt16LE(id, 1);
	head.writeUInt32LE(data.length, 5);
	return Buffer.concat([head, data, Buffer.alloc(2)]);
}

const TNEF = Buffer.concat([
	Buffer.from('789f3e220100', 'hex'),
	attribute(0x9002, Buffer.alloc(14)),
	attribute(0x8010, Buffer.from('plan.txt\0')),
	attribute(0x800f, Buffer.from('the plan')),
]);

async function unwrapped(type: string, name: string, content: Buffer) {
	const part: MimePart = filePart('2', type, name, content);
	const isRead = wrappedParts(part).length === 0 || (await unwrapPart(part, content));
	const { body, attachments, unreadable } = readableParts(part);
	return {
		isRead,
		texts: bodyTexts(body).map((one) => one.part.content?.toString()),
		names: attachments.map(fileName),
		types: attachments.map(mimeType),
		reasons: unreadable.map(({ reason }) => reason),
	};
}

describe.each(['application/pkcs7-mime', 'application/x-pkcs7-mime', 'application/octet-stream'])(
	'%s',
	(type) => {
		test.each([
			['with a field', ENTITY],
			['with other fields first', `Mime-Version: 1.0\r\n${ENTITY}`],
		])('a signed part of a message takes its place: %s', async (_how, entity) => {
			const { texts, names } = await unwrapped(type, 'smime.p7m', signed(entity));
			expect([texts, names]).toEqual([['signed text'], []]);
		});

		test.each([
			['of XML', 'IT01_1.xml.p7m', INVOICE],
			['of a PDF', 'contract.pdf.p7m', '%PDF-1.7\n%âãÏÓ\n'],
			['of a calendar', 'a.ics.p7m', 'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n'],
			['with the usual name', 'smime.p7m', INVOICE],
		])('a signed file stays as it is: %s', async (_what, name, content) => {
			expect(await unwrapped(type, name, signed(content))).toEqual({
				isRead: true,
				texts: [],
				names: [name],
				types: [type],
				reasons: [],
			});
		});

		test.each(['2a864886f70d010703', '2a864886f70d0109100117'])(
			'encrypted data is a file, and is reported: %s',
			async (content) => {
				expect(await unwrapped(type, 'smime.p7m', enveloped(content))).toEqual({
					isRead: true,
					texts: [],
					names: ['smime.p7m'],
					types: [type],
					reasons: ['The content is encrypted'],
				});
			},
		);
	},
);

test('what the type calls encrypted is reported without being read', () => {
	const part = filePart('1', 'application/pkcs7-mime', 'smime.p7m', Buffer.alloc(0));
	part.parameters = { 'smime-type': 'enveloped-data' };
	expect(wrappedParts(part)).toEqual([]);
	expect(readableParts(part).unreadable).toEqual([
		{ part: '1', reason: 'The content is encrypted' },
	]);
});

test('winmail.dat of a type that says nothing is read by its name', async () => {
	const { names } = await unwrapped('application/octet-stream', 'WINMAIL.DAT', TNEF);
	expect(names).toEqual(['plan.txt']);
});

test.each(['winmail.dat', 'smime.p7m'])('another file of the name %s is a file', async (name) => {
	const other = await unwrapped('application/octet-stream', name, Buffer.from('something else'));
	expect(other).toMatchObject({ isRead: true, names: [name], reasons: [] });
});

test('a container that its type calls one is not read if it is not one', async () => {
	const { isRead } = await unwrapped('application/ms-tnef', 'winmail.dat', Buffer.from('other'));
	expect(isRead).toBe(false);
});
