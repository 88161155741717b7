import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bytesOf } from '../binary';
import { commandNames, jsonOf, runNode, startServer, USER } from '../run-node';

const node = 'imap4Message';
const message = (...lines: string[]): string => lines.join('\r\n');

async function contentOf(octets: string | Buffer, body = 'both') {
	const server = await startServer();
	server.account(USER).mailbox('INBOX').append(octets);
	const [json] = await jsonOf({ node, operation: 'getMany', server, parameters: { body } });
	return { text: json?.text, html: json?.html };
}

describe('text', () => {
	test.each<[string, string, string, Buffer]>([
		[
			'quoted-printable UTF-8',
			'utf-8',
			'quoted-printable',
			Buffer.from('Gr=C3=BC=C3=9Fe=\r\n, Anna'),
		],
		['base64 ISO-8859-1', 'iso-8859-1', 'base64', Buffer.from('R3L832UsIEFubmE=')],
		['8bit windows-1252', 'windows-1252', '8bit', Buffer.from('Gr\xfc\xdfe, Anna', 'latin1')],
		['8bit without charset, UTF-8', '', '8bit', Buffer.from('Grüße, Anna')],
		['8bit without charset, Latin-1', '', '8bit', Buffer.from('Gr\xfc\xdfe, Anna', 'latin1')],
	])('%s', async (_name, charset, encoding, body) => {
		const header = message(
			`Content-Type: text/plain${charset && `; charset=${charset}`}`,
			`Content-Transfer-Encoding: ${encoding}`,
			'',
			'',
		);
		const { text } = await contentOf(Buffer.concat([Buffer.from(header), body]));
		expect(text).toBe('Grüße, Anna');
	});

	test('ISO-2022-JP', async () => {
		const body = Buffer.from('1b2442467c4b5c386c1b2842', 'hex');
		const header = 'Content-Type: text/plain; charset=ISO-2022-JP\r\n\r\n';
		expect((await contentOf(Buffer.concat([Buffer.from(header), body]))).text).toBe('日本語');
	});

	test('format=flowed', async () => {
		const { text } = await contentOf(
			message('Content-Type: text/plain; format=flowed', '', 'one line ', 'of two', 'next'),
		);
		expect(text).toBe('one line of two\nnext');
	});

	test('HTML alone becomes text as well', async () => {
		const { text, html } = await contentOf(
			message(
				'Content-Type: text/html; charset=utf-8',
				'Content-Transfer-Encoding: 8bit',
				'',
				'<p>Hello <b>Änne</b></p><p>Bye</p>',
			),
		);
		expect(html).toContain('<b>Änne</b>');
		expect(text).toMatch(/^Hello Änne\n+Bye$/);
	});
});

test('a short HTML behind a long text that comes in small pieces', async () => {
	const server = await startServer({ faults: { chunkSizes: [997] } });
	const long = 'x'.repeat(400_000);
	server
		.account(USER)
		.mailbox('INBOX')
		.append(
			message(
				'Content-Type: multipart/alternative; boundary=alt',
				'',
				'--alt',
				'Content-Type: text/plain',
				'',
				long,
				'--alt',
				'Content-Type: text/html',
				'',
				'<b>short</b>',
				'--alt--',
				'',
			),
		);
	const [json] = await jsonOf({ node, operation: 'getMany', server, parameters: { body: 'both' } });
	expect(json?.html).toBe('<b>short</b>');
	expect(json?.text).toBe(long);
});

const PNG = randomBytes(3000);
const WITH_ATTACHMENTS = message(
	'From: a@example.org',
	'Subject: pictures',
	'Content-Type: multipart/mixed; boundary=mix',
	'',
	'--mix',
	'Content-Type: multipart/alternative; boundary=alt',
	'',
	'--alt',
	'Content-Type: text/plain; charset=utf-8',
	'',
	'plain',
	'--alt',
	'Content-Type: text/html; charset=utf-8',
	'',
	'<b>html</b>',
	'--alt--',
	'--mix',
	'Content-Type: image/png; name="=?utf-8?q?Bild_=C3=A4?=.png"',
	'Content-Disposition: attachment; filename="../../Bild.png"',
	'Content-Transfer-Encoding: base64',
	'',
	PNG.toString('base64').replace(/.{76}/g, '$&\r\n'),
	'--mix',
	"Content-Type: text/plain; name*0*=utf-8''%C3%9Cber; name*1=sicht.txt",
	'Content-Disposition: attachment',
	'Content-Transfer-Encoding: quoted-printable',
	'',
	'a=3Db',
	'--mix',
	'Content-Type: application/pdf',
	'',
	'%PDF',
	'--mix--',
	'',
);

describe('attachments', () => {
	test('become binary data, decoded, with safe names', async () => {
		const server = await startServer();
		server.account(USER).mailbox('INBOX').append(WITH_ATTACHMENTS);
		const [item] = await runNode({
			node,
			operation: 'getMany',
			server,
			parameters: { body: 'both', downloadAttachments: true },
		});
		expect(item?.json).toMatchObject({ text: 'plain', html: '<b>html</b>' });
		expect(Object.values(item?.binary ?? {}).map((one) => [one.fileName, one.mimeType])).toEqual([
			['Bild.png', 'image/png'],
			['Übersicht.txt', 'text/plain'],
			['part-4.pdf', 'application/pdf'],
		]);
		expect(await bytesOf(item, 'attachment_0')).toEqual(PNG);
		expect((await bytesOf(item, 'attachment_1')).toString()).toBe('a=b');
		expect((await bytesOf(item, 'attachment_2')).toString()).toBe('%PDF');
	});

	test('are not downloaded for the text alone, nor for their list', async () => {
		const server = await startServer();
		server.account(USER).mailbox('INBOX').append(WITH_ATTACHMENTS);
		const [json] = await jsonOf({
			node,
			operation: 'getMany',
			server,
			parameters: { simplify: false, fields: ['attachments'], body: 'text' },
		});
		expect(json?.attachments).toMatchObject([
			{ part: '2', fileName: 'Bild.png', mimeType: 'image/png', disposition: 'attachment' },
			{ part: '3', fileName: 'Übersicht.txt' },
			{ part: '4', fileName: 'part-4.pdf', named: false },
		]);
		const fetches = server.commands.filter(({ name }) => name === 'UID FETCH');
		expect(fetches.at(-1)?.line).toBe('UID FETCH 1 (UID BODY.PEEK[1.1])');
	});

	test.each([
		['at once', undefined, 3_000_000],
		['in small pieces', [997], 400_000],
	])('large ones stream, with small ones behind them: %s', async (_name, chunkSizes, size) => {
		const server = await startServer({ faults: { chunkSizes } });
		const big = randomBytes(size);
		const part = (name: string, content: Buffer) =>
			message(
				'--mix',
				'Content-Type: application/octet-stream',
				`Content-Disposition: attachment; filename=${name}`,
				'Content-Transfer-Encoding: base64',
				'',
				content.toString('base64').replace(/.{76}/g, '$&\r\n'),
				'',
			);
		const whole = message(
			'Subject: big',
			'Content-Type: multipart/mixed; boundary=mix',
			'',
			part('1.bin', big),
			part('2.bin', Buffer.from('small')),
			part('3.bin', big),
			part('4.bin', Buffer.from('tiny')),
			'--mix--',
			'',
		);
		const inbox = server.account(USER).mailbox('INBOX');
		inbox.append(whole);
		inbox.append(whole);
		const items = await runNode({
			node,
			operation: 'getMany',
			server,
			parameters: { downloadAttachments: true },
		});
		expect(items).toHaveLength(2);
		const hash = (octets: Buffer) => createHash('sha256').update(octets).digest('hex');
		for (const item of items) {
			expect(hash(await bytesOf(item, 'attachment_0'))).toBe(hash(big));
			expect((await bytesOf(item, 'attachment_1')).toString()).toBe('small');
			expect(hash(await bytesOf(item, 'attachment_2'))).toBe(hash(big));
			expect((await bytesOf(item, 'attachment_3')).toString()).toBe('tiny');
		}
		expect(commandNames(server).filter((name) => name === 'UID FETCH')).toHaveLength(2);
	});
});
