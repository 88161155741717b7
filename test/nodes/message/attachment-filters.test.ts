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

describe('with a limit, in a large mailbox', () => {
	/** Every tenth of 1,000 messages has an attachment. */
	async function large() {
		const server = await startServer();
		const inbox = server.account(USER).mailbox('INBOX');
		for (let n = 1; n <= 1000; n++) {
			inbox.append(
				n % 10 === 0 ? letter(`${n}`, part('application/pdf', 'a.pdf', 9)) : 'Subject: x\r\n\r\nx',
			);
		}
		const run = (parameters: INodeParameters) =>
			jsonOf({
				node: 'imap4Message',
				operation: 'getMany',
				server,
				parameters: { filters: { hasAttachments: true }, ...parameters },
			});
		const asked = () =>
			server.commands.filter(({ line }) => /^UID FETCH \S+ \(UID BODYSTRUCTURE\)/.test(line))
				.length;
		const subjects = async (parameters: INodeParameters) =>
			(await run(parameters)).map(({ subject }) => Number(subject));
		return { run, asked, subjects };
	}

	test.each([
		['newest', [1000, 990, 980]],
		['oldest', [10, 20, 30]],
	])('only the parts of some are asked for, the %s first', async (order, expected) => {
		const { subjects, asked } = await large();
		expect(await subjects({ limit: 3, order })).toEqual(expected);
		expect(asked()).toBe(1);
	});

	test('as many as it takes are asked for', async () => {
		const { subjects, asked } = await large();
		const found = await subjects({ limit: 60 });
		expect(found).toHaveLength(60);
		expect(found.at(-1)).toBe(410);
		// Of 100, 200 and 400 messages.
		expect(asked()).toBe(3);
	});

	test('all are found without a limit, and by pages', async () => {
		const { subjects, run } = await large();
		expect(await subjects({ returnAll: true })).toHaveLength(100);
		const pages: number[] = [];
		let cursor: unknown = '';
		while (cursor !== null) {
			const page = await run({ limit: 30, returnCursor: true, cursor: cursor as string });
			pages.push(...page.map(({ subject }) => Number(subject)));
			cursor = page[0]?.nextCursor ?? null;
		}
		expect(pages).toEqual(Array.from({ length: 100 }, (_none, n) => 1000 - 10 * n));
	});

	test('sorted by something else, all are looked at', async () => {
		const { subjects } = await large();
		const sort = { key: [{ by: 'size', direction: 'descending' }] };
		expect(await subjects({ limit: 2, sort })).toEqual([1000, 100]);
	});
});
