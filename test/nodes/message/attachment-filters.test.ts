/** Filters by attachments: wherever messages are found, after the other filters. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { box, commandNames, errorOf, jsonOf, startServer, USER } from '../run-node';
import { Poller } from '../trigger/poller';

const part = (type: string, name: string, size: number, more: string[] = []): string =>
	[
		'--m',
		`Content-Type: ${type}; name="${name}"`,
		`Content-Disposition: ${more.length > 0 ? 'inline' : 'attachment'}; filename="${name}"`,
		...more,
		'',
		'x'.repeat(size),
	].join('\r\n');

const letter = (subject: string, ...parts: string[]): string =>
	[
		`Subject: ${subject}`,
		'MIME-Version: 1.0',
		'Content-Type: multipart/mixed; boundary=m',
		'',
		'--m',
		'Content-Type: text/html',
		'',
		'<p>Text</p>',
		...parts,
		'--m--',
		'',
	].join('\r\n');

const MESSAGES = [
	letter('invoice', part('application/pdf', 'Invoice 7.PDF', 900)),
	letter('photos', part('image/jpeg', 'a.jpg', 5000), part('image/png', 'b.png', 10)),
	letter('logo only', part('image/png', 'logo.png', 50, ['Content-ID: <logo@x>'])),
	'Subject: plain\r\n\r\nText',
	letter('both', part('application/pdf', 'small.pdf', 10), part('text/csv', 'big.csv', 5000)),
];

async function account() {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	for (const message of MESSAGES) inbox.append(message);
	return server;
}

const CASES: Array<[string, INodeParameters, string[]]> = [
	['any attachment', { hasAttachments: true }, ['invoice', 'photos', 'both']],
	['no attachment', { hasAttachments: false }, ['logo only', 'plain']],
	['a name in any case', { attachmentName: 'invoice*.pdf' }, ['invoice']],
	['one of several names', { attachmentName: 'a.jpg, "big.csv"' }, ['photos', 'both']],
	['a media type', { attachmentType: 'application/pdf' }, ['invoice', 'both']],
	['images, those of the HTML too', { attachmentType: 'image/*' }, ['photos', 'logo only']],
	['a size', { attachmentLarger: 1000 }, ['photos', 'both']],
	[
		'one attachment that is all of it',
		{ attachmentType: 'application/pdf', attachmentLarger: 500 },
		['invoice'],
	],
	['other filters besides', { hasAttachments: true, subject: 'o' }, ['invoice', 'photos', 'both']],
	['a name that none has', { attachmentName: 'nothing.zip' }, []],
];

describe.each(CASES)('messages with %s', (_what, filters, subjects) => {
	test('are what Get Many returns', async () => {
		const server = await account();
		const parameters = { filters, order: 'oldest' };
		const found = await jsonOf({ node: 'imap4Message', operation: 'getMany', server, parameters });
		expect(found.map(({ subject }) => subject)).toEqual(subjects);
	});

	test('are what the trigger delivers', async () => {
		const server = await startServer();
		const poller = new Poller({ server, parameters: { filters } });
		await poller.poll();
		for (const message of MESSAGES) server.account(USER).mailbox('INBOX').append(message);
		const items = (await poller.poll()) ?? [];
		expect(items.map(({ subject }: IDataObject) => subject)).toEqual(subjects);
	});
});

test('Attachment: Download takes messages by them', async () => {
	const server = await account();
	const files = await jsonOf({
		node: 'imap4Message',
		resource: 'attachment',
		operation: 'download',
		server,
		parameters: {
			messages: 'search',
			mailbox: box('INBOX'),
			filters: { attachmentType: 'text/csv' },
		},
	});
	expect(files.map(({ fileName }) => fileName)).toEqual(['small.pdf', 'big.csv']);
});

test('only what the other filters find is looked at', async () => {
	const server = await account();
	await jsonOf({
		node: 'imap4Message',
		operation: 'getMany',
		server,
		parameters: { filters: { hasAttachments: true, subject: 'photos' } },
	});
	const fetched = server.commands
		.map(({ line }) => line)
		.filter((line) => line.includes('BODYSTRUCTURE'));
	expect(fetched.length).toBeGreaterThan(0);
	for (const line of fetched) expect(line).toMatch(/^UID FETCH 2 \(/);
});

test('Delete deletes only what matches, and nothing where none does', async () => {
	const server = await account();
	const inbox = server.account(USER).mailbox('INBOX');
	const run = (filters: INodeParameters) => ({
		node: 'imap4Message' as const,
		operation: 'delete',
		server,
		parameters: { messages: 'search', mailbox: box('INBOX'), deleteMode: 'permanent', filters },
	});
	expect(await jsonOf(run({ attachmentName: '*.zip' }))).toEqual([]);
	expect(commandNames(server)).not.toContain('UID EXPUNGE');
	const { message } = await errorOf(run({ attachmentName: '={{ $json.nothing }}' }));
	expect(message).toContain('"Attachment Name" is empty');
	await jsonOf(run({ attachmentType: 'application/pdf' }));
	expect(inbox.messages.map(({ uid }) => uid)).toEqual([2, 3, 4]);
});
