/**
 * The field for a mailbox in n8n's editor, on servers that name mailboxes in different ways: picked from the list,
 * by role, and by a path as people write it.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { credentialOf, type Account } from '../../demo/account';
import { Editor, missingBrowser, type NodePanel } from '../../demo/n8n/editor';
import { RealN8n } from '../../demo/n8n/real-n8n';
import type { N8nRest } from '../../demo/n8n/rest';
import { layouts, nameOn, type Layout } from '../real/layouts';
import { fill, freshName } from './mail-accounts';
import { oneNodeWorkflow } from './one-node-workflow';

const NODE = 'n8n-nodes-imap4.imap4Message';

const missing = missingBrowser();
if (missing !== undefined) console.log(`Left out: the mailbox field, because ${missing}`);

const present: Layout[] = [];
for (const layout of layouts()) {
	if ('missing' in layout) console.log(`Left out: ${layout.title}, because ${layout.missing}`);
	else present.push(layout);
}

const owner = {
	email: 'owner@mail.example',
	firstName: 'Test',
	lastName: 'Owner',
	password: `Owner1-${randomBytes(6).toString('hex')}`,
};

/** A user with a message in Sent, and one in the folder of a year, below the archive. */
async function filled(layout: Layout): Promise<Account> {
	const { host, port, password, users = '' } = layout;
	const account: Account = {
		...{ host, port, security: 'none', password },
		user: `${users}${freshName()}`,
	};
	await fill(account, {
		[nameOn(layout, 'Sent')]: [{ subject: 'In the mail that was sent' }],
		[nameOn(layout, 'Archive')]: [],
		[nameOn(layout, 'Archive/2024')]: [{ subject: 'In the archive of 2024' }],
	});
	return account;
}

describe.skipIf(missing !== undefined)('the field for a mailbox', () => {
	let n8n: RealN8n;
	let rest: N8nRest;
	let editor: Editor;

	beforeAll(async () => {
		const { installedN8n } = await import('../../scripts/n8n-install.mjs');
		const program = installedN8n();
		if (program === undefined) {
			throw new Error('n8n is not installed: "npm run test:n8n" does that first');
		}
		n8n = await RealN8n.prepare(program);
		rest = await n8n.startEditor(owner);
	});
	beforeEach(async () => {
		editor = await Editor.open(rest);
		return () => editor.close();
	});
	afterAll(() => n8n?.dispose());

	test.each(present)('on $title', async (layout) => {
		const { title: name } = layout;
		const credential = credentialOf(await filled(layout), '', `Mail on ${name}`);
		await rest.request('POST', '/credentials', credential);
		const parameters = { authentication: 'plain', resource: 'message', operation: 'getMany' };
		await editor.openWorkflow(await oneNodeWorkflow(rest, 'Get Many', NODE, parameters));
		const node = await editor.openNode('Get Many');
		await node.chooseCredential(credential.name);

		await node.openMailboxList();
		await node.mailboxes.filter({ hasText: '2024' }).click();
		await shows(node, 'In the archive of 2024');

		await node.chooseMailboxMode('role');
		await node.fillMailbox('Sent');
		await shows(node, 'In the mail that was sent');

		await node.chooseMailboxMode('path');
		await node.fillMailbox('Archive/2024');
		await shows(node, 'In the archive of 2024');
	});
});

/** Runs the node, whose output before is another one. */
async function shows(node: NodePanel, text: string): Promise<void> {
	await node.execute();
	await expect.poll(() => node.output.innerText(), { timeout: 30_000 }).toContain(text);
}
