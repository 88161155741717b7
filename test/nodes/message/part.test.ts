import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import type { MemoryServerOptions } from '../../server';
import { bytesOf } from '../binary';
import { filledInbox } from '../filled-inbox';
import { commandNames, errorOf, fetches, mail, runNode } from '../run-node';

const get = { node: 'imap4Message', resource: 'part', operation: 'get' } as const;
const lines = (...all: string[]): string => all.join('\r\n');

/** 1.1 quoted-printable, 1.2 base64 in windows-1251, 2 a message, 3 octets in base64. */
const NESTED = lines(
	'From: =?utf-8?q?=C3=84nne?= <a@example.org>',
	'To: b@example.org',
	'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
	'Content-Type: multipart/mixed; boundary=mix',
	'',
	'--mix',
	'Content-Type: multipart/alternative; boundary=alt',
	'',
	'--alt',
	'Content-Type: text/plain; charset=utf-8',
	'Content-Transfer-Encoding: quoted-printable',
	'',
	'Gr=C3=BC=C3=9Fe=',
	', Anna',
	'--alt',
	'Content-Type: text/html; charset=windows-1251',
	'Content-Transfer-Encoding: base64',
	'',
	Buffer.from('<b>\xcf\xf0\xe8\xe2\xe5\xf2</b>', 'latin1').toString('base64'),
	'--alt--',
	'--mix',
	'Content-Type: message/rfc822',
	'',
	'Subject: inner',
	'Content-Type: text/plain; charset=iso-8859-1',
	'Content-Transfer-Encoding: quoted-printable',
	'',
	'sch=F6n',
	'--mix',
	'Content-Type: application/octet-stream; name=x.bin',
	'Content-Transfer-Encoding: base64',
	'',
	Buffer.from('0123456789').toString('base64'),
	'--mix--',
	'',
);

async function serverWith(messages: ReadonlyArray<string | Buffer>, options?: MemoryServerOptions) {
	const { server, inbox, items } = await filledInbox(messages, options);
	const run = (parameters: INodeParameters) => runNode({ ...get, server, items, parameters });
	const json = async (parameters: INodeParameters): Promise<IDataObject> =>
		(await run(parameters))[0]?.json ?? {};
	return { server, inbox, items, run, json };
}

describe('as text, decoded', () => {
	test.each([
		['1.1', 'Grüße, Anna', 'text/plain'],
		['1.2', '<b>Привет</b>', 'text/html'],
		['2.TEXT', 'schön', 'text/plain'],
		['2.1', 'schön', 'text/plain'],
		['3', '0123456789', 'application/octet-stream'],
		['body[1.1]', 'Grüße, Anna', 'text/plain'],
	])('the section %s', async (section, text, mimeType) => {
		const { json, inbox } = await serverWith([NESTED]);
		expect(await json({ section })).toMatchObject({ uid: 1, text, mimeType });
		expect(inbox.messages.some(({ flags }) => flags.has('\\Seen'))).toBe(false);
	});

	test('a header, as text and by its fields', async () => {
		const { json } = await serverWith([NESTED]);
		expect(await json({ section: 'header' })).toMatchObject({
			section: 'HEADER',
			mimeType: 'text/rfc822-headers',
			text: expect.stringContaining('Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n') as string,
			header: { subject: 'Grüße', from: 'Änne <a@example.org>' },
		});
		expect(await json({ section: 'HEADER.FIELDS (To  subject)' })).toMatchObject({
			section: 'HEADER.FIELDS (To subject)',
			header: { subject: 'Grüße', to: 'b@example.org' },
		});
		expect((await json({ section: '2.HEADER' })).header).toMatchObject({ subject: 'inner' });
		expect((await json({ section: '3.MIME' })).header).toMatchObject({
			'content-transfer-encoding': 'base64',
		});
	});

	test('the text of a message that is one part, in a field of another name', async () => {
		const { json } = await serverWith([
			Buffer.from(
				'Content-Type: text/plain; charset=x-unheard-of\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGrüße\r\n',
			),
		]);
		expect(await json({ section: 'TEXT', textField: 'body' })).toMatchObject({ body: 'Grüße\n' });
		expect(await json({ section: '1', textField: 'body' })).toMatchObject({ body: 'Grüße\n' });
	});

	test.each([
		['base64', 'SGVs!bG8', 'Hello'],
		['quoted-printable', 'a=3Db=ZZ', 'a=b=ZZ'],
	])('damaged %s is decoded as far as it goes', async (encoding, body, text) => {
		const { json } = await serverWith([
			`Content-Type: text/plain\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`,
		]);
		expect(await json({ section: '1' })).toMatchObject({ text });
	});
});

test('as it was sent', async () => {
	const { json } = await serverWith([NESTED]);
	expect(await json({ section: '1.1', decode: false })).toMatchObject({
		text: 'Gr=C3=BC=C3=9Fe=\r\n, Anna',
	});
	expect((await json({ section: '1', decode: false })).text).toMatch(/^--alt\r\n/);
	expect((await json({ section: 'TEXT', decode: false })).text).toMatch(/^--mix\r\n/);
	expect(await json({ section: 'HEADER', decode: false })).not.toHaveProperty('header');
});

test('as a file', async () => {
	const { run } = await serverWith([NESTED]);
	const [file] = await run({ section: '3', sectionOutput: 'binary', binaryPropertyName: 'file' });
	expect(file).toMatchObject({
		json: { section: '3', fileName: 'x.bin', size: 10, encodedSize: 16 },
		binary: { file: { fileName: 'x.bin', mimeType: 'application/octet-stream' } },
		pairedItem: { item: 0 },
	});
	expect((await bytesOf(file, 'file')).toString()).toBe('0123456789');
	const [header] = await run({ section: '2.HEADER', sectionOutput: 'binary' });
	expect(header?.binary?.data).toMatchObject({ fileName: 'message-1-2.HEADER.txt' });
});

describe('a range', () => {
	test.each([
		['with BINARY', [], ['UID FETCH 1 (UID BODYSTRUCTURE BINARY.PEEK[3]<2.5>)']],
		['without', ['BINARY'], ['UID FETCH 1 (UID BODYSTRUCTURE BODY.PEEK[3])']],
	])('of what is decoded, %s', async (_name, remove, sent) => {
		const { server, json } = await serverWith([NESTED], { capabilities: { remove } });
		const sectionOptions = { start: 2, length: 5 };
		expect(await json({ section: '3', sectionOptions })).toMatchObject({ text: '23456', size: 5 });
		expect(fetches(server)).toEqual(sent);
	});

	test('of a large part, of which no more is kept than asked for', async () => {
		const large = `${'x'.repeat(300_000)}END${'y'.repeat(300_000)}`;
		for (const remove of [[], ['BINARY']]) {
			const { json } = await serverWith(
				[
					`Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(large).toString('base64')}`,
					mail('next'),
				],
				{ capabilities: { remove } },
			);
			const sectionOptions = { start: 299_999, length: 5 };
			expect(await json({ section: '1', sectionOptions })).toMatchObject({ text: 'xENDy' });
		}
	});

	test('where the server does not know the encoding', async () => {
		const { server, json } = await serverWith([
			'Content-Type: text/plain\r\nContent-Transfer-Encoding: x-odd\r\n\r\nabcdef',
		]);
		expect(await json({ section: '1', sectionOptions: { start: 2 } })).toMatchObject({
			text: 'cdef',
		});
		expect(fetches(server)).toHaveLength(2);
	});

	test('of what is not decoded, or behind the end', async () => {
		const { server, json } = await serverWith([NESTED]);
		expect(
			await json({ section: 'HEADER', decode: false, sectionOptions: { start: 6, length: 7 } }),
		).toMatchObject({ text: '=?utf-8' });
		expect(await json({ section: '3', sectionOptions: { start: 99 } })).toMatchObject({ text: '' });
		expect(fetches(server)[0]).toBe('UID FETCH 1 (UID BODYSTRUCTURE BODY.PEEK[HEADER]<6.7>)');
	});

	test.each([
		[{ start: -1 }, '"Range Start (Bytes)" must'],
		[{ length: 0 }, '"Range Length (Bytes)" must'],
		[{ start: 1.5 }, '"Range Start (Bytes)" must'],
		[{ length: '={{ "" }}' }, '"Range Length (Bytes)" must'],
	])('%j is refused before anything is sent', async (sectionOptions, said) => {
		const { server, items } = await serverWith([NESTED]);
		const parameters = { section: '1', sectionOptions };
		const { message } = await errorOf({ ...get, server, items, parameters });
		expect(message).toContain(said);
		expect(commandNames(server)).toEqual([]);
	});
});

describe('refused before anything is sent', () => {
	test.each([
		'1.0',
		'MIME',
		'1.FOO',
		'HEADER.FIELDS',
		'HEADER.FIELDS ()',
		'HEADER.FIELDS (a b:)',
		'HEADER (From)',
		'1]<0.1> BODY[2',
		'1\r\nA1 NOOP',
		'..',
		'1.',
	])('%j', async (section) => {
		const { server, items } = await serverWith([NESTED]);
		const { message, description } = await errorOf({
			...get,
			server,
			items: items.map((item) => ({ ...item, section })),
			parameters: { section: '={{ $json.section }}' },
		});
		expect(message).toContain('is not a valid section');
		expect(description).toContain('HEADER.FIELDS (From To)');
		expect(commandNames(server)).toEqual([]);
	});

	test('nothing', async () => {
		const { server, items } = await serverWith([NESTED]);
		const { message } = await errorOf({ ...get, server, items, parameters: { section: ' ' } });
		expect(message).toContain('"Section" is empty');
		expect(commandNames(server)).toEqual([]);
	});
});

describe('refused', () => {
	test.each([
		['9', 'The message has no section 9'],
		['1.1.1', 'The message has no section 1.1.1'],
		['3.TEXT', 'part 3 is not an attached message'],
	])('%s', async (section, said) => {
		const { server, items } = await serverWith([NESTED]);
		const { message } = await errorOf({ ...get, server, items, parameters: { section } });
		expect(message).toContain(said);
	});

	test('one item, with Continue On Fail, and the others go on', async () => {
		const { server, items } = await serverWith([NESTED, mail('plain'), NESTED]);
		const output = await runNode({
			...get,
			server,
			items,
			continueOnFail: true,
			parameters: { section: '3' },
		});
		expect(output.map(({ json, pairedItem }) => [json.text ?? json.error, pairedItem])).toEqual([
			['0123456789', { item: 0 }],
			[expect.stringContaining('has no section 3'), { item: 1 }],
			['0123456789', { item: 2 }],
		]);
		expect(fetches(server)).toEqual(['UID FETCH 1:3 (UID BODYSTRUCTURE BODY.PEEK[3])']);
	});

	test('what is too long for a text field', async () => {
		const { server, items } = await serverWith([
			Buffer.concat([Buffer.from('Subject: x\r\n\r\n'), Buffer.alloc(33 * 1024 * 1024, 'x')]),
		]);
		const { message, description } = await errorOf({
			...get,
			server,
			items,
			parameters: { section: 'TEXT' },
		});
		expect(message).toContain('too large for a text field');
		expect(description).toContain('Binary File');
	});
});

test('ten messages take one FETCH', async () => {
	const { server, run } = await serverWith(Array.from({ length: 10 }, () => NESTED));
	expect(await run({ section: '1.1' })).toHaveLength(10);
	expect(fetches(server)).toEqual(['UID FETCH 1:10 (UID BODYSTRUCTURE BODY.PEEK[1.1])']);
	expect(commandNames(server)).not.toContain('SELECT');
});
