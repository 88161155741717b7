/** What holds for every operation, whatever its scope: see nodes/shared/execution/runner.ts. */
import { describe, expect, test } from 'vitest';
import type { IDataObject } from 'n8n-workflow';
import {
	box,
	commandNames,
	errorOf,
	jsonOf,
	mail,
	runNode,
	startServer,
	USER,
	type NodeRunOptions,
} from '../../run-node';

interface Case {
	node: NodeRunOptions['node'];
	operation: string;
	parameters: NodeRunOptions['parameters'];
	/** Changes something. */
	right: IDataObject;
	/** Cannot be read. */
	wrong: IDataObject;
}

const changes: Record<string, Case> = {
	'a mailbox': {
		node: 'imap4Acl',
		operation: 'set',
		parameters: { mailbox: box('INBOX'), identifier: '={{ $json.who }}' },
		right: { who: 'bob' },
		wrong: { who: '' },
	},
	'a new mailbox': {
		node: 'imap4Mailbox',
		operation: 'create',
		parameters: { path: '={{ $json.path }}' },
		right: { path: 'New' },
		wrong: { path: '' },
	},
	'an account': {
		node: 'imap4Message',
		operation: 'create',
		parameters: { mailbox: box('INBOX'), createIfMissing: '={{ $json.create }}', subject: 'a' },
		right: { create: false },
		wrong: { create: null },
	},
	messages: {
		node: 'imap4Flags',
		operation: 'add',
		parameters: {
			messages: 'uids',
			uids: '1',
			mailbox: box('INBOX'),
			systemFlags: '={{ $json.flags }}',
		},
		right: { flags: ['\\Seen'] },
		wrong: { flags: [] },
	},
};

describe.each(Object.entries(changes))('of %s', (_scope, { right, wrong, ...run }) => {
	const CHANGES = ['SETACL', 'CREATE', 'APPEND', 'UID STORE'];
	async function serverWithMail() {
		const server = await startServer();
		server.account(USER).mailbox('INBOX').append(mail('one'));
		return server;
	}
	const changesOn = (server: Awaited<ReturnType<typeof startServer>>) =>
		commandNames(server).filter((name) => CHANGES.includes(name));

	test('a wrong field of the last item ends the node before the first change', async () => {
		const server = await serverWithMail();
		await errorOf({ ...run, server, items: [right, wrong] });
		expect(changesOn(server)).toEqual([]);
	});

	test('with Continue On Fail the others are done, and each output names its item', async () => {
		const server = await serverWithMail();
		const items = [wrong, right, wrong];
		const output = await runNode({
			...run,
			server,
			items,
			onError: 'continueRegularOutput',
		});
		expect(changesOn(server)).toHaveLength(1);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2].map((item) => ({ item })));
		expect(output.map(({ json }) => typeof json.error)).toEqual(['string', 'undefined', 'string']);
	});
});

test('with Continue On Fail a connection that cannot be made fails each item by itself', async () => {
	const output = await runNode({
		node: 'imap4Mailbox',
		operation: 'getMany',
		items: [{}, {}],
		onError: 'continueRegularOutput',
	});
	expect(output.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	expect(output.map(({ json }) => typeof json.error)).toEqual(['string', 'string']);
});

test('each item that sends a command of its own has a connection of its own', async () => {
	const server = await startServer();
	const json = await jsonOf({
		node: 'imap4Server',
		operation: 'sendCommand',
		server,
		items: [{}, {}],
		parameters: { command: 'NAMESPACE', mailboxPath: '' },
	});
	expect(json).toHaveLength(2);
	expect(server.connections.total).toBe(2);
});

test.each<[string, Omit<NodeRunOptions, 'server'>, string]>([
	[
		'STATUS',
		{ node: 'imap4Mailbox', operation: 'getStatus', parameters: { mailbox: box('INBOX') } },
		'STATUS',
	],
	['LIST', { node: 'imap4Mailbox', operation: 'getMany' }, 'LIST'],
	[
		'MYRIGHTS',
		{ node: 'imap4Acl', operation: 'getMyRights', parameters: { mailbox: box('INBOX') } },
		'MYRIGHTS',
	],
])('equal items share the answer of one %s', async (_name, run, command) => {
	const server = await startServer();
	const json = await jsonOf({ ...run, server, items: [{}, {}, {}] });
	expect(commandNames(server).filter((name) => name === command)).toHaveLength(1);
	expect(new Set(json.map((one) => JSON.stringify(one))).size).toBe(json.length / 3);
});
