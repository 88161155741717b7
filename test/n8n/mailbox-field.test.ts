/**
 * The field for a mailbox in n8n's editor, on servers that name mailboxes in different ways: picked from the list,
 * by role, and by a path as people write it.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { credentialOf, type Account } from '../../demo/account';
import { chain } from '../../demo/n8n/chain';
import { Editor, type NodePanel } from '../../demo/n8n/editor';
import type { RealN8n } from '../../demo/n8n/real-n8n';
import type { N8nRest } from '../../demo/n8n/rest';
import { layouts, nameOn, type Layout } from '../real/layouts';
import { fill, freshName } from './mail-accounts';
import { preparedN8n } from './prepared-n8n';
import { withBrowser } from './with-browser';

const NODE = 'n8n-nodes-imap4.imap4Message';

const present: Layout[] = [];
for (const layout of layouts()) {
	if ('missing' in layout) console.log(`Left out: ${layout.title}, because ${layout.missing}`);
	else present.push(layout);
}

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

withBrowser('the field for a mailbox', () => {
	let n8n: RealN8n;
	let rest: N8nRest;
	let editor: Editor;

	beforeAll(async () => {
		n8n = await preparedN8n();
		rest = await n8n.startEditor();
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
		const getMany = { name: 'Get Many', type: NODE, parameters };
		await editor.openWorkflow(await rest.addWorkflow(chain('Get Many', getMany)));
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
