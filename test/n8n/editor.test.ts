/**
 * The package in n8n's editor, as its users meet it: in a headless Chromium, on the in-memory server.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { chain } from '../../demo/n8n/chain';
import { Editor } from '../../demo/n8n/editor';
import type { RealN8n } from '../../demo/n8n/real-n8n';
import type { N8nRest } from '../../demo/n8n/rest';
import { MemoryServer } from '../server';
import { preparedN8n } from './prepared-n8n';
import { withBrowser } from './with-browser';

const USER = 'anna@mail.example';
const PASSWORD = 'p"\\ä ss';
const CREDENTIAL = 'Mail of Anna';
const letter = (subject: string) =>
	[
		'From: Bert <bert@mail.example>',
		`To: ${USER}`,
		`Subject: ${subject}`,
		'Date: Tue, 03 Nov 2026 10:00:00 +0000',
		'',
		'Text',
	].join('\r\n');

withBrowser("in n8n's editor", () => {
	let server: MemoryServer;
	let n8n: RealN8n;
	let rest: N8nRest;
	let editor: Editor;

	beforeAll(async () => {
		server = await MemoryServer.start();
		const account = server.addAccount(USER, PASSWORD);
		for (const [name, use] of [
			['Gesendet', '\\Sent'],
			['Papierkorb', '\\Trash'],
			['Projekte/Übersicht & Plan', undefined],
		] as const) {
			account.create(name, use);
		}
		const projects = account.mailbox('Projekte/Übersicht & Plan');
		projects.append(letter('=?utf-8?q?Gr=C3=BC=C3=9Fe?='));
		projects.append(letter('Second'));

		n8n = await preparedN8n();
		rest = await n8n.startEditor();
		await rest.request('POST', '/credentials', {
			name: CREDENTIAL,
			type: 'imap4PlainApi',
			data: { host: server.host, port: server.port, user: USER, password: PASSWORD },
		});
	});
	beforeEach(async () => {
		editor = await Editor.open(rest);
		return () => editor.close();
	});
	afterAll(async () => {
		await n8n?.dispose();
		await server?.stop();
	});

	const workflowOf = (name: string, type: string, parameters: object): Promise<string> =>
		rest.addWorkflow(chain(name, { name, type, parameters }));

	test("a credential's Test names the cause when it fails, and then succeeds", async () => {
		const dialog = await editor.newCredential('IMAP4 Plain (Unencrypted) API');
		const fields = { host: server.host, port: server.port, user: USER };

		await dialog.fill({ ...fields, password: 'not-the-password' });
		const refused = await dialog.save();
		expect(refused.passed).toBe(false);
		expect(refused.text).toMatch(/login was refused/i);
		expect(refused.text).not.toContain('not-the-password');

		await dialog.fill({ password: PASSWORD });
		const accepted = await dialog.save();
		expect(accepted.text).toContain('Connection tested successfully');
		expect(accepted.passed).toBe(true);
	});

	test("n8n's own IMAP credential is tested, chosen, and lists the mailboxes", async () => {
		const name = 'IMAP of the Email Trigger';
		const { host, port } = server;
		const data = { user: USER, password: PASSWORD, host, port, secure: false };
		expect(await rest.testCredential('imap', data)).toMatchObject({ status: 'OK' });
		await rest.request('POST', '/credentials', { name, type: 'imap', data });
		const id = await workflowOf('Own Credential', 'n8n-nodes-imap4.imap4Message', {
			authentication: 'n8n',
			resource: 'message',
			operation: 'getMany',
		});
		await editor.openWorkflow(id);
		const node = await editor.openNode('Own Credential');
		await node.chooseCredential(name);
		await node.openMailboxList();
		await node.mailboxes.filter({ hasText: 'Projekte/Übersicht & Plan' }).click();
		await node.execute();
		const shown = await node.output.innerText();
		expect(shown).toContain('2 items');
		expect(shown).toContain('Grüße');
	});

	test('a mailbox is picked from the list, which shows roles and counts, and the node shows its output', async () => {
		const id = await workflowOf('Get Many', 'n8n-nodes-imap4.imap4Message', {
			authentication: 'plain',
			resource: 'message',
			operation: 'getMany',
		});
		await editor.openWorkflow(id);
		const node = await editor.openNode('Get Many');
		await node.chooseCredential(CREDENTIAL);

		await node.openMailboxList();
		expect(await node.mailboxes.allInnerTexts()).toEqual([
			'INBOX (0 messages)',
			'Gesendet (Sent, 0 messages)',
			'Papierkorb (Trash, 0 messages)',
			'Projekte/Übersicht & Plan (2 messages)',
		]);
		await node.searchMailboxes('plan');
		expect(await node.mailboxes.allInnerTexts()).not.toContain('Papierkorb (Trash, 0 messages)');
		await node.mailboxes.filter({ hasText: 'Projekte/Übersicht & Plan' }).click();

		await node.execute();
		const shown = await node.output.innerText();
		expect(shown).toContain('2 items');
		expect(shown).toContain('Projekte/Übersicht & Plan');
		expect(shown).toContain('Grüße');
	});

	test('a node that fails shows what happened and what to do', async () => {
		const id = await workflowOf('Get Status', 'n8n-nodes-imap4.imap4Mailbox', {
			authentication: 'plain',
			resource: 'mailbox',
			operation: 'getStatus',
			mailbox: { __rl: true, mode: 'path', value: 'Nowhere' },
		});
		await editor.openWorkflow(id);
		const node = await editor.openNode('Get Status');
		await node.chooseCredential(CREDENTIAL);
		const shown = await node.executeAndFail();
		expect(shown).toContain('Nowhere');
		expect(shown).toContain('Check the name of the mailbox');
	});
});
