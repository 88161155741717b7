/**
 * What people come for first is built from an empty canvas in n8n's editor, by one search for each node and at
 * most eight clicks besides the fields, and does what it is for.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Editor } from '../../demo/n8n/editor';
import { EmptyCanvas } from '../../demo/n8n/empty-canvas';
import type { RealN8n } from '../../demo/n8n/real-n8n';
import type { N8nRest } from '../../demo/n8n/rest';
import { TASKS } from '../../demo/n8n/tasks';
import { fill, USER } from '../../docs/generator/example-account';
import { MemoryServer, type Account } from '../server';
import { preparedN8n } from './prepared-n8n';
import { withBrowser } from './with-browser';

const MOST_CLICKS = 8;
const PASSWORD = 'secret';
withBrowser('from an empty canvas', () => {
	let server: MemoryServer;
	let account: Account;
	let n8n: RealN8n;
	let rest: N8nRest;
	let editor: Editor;
	let folder: string;

	beforeAll(async () => {
		server = await MemoryServer.start();
		account = server.addAccount(USER, PASSWORD);
		fill(account);
		account
			.mailbox('INBOX')
			.append(
				'Subject: News of the week\r\nList-Unsubscribe: <https://shop.example/u>\r\n\r\nNews\r\n',
				{ flags: ['\\Seen'] },
			);
		account.mailbox('Junk').append('Subject: Of today\r\n\r\nBuy now\r\n');
		folder = mkdtempSync(join(tmpdir(), 'imap4-tasks-'));
		n8n = await preparedN8n({ N8N_RESTRICT_FILE_ACCESS_TO: folder });
		rest = await n8n.startEditor();
		await rest.request('POST', '/credentials', {
			name: 'Mail of Anna',
			type: 'imap4PlainApi',
			data: { host: server.host, port: server.port, user: USER, password: PASSWORD },
		});
	});
	beforeEach(async () => (editor = await Editor.open(rest)));
	afterEach(() => editor.close());
	afterAll(async () => {
		await n8n?.dispose();
		await server?.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	/** @returns what the last node shows as its output */
	async function perform(name: string): Promise<string> {
		const task = TASKS.find((one) => one.name === name);
		if (!task) throw new Error(`There is no task ${name}`);
		const canvas = await EmptyCanvas.open(editor.page, n8n.address);
		await task.build(canvas, folder);
		const shown = await canvas.execute();
		expect(canvas.clicks).toBeLessThanOrEqual(MOST_CLICKS);
		return shown;
	}
	const subjects = (mailbox: string): string[] =>
		account
			.mailbox(mailbox)
			.messages.map(({ octets }) => /^Subject: (.*?)\r$/m.exec(octets.toString())?.[1] ?? '');

	test('the attachments of unread invoices are saved to disk', async () => {
		expect(await perform('save-invoices')).toContain('1 item');
		expect(readdirSync(folder)).toEqual(['2 invoice-1001.pdf']);
	});

	test('newsletters are moved into a folder of their own', async () => {
		expect(await perform('file-newsletters')).toContain('1 item');
		expect(subjects('Newsletters')).toEqual(['News of the week']);
		expect(subjects('INBOX')).not.toContain('News of the week');
	});

	test('a reply is in the drafts', async () => {
		await perform('draft-reply');
		const [draft] = account.mailbox('Drafts').messages;
		expect(draft?.flags).toContain('\\Draft');
		const text = draft?.octets.toString() ?? '';
		expect(text).toContain('Subject: Re: Lunch on Friday?');
		expect(text).toContain('To: Bert Weber <bert@example.org>');
		expect(text).toContain('Friday suits me well.');
	});

	test('unread mail is put together each day', async () => {
		const shown = await perform('daily-digest');
		expect(shown).toContain('1 item');
		const output = editor.page.locator('[data-test-id="output-panel"]');
		// The number of items is shown before the items are.
		await output.getByText('Invoice 1001').first().waitFor();
		expect(await output.innerText()).not.toContain('Lunch on Friday?');
	});

	test('junk older than 30 days is removed, and newer junk is not', async () => {
		expect(await perform('remove-old-junk')).toContain('item');
		expect(subjects('Junk')).toEqual(['Of today']);
	});

	test('a task is performed for each that has a picture', () => {
		expect(TASKS.map(({ name }) => name)).toEqual([
			...['save-invoices', 'file-newsletters', 'draft-reply', 'daily-digest', 'remove-old-junk'],
		]);
	});
});
