import { randomBytes } from 'node:crypto';
import type { INodeExecutionData } from 'n8n-workflow';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesGlob } from '../../../nodes/shared/fields/glob';
import type { MemoryServerOptions } from '../../server';
import { bytesOf } from '../binary';
import { filledInbox } from '../filled-inbox';
import {
	box,
	commandNames,
	errorOf,
	jsonOf,
	mail,
	runNode,
	type NodeRunOptions,
	fetches,
} from '../run-node';

const attachment = { node: 'imap4Message', resource: 'attachment' } as const;
const lines = (...all: string[]): string => all.join('\r\n');
const wrapped = (octets: Buffer): string => octets.toString('base64').replace(/.{76}/g, '$&\r\n');

const PNG = randomBytes(900);
const PDF = Buffer.from('%PDF-1.7 something');
const INNER_PDF = Buffer.from('%PDF inner');

/** 1.1 text, 1.2 html, 1.3 an image in it, 2 PDF, 3 text file, 4 message with a PDF, 5 CSV without name. */
const MIXED = lines(
	'From: a@example.org',
	'Subject: mixed',
	'Content-Type: multipart/mixed; boundary=mix',
	'',
	'--mix',
	'Content-Type: multipart/related; boundary=rel',
	'',
	'--rel',
	'Content-Type: text/plain; charset=utf-8',
	'',
	'plain',
	'--rel',
	'Content-Type: text/html; charset=utf-8',
	'',
	'<img src="cid:logo">',
	'--rel',
	'Content-Type: image/png',
	'Content-ID: <logo>',
	'Content-Disposition: inline; filename=logo.png',
	'Content-Transfer-Encoding: base64',
	'',
	wrapped(PNG),
	'--rel--',
	'--mix',
	'Content-Type: application/pdf; name="=?iso-8859-1?q?Rechnung_=FC.pdf?="',
	'Content-Disposition: attachment',
	'Content-Transfer-Encoding: base64',
	'',
	wrapped(PDF),
	'--mix',
	'Content-Type: text/plain; name=notes.txt; charset=koi8-r',
	'Content-Transfer-Encoding: quoted-printable',
	'',
	'=F0=D2=C9=D7=C5=D4 a=3Db =',
	'soft',
	'--mix',
	'Content-Type: message/rfc822',
	'',
	'Subject: inner',
	'Content-Type: multipart/mixed; boundary=in',
	'',
	'--in',
	'',
	'inner text',
	'--in',
	'Content-Type: application/pdf; name=inner.pdf',
	'Content-Transfer-Encoding: base64',
	'',
	wrapped(INNER_PDF),
	'--in--',
	'--mix',
	'Content-Type: text/csv',
	'Content-Disposition: attachment',
	'',
	'a;b',
	'--mix--',
	'',
);

async function serverWith(messages: readonly string[], options?: MemoryServerOptions) {
	const { server, inbox, items } = await filledInbox(messages, options);
	const run = (operation: string, more: Partial<NodeRunOptions> = {}) =>
		runNode({ ...attachment, operation, server, items, ...more });
	const download = (attachmentFilters: object = {}, more: Partial<NodeRunOptions> = {}) =>
		run('download', { parameters: { attachmentFilters } as never, ...more });
	return { server, inbox, items, run, download };
}

const parts = (output: INodeExecutionData[]) => output.map(({ json }) => json.part);

describe('Get Many', () => {
	test('lists attachments with the numbers of their parts, and downloads nothing', async () => {
		const { server, inbox, run } = await serverWith([MIXED]);
		const output = await run('getMany');
		const reference = { mailbox: 'INBOX', uidValidity: inbox.uidValidity, uid: 1 };
		expect(output.map(({ json }) => json)).toMatchObject([
			{
				...reference,
				part: '1.3',
				fileName: 'logo.png',
				mimeType: 'image/png',
				encodedSize: wrapped(PNG).length,
				disposition: 'inline',
				contentId: '<logo>',
			},
			{
				...reference,
				part: '2',
				fileName: 'Rechnung ü.pdf',
				mimeType: 'application/pdf',
				disposition: 'attachment',
				contentId: null,
			},
			{ part: '3', fileName: 'notes.txt', mimeType: 'text/plain', disposition: null },
			{ part: '4', fileName: 'part-4.eml', mimeType: 'message/rfc822' },
			{ part: '5', fileName: 'part-5.csv', mimeType: 'text/csv' },
			{ part: '4.2', fileName: 'inner.pdf', mimeType: 'application/pdf' },
		]);
		// The header of the part without a name may have one that the server left out.
		expect(fetches(server)).toEqual([
			'UID FETCH 1 (UID BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (Content-Type Content-Transfer-Encoding Content-Disposition)])',
			'UID FETCH 1 (UID BODY.PEEK[5.MIME])',
		]);
		expect(output.every(({ binary }) => binary === undefined)).toBe(true);
	});

	test('Limit counts for each item', async () => {
		const { run } = await serverWith([MIXED, MIXED]);
		const output = await run('getMany', { parameters: { limit: 2 } });
		expect(output.map(({ json, pairedItem }) => [json.part, pairedItem])).toEqual([
			['1.3', { item: 0 }],
			['2', { item: 0 }],
			['1.3', { item: 1 }],
			['2', { item: 1 }],
		]);
	});

	test('its output, given to Download, downloads just these, by one command for each kind of message', async () => {
		const { server, run, download } = await serverWith(Array.from({ length: 10 }, () => MIXED));
		const listed = await run('getMany', {
			parameters: {
				attachmentFilters: { mediaTypes: 'application/pdf, text/csv', includeNested: false },
			},
		});
		expect(listed).toHaveLength(20);
		server.commands.length = 0;
		const output = await download(
			{ parts: '={{ $json.part }}' },
			{ items: listed.map(({ json }) => json) },
		);
		expect(output.map(({ json }) => [json.uid, json.part])).toEqual(
			listed.map(({ json }) => [json.uid, json.part]),
		);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(
			listed.map((_one, item) => ({ item })),
		);
		expect(fetches(server)).toEqual([
			'UID FETCH 1:10 (UID BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (Content-Type Content-Transfer-Encoding Content-Disposition)])',
			'UID FETCH 1:10 (UID BODY.PEEK[5.MIME])',
			'UID FETCH 1:10 (UID BODY.PEEK[2] BODY.PEEK[5])',
		]);
	});
});

describe('Download', () => {
	test('each attachment becomes an item, decoded, the message left unread', async () => {
		const { inbox, download } = await serverWith([MIXED]);
		const output = await download();
		expect(parts(output)).toEqual(['1.3', '2', '3', '4', '5']);
		expect(await bytesOf(output[0])).toEqual(PNG);
		expect(await bytesOf(output[1])).toEqual(PDF);
		expect((await bytesOf(output[2])).toString('latin1')).toBe('\xf0\xd2\xc9\xd7\xc5\xd4 a=b soft');
		expect((await bytesOf(output[3])).toString()).toMatch(/^Subject: inner\r\n/);
		expect((await bytesOf(output[4])).toString()).toBe('a;b');
		expect(output[1]).toMatchObject({
			json: { fileName: 'Rechnung ü.pdf', size: PDF.length, encodedSize: wrapped(PDF).length },
			binary: { data: { fileName: 'Rechnung ü.pdf', mimeType: 'application/pdf' } },
			pairedItem: { item: 0 },
		});
		expect(inbox.messages.some(({ flags }) => flags.has('\\Seen'))).toBe(false);
	});

	test.each<[object, string[]]>([
		[{ includeInline: false }, ['2', '3', '4', '5']],
		[{ mediaTypes: 'image/*' }, ['1.3']],
		[{ mediaTypes: 'IMAGE/PNG, text/*' }, ['1.3', '3', '5']],
		[{ names: '*.PDF' }, ['2']],
		[{ names: 'rechnung ü.???, *.txt' }, ['2', '3']],
		[{ larger: 1000 }, ['1.3']],
		[{ smaller: 4 }, ['5']],
		[{ larger: 3, smaller: 100, mediaTypes: '*/pdf' }, ['2']],
		[{ parts: '5, 2, 5' }, ['5', '2']],
		[{ parts: '4.2' }, ['4.2']],
		[{ parts: '2', names: '*.png' }, []],
		[{ names: '*.exe' }, []],
	])('%j chooses the parts %j', async (filters, chosen) => {
		const { download } = await serverWith([MIXED]);
		expect(parts(await download(filters))).toEqual(chosen);
	});

	test('an attachment of an attached message, by its number', async () => {
		const { download } = await serverWith([MIXED]);
		expect(await bytesOf((await download({ parts: '4.2' }))[0])).toEqual(INNER_PDF);
	});

	test('all of a message in one item', async () => {
		const { run } = await serverWith([MIXED, mail('nothing attached')]);
		const output = await run('download', {
			parameters: {
				attachmentOutput: 'message',
				attachmentPrefix: 'file_',
				attachmentFilters: { names: '*.pdf, *.txt' },
			},
		});
		expect(output).toMatchObject([
			{
				json: {
					uid: 1,
					attachments: [
						{ field: 'file_0', part: '2', fileName: 'Rechnung ü.pdf' },
						{ field: 'file_1', part: '3' },
					],
				},
				pairedItem: { item: 0 },
			},
			{ json: { uid: 2, attachments: [] }, pairedItem: { item: 1 } },
		]);
		expect(Object.keys(output[0]?.binary ?? {})).toEqual(['file_0', 'file_1']);
		expect(output[1]?.binary).toBeUndefined();
		expect(await bytesOf(output[0], 'file_0')).toEqual(PDF);
	});

	test.each(['attachment', 'message'])(
		'with unique names no file takes the place of another: one item per %s',
		async (attachmentOutput) => {
			const { run } = await serverWith([MIXED, MIXED]);
			const output = await run('download', {
				parameters: {
					attachmentOutput,
					fileNames: 'unique',
					attachmentFilters: { names: '*.pdf, *.txt' },
				},
			});
			const names = output.flatMap(({ binary = {} }) =>
				Object.values(binary).map(({ fileName }) => fileName),
			);
			expect(names).toEqual([
				'1-2-Rechnung ü.pdf',
				'1-3-notes.txt',
				'2-2-Rechnung ü.pdf',
				'2-3-notes.txt',
			]);
			expect(JSON.stringify(output.map(({ json }) => json))).toContain('2-3-notes.txt');
			expect(
				await bytesOf(output[0], attachmentOutput === 'message' ? 'attachment_0' : 'data'),
			).toEqual(PDF);
		},
	);

	test('a unique name is no longer than what a file system takes', async () => {
		const long = MIXED.replace('notes.txt', `${'n'.repeat(300)}.txt`);
		expect(long).not.toBe(MIXED);
		const { run } = await serverWith([long]);
		const output = await run('download', {
			parameters: { fileNames: 'unique', attachmentFilters: { names: '*.txt' } },
		});
		const [{ fileName = '' } = {}] = output.flatMap(({ binary = {} }) => Object.values(binary));
		expect(fileName).toMatch(/^1-3-n+\.txt$/);
		expect(Buffer.byteLength(fileName)).toBe(255);
	});

	test('Keep Input Fields leaves sender and date in the item of a file', async () => {
		const { items, run } = await serverWith([MIXED]);
		const input = [{ ...items[0], from: 'bert@example.org', part: 'other', date: '2026-11-03' }];
		const parameters = { attachmentFilters: { names: '*.pdf' } };
		const kept = await run('download', {
			items: input,
			parameters: { ...parameters, keepInputFields: true },
		});
		expect(kept).toMatchObject([
			{ json: { from: 'bert@example.org', date: '2026-11-03', part: '2', uid: 1 } },
		]);
		const [plain] = await run('download', { items: input, parameters });
		expect(plain?.json).not.toHaveProperty('from');
	});

	test('a message without attachments gives no item', async () => {
		const { server, download } = await serverWith([mail('one')]);
		expect(await download()).toEqual([]);
		expect(fetches(server)).toHaveLength(1);
	});

	test('ten messages laid out alike take one FETCH for their attachments', async () => {
		const { server, download } = await serverWith(Array.from({ length: 10 }, () => MIXED));
		expect(await download({ mediaTypes: 'image/*' })).toHaveLength(10);
		expect(fetches(server)).toEqual([
			'UID FETCH 1:10 (UID BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (Content-Type Content-Transfer-Encoding Content-Disposition)])',
			'UID FETCH 1:10 (UID BODY.PEEK[1.3])',
		]);
		expect(commandNames(server)).not.toContain('SELECT');
	});

	test('a message that is nothing but an attachment', async () => {
		const { download } = await serverWith([
			lines('Content-Type: application/pdf', 'Content-Transfer-Encoding: base64', '', wrapped(PDF)),
		]);
		const [item] = await download();
		expect(item?.json).toMatchObject({ part: '1', fileName: 'part-1.pdf' });
		expect(await bytesOf(item)).toEqual(PDF);
	});

	test.each<[string, string, string, string]>([
		['base64 with rubbish in it', 'base64', 'SGVs!bG8\r\n gd29y\0bGQ', 'Hello world'],
		['base64 cut short', 'base64', 'SGVsbG8gd29ybGQhI', 'Hello world!'],
		['base64 with padding in the middle', 'base64', 'SGVsbG8=\r\nIHdvcmxk', 'Hello world'],
		['quoted-printable with wrong escapes', 'quoted-printable', 'a=3Db=ZZc=\r\nd=', 'a=b=ZZcd'],
		['an unknown encoding', 'x-rot13', 'Uryyb', 'Uryyb'],
	])('%s is decoded as far as it goes', async (_name, encoding, body, text) => {
		const { download } = await serverWith([
			lines(
				'Content-Type: application/octet-stream; name=x.bin',
				`Content-Transfer-Encoding: ${encoding}`,
				'',
				body,
			),
		]);
		expect((await bytesOf((await download())[0])).toString()).toBe(text);
	});

	test('large ones stream', async () => {
		const big = randomBytes(2_000_000);
		const { download } = await serverWith(
			[
				lines(
					'Content-Type: application/zip; name=big.zip',
					'Content-Transfer-Encoding: base64',
					'',
					wrapped(big),
				),
			],
			{ faults: { chunkSizes: [65_537] } },
		);
		const [item] = await download();
		expect(item?.json.size).toBe(big.length);
		expect((await bytesOf(item)).equals(big)).toBe(true);
	});
});

describe('refused', () => {
	test.each([
		['9', 'The message has no part 9'],
		['1.1', 'Part 1.1 of the message is not an attachment: it is its text'],
		['1', 'Part 1 of the message is not an attachment: it holds other parts (multipart/related)'],
		['4.9', 'The message has no part 4.9'],
	])('the part %s', async (number, said) => {
		const { server, items } = await serverWith([MIXED]);
		const { message, description } = await errorOf({
			...attachment,
			operation: 'download',
			server,
			items,
			parameters: { attachmentFilters: { parts: number } },
		});
		expect(message).toBe(`Save attachments failed (mailbox "INBOX"): ${said}`);
		expect(description).toContain('Part, operation "Get"');
	});

	test.each<[object, string]>([
		[{ parts: '' }, '"Part Numbers" is empty'],
		[{ parts: '={{ $json.nothing }}' }, '"Part Numbers" is empty'],
		[{ parts: '1] BODY[' }, '"Part Numbers" is not a valid value'],
		[{ parts: '0' }, '"Part Numbers" is not a valid value'],
		[{ mediaTypes: 'pdf' }, '"Media Types" is not a valid value'],
		[{ names: ' , ' }, '"Names" is empty'],
		[{ larger: -1 }, '"Larger Than (Bytes)" must be a whole number'],
		[{ smaller: 'x' }, '"Smaller Than (Bytes)" must be a whole number'],
	])('%j, before anything is sent', async (attachmentFilters, said) => {
		const { server, items } = await serverWith([MIXED]);
		const { message } = await errorOf({
			...attachment,
			operation: 'getMany',
			server,
			items,
			parameters: { attachmentFilters } as never,
		});
		expect(message).toContain(said);
		expect(commandNames(server)).toEqual([]);
	});

	test('one item, with Continue On Fail, and the others go on', async () => {
		const { items, download } = await serverWith([MIXED, mail('none'), MIXED]);
		const output = await download(
			{ parts: '={{ $json.part }}' },
			{
				items: items.map((item, index) => ({ ...item, part: ['2', '2', '3'][index] })),
				continueOnFail: true,
			},
		);
		expect(output.map(({ json, pairedItem }) => [json.part ?? json.error, pairedItem])).toEqual([
			['2', { item: 0 }],
			[expect.stringContaining('The message has no part 2'), { item: 1 }],
			['3', { item: 2 }],
		]);
	});

	test('where the structure cannot be read, the attachments are those of the message itself', async () => {
		const { server, items } = await serverWith([MIXED], {
			faults: {
				on: ({ tag, line }) =>
					line.includes('BODYSTRUCTURE')
						? `* 1 FETCH (UID 1 BODYSTRUCTURE (1 2 3))\r\n${tag} OK done\r\n`
						: undefined,
			},
		});
		const output = await jsonOf({ ...attachment, operation: 'getMany', server, items });
		expect(output.length).toBeGreaterThan(0);
		for (const json of output) {
			expect(json).toMatchObject({
				uid: 1,
				part: expect.stringMatching(/^\d/) as string,
				readAsWhole: expect.stringContaining('in a way that cannot be read') as string,
			});
		}
	});

	test('where neither the structure nor the message can be read, that is no empty list', async () => {
		const { server, items } = await serverWith([MIXED], {
			faults: {
				on: ({ tag, line }) =>
					line.includes('BODYSTRUCTURE')
						? `* 1 FETCH (UID 1 BODYSTRUCTURE (1 2 3))\r\n${tag} OK done\r\n`
						: line.includes('BODY.PEEK[]')
							? `* 1 FETCH (UID 1 BODY[] NIL)\r\n${tag} OK done\r\n`
							: undefined,
			},
		});
		const { message, description } = await errorOf({
			...attachment,
			operation: 'getMany',
			server,
			items,
		});
		expect(message).toContain('unreadable structure');
		expect(description).toContain('Download');
	});

	test('an unknown mailbox', async () => {
		const { server } = await serverWith([]);
		const { message } = await errorOf({
			...attachment,
			operation: 'download',
			server,
			parameters: { messages: 'uids', mailbox: box('Nowhere'), uids: '1' },
		});
		expect(message).toContain('[NONEXISTENT]');
	});
});

test('globs mean what their regular expressions mean', () => {
	const letters = fc.string({ unit: fc.constantFrom('a', 'B', '.', '[', '*', '?'), maxLength: 8 });
	fc.assert(
		fc.property(letters, letters, (name, pattern) => {
			const source = pattern
				.replace(/[.[\]]/g, '\\$&')
				.replace(/\*/g, '.*')
				.replace(/\?/g, '.');
			expect(matchesGlob(name, pattern)).toBe(new RegExp(`^${source}$`, 'is').test(name));
		}),
	);
});
