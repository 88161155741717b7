/** An execution that n8n repeats after a crash finds what it has done already. */
import type { INodeParameters } from 'n8n-workflow';
import { expect, test } from 'vitest';
import { jsonOf, mail, runNode, startServer, USER, type NodeRunOptions } from './run-node';

const archive = { __rl: true, mode: 'path', value: 'Archive' };

const OPERATIONS: Array<[string, Pick<NodeRunOptions, 'node' | 'operation'>, INodeParameters]> = [
	['Move', { node: 'imap4Message', operation: 'move' }, { destination: archive }],
	['Copy', { node: 'imap4Message', operation: 'copy' }, { destination: archive }],
	['Delete', { node: 'imap4Message', operation: 'delete' }, { deleteMode: 'permanent' }],
	['Mark as Read', { node: 'imap4Message', operation: 'markAsRead' }, {}],
	['Add Flags', { node: 'imap4Flags', operation: 'add' }, { systemFlags: ['\\Flagged'] }],
];

async function start() {
	const server = await startServer();
	const account = server.account(USER);
	account.create('Archive');
	const inbox = account.mailbox('INBOX');
	for (const subject of ['one', 'two']) inbox.append(mail(subject));
	const { uidValidity } = inbox;
	const items = [1, 2].map((uid) => ({ mailbox: 'INBOX', uidValidity, uid, subject: `${uid}` }));
	// What the interrupted execution has done.
	inbox.remove(new Set(inbox.messages.slice(0, 1)));
	return { server, account, inbox, items };
}

test.each(OPERATIONS)(
	'%s fails for a message that is gone',
	async (_name, operation, parameters) => {
		const { server, items } = await start();
		await expect(runNode({ ...operation, server, items, parameters })).rejects.toThrow(
			'The message with UID 1 no longer exists',
		);
	},
);

test.each(OPERATIONS)(
	'%s goes on with Accept Missing Messages, and says what was not there',
	async (_name, operation, parameters) => {
		const { server, items, account, inbox } = await start();
		const found = await jsonOf({
			...{ ...operation, server, items },
			parameters: { ...parameters, acceptMissing: true },
		});
		expect(found).toHaveLength(2);
		expect(found[0]).toMatchObject({ mailbox: 'INBOX', uid: 1, notFound: true });
		expect(found[1]).not.toHaveProperty('notFound');
		if (operation.operation === 'move') {
			expect(inbox.messages).toHaveLength(0);
			expect(account.mailbox('Archive').messages).toHaveLength(1);
		}
	},
);

test('Accept Missing Messages keeps the fields of the input where that is wanted', async () => {
	const { server, items } = await start();
	const [first] = await jsonOf({
		...{ node: 'imap4Message', operation: 'move', server, items },
		parameters: { destination: archive, acceptMissing: true, keepInputFields: true },
	});
	expect(first).toMatchObject({ subject: '1', uid: 1, notFound: true });
});

test('another UIDVALIDITY is an error all the same', async () => {
	const { server, items } = await start();
	const run = runNode({
		...{ node: 'imap4Message', operation: 'move', server },
		items: items.map((item) => ({ ...item, uidValidity: 1 })),
		parameters: { destination: archive, acceptMissing: true },
	});
	await expect(run).rejects.toThrow('belongs to UIDVALIDITY 1');
});
