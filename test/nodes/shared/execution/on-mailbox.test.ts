/** From the mailbox that an item names to the one on the server. */
import type { INodeParameters } from 'n8n-workflow';
import { expect, test } from 'vitest';
import { box, commandNames, jsonOf, startServer, USER } from '../../run-node';

async function start(mailbox: string) {
	const server = await startServer();
	server.account(USER).create(mailbox);
	const run = (
		node: 'imap4Mailbox' | 'imap4Acl',
		operation: string,
		mailbox: INodeParameters,
		more: INodeParameters = {},
	) => jsonOf({ node, operation, server, parameters: { mailbox, ...more } });
	return { server, run };
}

const byName = (value: string): INodeParameters => ({ __rl: true, mode: 'list', value });

test('a path that the server names otherwise is put out with each result', async () => {
	const { server, run } = await start('INBOX/New');
	await run('imap4Acl', 'set', box('INBOX/New'), { identifier: 'bob' });
	const rights = await run('imap4Acl', 'getMany', box('inbox/New'));
	expect(rights.length).toBeGreaterThan(1);
	for (const json of rights) expect(json).toMatchObject({ requestedMailbox: 'inbox/New' });
	for (const mailbox of [box('INBOX/New'), byName('INBOX/New')]) {
		const [status] = await run('imap4Mailbox', 'getStatus', mailbox);
		expect(status).toMatchObject({ mailbox: 'INBOX/New' });
		expect(status).not.toHaveProperty('requestedMailbox');
	}
	const [dry] = await run('imap4Mailbox', 'delete', box('inbox/New'), { dryRun: true });
	expect(dry).toMatchObject({ dryRun: true, requestedMailbox: 'inbox/New' });
	expect(server.account(USER).mailbox('INBOX/New').messages).toEqual([]);
});

test('one that is to be there may have the name that was written, a new one has the fitted name', async () => {
	const { server, run } = await start('INBOX/New');
	await run('imap4Mailbox', 'getStatus', box('inbox/New'));
	expect(commandNames(server)).toEqual(['LIST', 'STATUS']);
	const created = await jsonOf({
		node: 'imap4Mailbox',
		operation: 'create',
		server,
		parameters: { path: 'inbox/Other' },
	});
	expect(created).toEqual([
		{ mailbox: 'INBOX/Other', created: true, requestedMailbox: 'inbox/Other' },
	]);
	expect(commandNames(server).filter((name) => name !== 'NOOP')).toEqual([
		'LIST',
		'STATUS',
		'CREATE',
	]);
});
