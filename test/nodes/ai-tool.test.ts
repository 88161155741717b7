/** The nodes as tools of an AI agent: n8n makes a variant of each, whose name ends in "Tool". */
import type { INodeParameters, INodeType } from 'n8n-workflow';
import { expect, test } from 'vitest';
import { NodeTypeRegistry, outputOf, runWorkflow } from '../../demo/run-workflow';
import { Imap4PlainApi } from '../../credentials/Imap4PlainApi.credentials';
import type { MemoryServer } from '../server';
import { box, mail, NODES, PASSWORD, startServer, USER } from './run-node';

function asTool(node: INodeType, name: string): INodeType {
	const tool = Object.create(node) as INodeType;
	tool.description = { ...node.description, name: `${name}Tool` };
	return tool;
}

const nodeTypes = new NodeTypeRegistry(
	Object.fromEntries(
		Object.entries(NODES).map(([name, node]) => [
			`n8n-nodes-imap4.${name}Tool`,
			asTool(node, name),
		]),
	),
	{ imap4PlainApi: new Imap4PlainApi() },
);

function runTool(server: MemoryServer, node: keyof typeof NODES, parameters: INodeParameters) {
	const { host, port } = server;
	return runWorkflow({
		nodeTypes,
		credentials: [
			{
				id: '1',
				name: 'Account',
				type: 'imap4PlainApi',
				data: { host, port, user: USER, password: PASSWORD },
			},
		],
		startNode: 'Tool',
		workflow: {
			name: 'Tool',
			nodes: [
				{
					id: 'tool',
					name: 'Tool',
					type: `n8n-nodes-imap4.${node}Tool`,
					typeVersion: 1,
					position: [0, 0],
					credentials: { imap4PlainApi: { id: '1', name: 'Account' } },
					parameters: { authentication: 'plain', ...parameters },
				},
			],
			connections: {},
		},
	});
}

test.each<[string, keyof typeof NODES, INodeParameters]>([
	[
		'deleting messages',
		'imap4Message',
		{
			resource: 'message',
			operation: 'delete',
			messages: 'uids',
			mailbox: box('INBOX'),
			uids: '1:*',
			deleteMode: 'permanent',
		},
	],
	[
		'moving messages',
		'imap4Message',
		{
			resource: 'message',
			operation: 'move',
			messages: 'uids',
			mailbox: box('INBOX'),
			uids: '1:*',
			destination: box('Other'),
		},
	],
	[
		'emptying a mailbox',
		'imap4Mailbox',
		{ resource: 'mailbox', operation: 'empty', mailbox: box('INBOX') },
	],
	[
		'expunging a mailbox',
		'imap4Mailbox',
		{ resource: 'mailbox', operation: 'expunge', mailbox: box('INBOX') },
	],
	[
		'deleting a mailbox',
		'imap4Mailbox',
		{ resource: 'mailbox', operation: 'delete', mailbox: box('Other') },
	],
	[
		'granting rights',
		'imap4Acl',
		{
			resource: 'access',
			operation: 'set',
			mailbox: box('INBOX'),
			identifier: 'anyone',
			rightsFrom: 'role',
			role: 'owner',
		},
	],
	[
		'setting a quota',
		'imap4Quota',
		{
			resource: 'quota',
			operation: 'set',
			root: '',
			limits: { limit: [{ resource: 'STORAGE', limit: 1 }] },
		},
	],
])('%s is a dry run, unless whoever set the agent up wants it', async (_name, node, parameters) => {
	const server = await startServer({ quotaBytes: 1024 ** 2, isAdministrator: () => true });
	const account = server.account(USER);
	const inbox = account.mailbox('INBOX');
	inbox.append(mail('one'), { flags: ['\\Deleted'] });
	account.create('Other');
	const safe = await runTool(server, node, parameters);
	expect(safe.error).toBeUndefined();
	expect(outputOf(safe, 'Tool')[0]?.json).toMatchObject({ dryRun: true });
	const changing = /^(UID )?(STORE|EXPUNGE|MOVE|COPY|DELETE|SETACL|SETQUOTA)/;
	expect(server.commands.filter(({ line }) => changing.test(line))).toEqual([]);

	const wanted = await runTool(server, node, { ...parameters, dryRun: false });
	expect(wanted.error).toBeUndefined();
	expect(server.commands.some(({ line }) => changing.test(line))).toBe(true);
});

test('no agent sends commands of its own', async () => {
	const server = await startServer();
	const run = await runTool(server, 'imap4Server', {
		resource: 'server',
		operation: 'sendCommand',
		command: 'NOOP',
	});
	expect(run.error?.message).toContain('turned off for tools of an AI agent');
	expect(server.connections.total).toBe(0);
});
