import { simpleParser } from 'mailparser';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import type { MemoryServer } from '../../server/index';
import { bytesOf } from '../binary';
import { filledInbox } from '../filled-inbox';
import {
	ACCOUNT,
	box,
	commandNames,
	errorOf,
	jsonOf,
	mail,
	runNode,
	startServer,
	USER,
	type NodeRunOptions,
} from '../run-node';

const node = 'imap4Message';
const PIXEL = Buffer.from('R0lGODlhAQABAAAAACw=', 'base64');

const LETTER = [
	'From: "Doe, Bert" <bert@example.org>',
	`To: Anna Smith <${USER}>, Clara <clara@example.net>`,
	'Cc: anna@work.example, Dora <dora@example.net>',
	'Reply-To: bert+tickets@example.org',
	'Subject: AW: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
	'Date: Tue, 03 Nov 2026 10:00:00 +0000',
	'Message-ID: <2@example.org>',
	'References: <0@example.org> <1@example.org>',
	'In-Reply-To: <1@example.org>',
	'MIME-Version: 1.0',
	'Content-Type: multipart/mixed; boundary=m',
	'',
	'--m',
	'Content-Type: multipart/related; boundary=r',
	'',
	'--r',
	'Content-Type: multipart/alternative; boundary=a',
	'',
	'--a',
	'Content-Type: text/plain; charset=utf-8',
	'',
	'Schöne Grüße',
	'--a',
	'Content-Type: text/html; charset=utf-8',
	'',
	'<body><p>Schöne <b>Grüße</b> <img src="cid:pixel@x"></p></blockquote><script>x()</script></body>',
	'--a--',
	'--r',
	'Content-Type: image/gif; name=pixel.gif',
	'Content-ID: <pixel@x>',
	'Content-Disposition: inline',
	'Content-Transfer-Encoding: base64',
	'',
	PIXEL.toString('base64'),
	'--r--',
	'--m',
	'Content-Type: text/csv; name=a.csv',
	'Content-Disposition: attachment; filename=a.csv',
	'',
	'1,2',
	'--m--',
	'',
].join('\r\n');

async function serverWith(...messages: string[]) {
	const { server, account, inbox, items } = await filledInbox(messages);
	const drafts = account.create('Entwürfe', '\\Drafts');
	const make = (
		operation: string,
		parameters: INodeParameters = {},
		more: Partial<NodeRunOptions> = {},
	): Promise<INodeExecutionData[]> =>
		runNode({
			node,
			operation,
			server,
			items,
			parameters: { text: 'Danke!', ...parameters },
			...more,
		});
	return { server, account, inbox, drafts, items, make };
}

const stored = (server: MemoryServer, index = 0) =>
	simpleParser(server.account(USER).mailbox('Entwürfe').messages[index]?.octets ?? Buffer.alloc(0));

const addresses = (field: unknown): string[] =>
	[field ?? []]
		.flat()
		.flatMap((one) =>
			(one as { value: Array<{ address?: string }> }).value.map(({ address }) => address ?? ''),
		);

describe('Reply', () => {
	test('goes to Reply-To, in the conversation, with the message quoted', async () => {
		const { server, items, drafts, make } = await serverWith(LETTER);
		const [output] = await make('reply', {}, { timezone: 'Europe/Berlin' });
		const draft = await stored(server);
		expect(output?.json).toEqual({
			subject: 'Re: Grüße',
			from: `Anna Smith <${USER}>`,
			to: 'bert+tickets@example.org',
			messageId: draft.messageId,
			inReplyTo: '<2@example.org>',
			references: '<0@example.org> <1@example.org> <2@example.org>',
			original: { ...items[0], account: ACCOUNT, messageId: '<2@example.org>' },
			mailbox: 'Entwürfe',
			uidValidity: drafts.uidValidity,
			uid: 1,
			account: ACCOUNT,
		});
		expect([...(drafts.messages[0]?.flags ?? [])].sort()).toEqual(['\\Draft', '\\Seen']);
		expect(draft.subject).toBe('Re: Grüße');
		expect(addresses(draft.to)).toEqual(['bert+tickets@example.org']);
		expect(draft.cc).toBeUndefined();
		expect(addresses(draft.from)).toEqual([USER]);
		expect(draft.inReplyTo).toBe('<2@example.org>');
		expect(draft.references).toEqual(['<0@example.org>', '<1@example.org>', '<2@example.org>']);
		expect(draft.text).toBe(
			'Danke!\n\nOn 2026-11-03 11:00, "Doe, Bert" <bert@example.org> wrote:\n> Schöne Grüße\n',
		);
		const html = String(draft.html);
		expect(html).toMatch(/^<div>Danke!<\/div>/);
		expect(html).toMatch(
			/<blockquote [^>]*><p>Schöne <b>Grüße<\/b> <img [^>]*><\/p><\/blockquote>\s*$/,
		);
		// What the HTML shows goes along; other files don't.
		expect(draft.attachments.map(({ contentId, content }) => [contentId, content])).toEqual([
			['<pixel@x>', PIXEL],
		]);
	});

	test('to all leaves out the account and one’s other addresses', async () => {
		const { server, make } = await serverWith(LETTER);
		await make('replyAll', { draftOptions: { ownAddresses: 'Anna <anna@work.example>' } });
		const draft = await stored(server);
		expect(addresses(draft.to)).toEqual(['bert+tickets@example.org']);
		expect(addresses(draft.cc)).toEqual(['clara@example.net', 'dora@example.net']);
	});

	test('to all goes where a list asks for it', async () => {
		const { server, make } = await serverWith(
			mail('list', 'Mail-Followup-To: list@example.org, anna@example.com'),
		);
		await make('replyAll');
		const draft = await stored(server);
		expect([addresses(draft.to), draft.cc]).toEqual([['list@example.org'], undefined]);
	});

	test('to a message of one’s own goes where that went', async () => {
		const { server, make } = await serverWith(
			`From: ${USER}\r\nTo: bert@example.org\r\nSubject: s\r\n\r\nx`,
		);
		await make('reply');
		expect(addresses((await stored(server)).to)).toEqual(['bert@example.org']);
	});

	test('has no HTML where neither side has any', async () => {
		const { server, make } = await serverWith(mail('plain'));
		await make('reply');
		const draft = await stored(server);
		expect(draft.html).toBe(false);
		expect(draft.text).toContain('> Text of plain');
	});

	test('takes HTML, sender, copies and files from the item', async () => {
		const { server, items, make } = await serverWith(mail('plain'));
		const data = {
			data: Buffer.from('file').toString('base64'),
			mimeType: 'text/plain',
			fileName: 'f.txt',
		};
		await make(
			'reply',
			{
				text: '',
				draftOptions: {
					html: '<p>Ja</p>',
					from: 'Sales <sales@example.com>',
					cc: 'c@example.net',
					bcc: 'd@example.net',
					replyTo: 'e@example.net',
					subject: 'Other',
					attachments: 'data',
					quote: false,
				},
			},
			{ items: [{ json: items[0] ?? {}, binary: { data } }] },
		);
		const draft = await stored(server);
		expect(draft.messageId).toMatch(/@example\.com>$/);
		expect(draft.subject).toBe('Other');
		expect([draft.from, draft.cc, draft.bcc, draft.replyTo].map(addresses)).toEqual([
			['sales@example.com'],
			['c@example.net'],
			['d@example.net'],
			['e@example.net'],
		]);
		expect(draft.html).toBe('<p>Ja</p>');
		expect(draft.text?.trim()).toBe('Ja');
		expect(draft.attachments.map(({ filename, content }) => [filename, String(content)])).toEqual([
			['f.txt', 'file'],
		]);
	});

	test('many messages: one login, each item its own text', async () => {
		const { server, make } = await serverWith(mail('one'), mail('two'), mail('three'));
		const output = await make('reply', { text: '=No {{ $json.uid }}' });
		expect(output.map(({ json, pairedItem }) => [json.subject, pairedItem])).toEqual([
			['Re: one', { item: 0 }],
			['Re: two', { item: 1 }],
			['Re: three', { item: 2 }],
		]);
		expect((await stored(server, 2)).text).toMatch(/^No 3\n/);
		const names = commandNames(server);
		expect(names.filter((name) => name === 'EXAMINE')).toHaveLength(1);
		expect(names).not.toContain('SELECT');
		expect(names).not.toContain('UID STORE');
	});

	test('creates the mailbox with its special use where it is missing, and only then', async () => {
		const server = await startServer();
		server.account(USER).mailbox('INBOX').append(mail('x'));
		const run = { node, operation: 'reply', server } as const;
		const parameters = { text: 'a', messages: 'uids', uids: '1', mailbox: box('INBOX') };
		const { message } = await errorOf({ ...run, parameters });
		expect(message).toContain('"Drafts"');
		const created = await jsonOf({ ...run, parameters: { ...parameters, createIfMissing: true } });
		expect(created).toMatchObject([{ mailbox: 'Drafts', createdMailbox: true }]);
	});

	test('a dry run reports the recipients, and stores nothing', async () => {
		const { server, make } = await serverWith(LETTER);
		const [output] = await make('replyAll', { dryRun: true });
		expect(output?.json).toMatchObject({
			dryRun: true,
			mailbox: 'Entwürfe',
			to: 'bert+tickets@example.org',
			cc: 'Clara <clara@example.net>, anna@work.example, Dora <dora@example.net>',
			original: { uid: 1 },
		});
		expect(output?.json).not.toHaveProperty('uid');
		expect(commandNames(server)).not.toContain('APPEND');
	});

	test.each<[string, INodeParameters]>([
		['Text', { text: '={{ $json.nothing }}' }],
		['CC', { draftOptions: { cc: '' } }],
		['From', { draftOptions: { from: '={{ undefined }}' } }],
		['HTML', { draftOptions: { html: '' } }],
		['Quote Message', { draftOptions: { quote: '={{ "" }}' } }],
		['Subject', { draftOptions: { subject: 'a\r\nBcc: x@y' } }],
	])('refuses an empty or broken %s', async (label, parameters) => {
		const { server, items } = await serverWith(mail('x'));
		const run = { node, operation: 'reply', server, items } as const;
		const { message } = await errorOf({ ...run, parameters: { text: 'a', ...parameters } });
		expect(message).toContain(`"${label}"`);
		expect(commandNames(server)).not.toContain('APPEND');
	});

	test('refuses a message that names nobody to answer to', async () => {
		const { server, items } = await serverWith('Subject: s\r\n\r\nx');
		const { message } = await errorOf({
			node,
			operation: 'reply',
			server,
			items,
			parameters: { text: 'a' },
		});
		expect(message).toContain('no address to reply to');
	});

	test('a field of the original cannot add fields', async () => {
		const { server, make } = await serverWith(
			mail('x').replace('Bert <', '=?utf-8?q?B=0D=0ABcc:_evil@example.org?= <'),
		);
		await make('reply');
		const source = server.account(USER).mailbox('Entwürfe').messages[0]?.octets.toString() ?? '';
		expect(source.split('\r\n\r\n')[0]).not.toMatch(/^Bcc/im);
	});
});

describe('Forward', () => {
	test('inline: the header, the text, and the files', async () => {
		const { server, make } = await serverWith(LETTER);
		await make('forward', { to: 'Eva <eva@example.org>' });
		const draft = await stored(server);
		expect(draft.subject).toBe('Fwd: AW: Grüße');
		expect(addresses(draft.to)).toEqual(['eva@example.org']);
		expect(draft.inReplyTo).toBeUndefined();
		expect(draft.references).toContain('<2@example.org>');
		expect(draft.text).toBe(
			[
				'Danke!',
				'',
				'---------- Forwarded message ----------',
				'From: "Doe, Bert" <bert@example.org>',
				'Date: 2026-11-03 10:00',
				'Subject: AW: Grüße',
				`To: Anna Smith <${USER}>, Clara <clara@example.net>`,
				'Cc: anna@work.example, Dora <dora@example.net>',
				'',
				'Schöne Grüße',
				'',
			].join('\n'),
		);
		expect(draft.attachments.map(({ filename }) => filename).sort()).toEqual([
			'a.csv',
			'pixel.gif',
		]);
	});

	test('inline without its files keeps the images that it shows', async () => {
		const { server, make } = await serverWith(LETTER);
		await make('forward', { draftOptions: { keepAttachments: false } });
		const { attachments } = await stored(server);
		expect(attachments.map(({ filename }) => filename)).toEqual(['pixel.gif']);
	});

	test('as an attachment: byte by byte', async () => {
		const { server, drafts, make } = await serverWith(LETTER);
		await make('forward', { to: 'eva@example.org', forwardAs: 'attachment' });
		const source = drafts.messages[0]?.octets ?? Buffer.alloc(0);
		expect(source.includes(LETTER.trimEnd())).toBe(true);
		expect(source.toString()).toMatch(/Content-Type: message\/rfc822/);
		expect((await stored(server)).text).toBe('Danke!');
	});
});

describe('Fields and Files', () => {
	test('hands on what a node that sends mail takes, and the whole message', async () => {
		const { server, items, make } = await serverWith(LETTER);
		const [output] = await make('forward', { to: 'eva@example.org', draftResult: 'fields' });
		expect(output?.json).toMatchObject({
			subject: 'Fwd: AW: Grüße',
			to: 'eva@example.org',
			from: `Anna Smith <${USER}>`,
			text: expect.stringContaining('Schöne Grüße') as string,
			html: expect.stringContaining('<b>Grüße</b>') as string,
			attachments: 'attachment_0,attachment_1',
			original: { ...items[0], account: ACCOUNT, messageId: '<2@example.org>' },
		});
		expect(output?.json).not.toHaveProperty('uid');
		const bytes = (name: string) => bytesOf(output, name);
		expect(await bytes('attachment_0')).toEqual(PIXEL);
		expect(String(await bytes('attachment_1'))).toBe('1,2');
		const whole = await simpleParser(await bytes('message'));
		expect(whole.messageId).toBe(output?.json.messageId);
		expect(commandNames(server)).not.toContain('APPEND');
	});
});
