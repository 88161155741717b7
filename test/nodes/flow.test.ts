/** Nodes one after the other, as people use them. */
import { expect, test } from 'vitest';
import { outputOf } from '../../demo/run-workflow';
import { box, commandNames, runFlow, startServer, USER } from './run-node';

test('10,000 items through Flags, Move and Quota: one connection, a handful of commands', async () => {
	const server = await startServer({ quotaBytes: 1024 ** 3 });
	const account = server.account(USER);
	const inbox = account.mailbox('INBOX');
	const archive = account.create('Archive');
	for (let n = 0; n < 10_000; n++) inbox.append('Subject: x\r\n\r\n');
	const items = inbox.messages.map(({ uid }) => ({
		mailbox: 'INBOX',
		uidValidity: inbox.uidValidity,
		uid,
	}));
	const run = await runFlow(
		[
			{
				name: 'Flag',
				node: 'imap4Flags',
				operation: 'add',
				parameters: { systemFlags: ['\\Seen'], keywords: 'archived' },
			},
			{
				name: 'Move',
				node: 'imap4Message',
				operation: 'move',
				parameters: { destination: box('Archive') },
			},
			{ name: 'Quota', node: 'imap4Quota', operation: 'get', parameters: { root: '' } },
		],
		{ server, items },
	);
	expect(run.error).toBeUndefined();
	expect(archive.messages).toHaveLength(10_000);
	expect(archive.messages.every(({ flags }) => flags.has('archived'))).toBe(true);
	const moved = outputOf(run, 'Move');
	expect(moved[9_999]).toMatchObject({
		json: { mailbox: 'Archive', uid: 10_000, via: 'MOVE' },
		pairedItem: { item: 9_999 },
	});
	expect(outputOf(run, 'Quota')).toHaveLength(10_000);
	expect(server.connections.total).toBe(1);
	const counted = commandNames(server).filter((name) => !/^(UNSELECT|NOOP)$/.test(name));
	expect(counted).toEqual([
		'SELECT',
		'UID SEARCH',
		'UID STORE',
		'SELECT',
		'UID SEARCH',
		'UID MOVE',
		'GETQUOTA',
	]);
});
