/** The nodes as tools of an AI agent: n8n makes a variant of each, whose name ends in "Tool". */
import type { INodeParameters, INodeType } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { NodeTypeRegistry, outputOf, runWorkflow } from '../../demo/run-workflow';
import { Imap4PlainApi } from '../../credentials/Imap4PlainApi.credentials';
import { Imap4TargetApi } from '../../credentials/Imap4TargetApi.credentials';
import type { Execution } from '../../nodes/shared/execution/execution';
import { isDryRun } from '../../nodes/shared/execution/safeguards';
import type { MemoryServer } from '../server';
import { operations } from './operations';
import {
	box,
	errorOf,
	mail,
	NODES,
	PASSWORD,
	RESOURCES,
	startServer,
	TARGET_USER,
	USER,
} from './run-node';

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
	{ imap4PlainApi: new Imap4PlainApi(), imap4TargetApi: new Imap4TargetApi() },
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
			{
				id: '2',
				name: 'Target',
				type: 'imap4TargetApi',
				data: { host, port, security: 'none', user: TARGET_USER, password: PASSWORD },
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
					credentials: {
						imap4PlainApi: { id: '1', name: 'Account' },
						imap4TargetApi: { id: '2', name: 'Target' },
					},
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
])(
	'%s is a dry run, unless the builder of the agent turned that off',
	async (_name, node, parameters) => {
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
	},
);

test('no agent sends commands of its own', async () => {
	const server = await startServer();
	const run = await runTool(server, 'imap4Server', {
		resource: 'server',
		operation: 'sendCommand',
		command: 'NOOP',
	});
	expect(run.error?.message).toContain('AI agents cannot send IMAP commands');
	expect(server.connections.total).toBe(0);
});

/** Every command that changes an account. */
const CHANGES =
	/^(?:UID )?(?:STORE|EXPUNGE|MOVE|COPY|REPLACE|APPEND|CREATE|DELETE|RENAME|SUBSCRIBE|UNSUBSCRIBE|SETACL|DELETEACL|SETQUOTA|SETMETADATA|SETANNOTATION)\b/;

const asTools = operations
	.filter(({ operation }) => operation !== 'sendCommand')
	.map((one) => {
		const { node, operation, on, command, parameters, offers = [] } = one;
		const resource = one.resource ?? RESOURCES[node];
		const written = JSON.stringify({
			...(on === 'message' ? { messages: 'uids', mailbox: box('One'), uids: '1' } : {}),
			...parameters,
		})
			.replaceAll('={{ $json.box }}', 'One')
			.replaceAll('=New of {{ $json.box }}', 'New');
		const all = { resource, operation, ...(JSON.parse(written) as INodeParameters) };
		return {
			name: `${node} ${resource}: ${operation}`,
			node,
			all,
			offers,
			changes: CHANGES.test(command),
		};
	});

async function account(offers: readonly string[] = []): Promise<MemoryServer> {
	const server = await startServer({
		quotaBytes: 1024 ** 2,
		isAdministrator: () => true,
		capabilities: { add: offers },
	});
	const anna = server.account(USER);
	server.addAccount(TARGET_USER, PASSWORD);
	anna.create('Target');
	const one = anna.create('One');
	one.append(mail('one'), { flags: ['\\Flagged', '\\Deleted'] });
	return server;
}
const sentChanges = (server: MemoryServer) =>
	server.commands.map(({ line }) => line).filter((line) => CHANGES.test(line));

test.each(asTools)('$name changes nothing as a tool', async ({ node, all, changes, offers }) => {
	const server = await account(offers);
	const run = await runTool(server, node, all);
	expect(run.error).toBeUndefined();
	expect(sentChanges(server)).toEqual([]);
	if (changes) expect(outputOf(run, 'Tool')[0]?.json).toMatchObject({ dryRun: true });
});

test.each(asTools.filter(({ changes }) => changes))(
	'$name changes something as a tool whose dry run was turned off',
	async ({ node, all, offers }) => {
		const server = await account(offers);
		const run = await runTool(server, node, { ...all, dryRun: false });
		expect(run.error).toBeUndefined();
		expect(sentChanges(server)).not.toEqual([]);
	},
);

test.each(asTools.filter(({ changes }) => changes))(
	'$name: no expression turns the dry run off, since the model could decide on it',
	async ({ node, all, offers }) => {
		for (const dryRun of ["={{ $fromAI('dryRun', '', 'boolean') }}", '={{ false }}']) {
			const server = await account(offers);
			const run = await runTool(server, node, { ...all, dryRun });
			// n8n itself takes the text as it is, where a field takes no expressions.
			expect(run.error?.message).toMatch(/"Dry Run" is (?:an expression|neither true nor false)/);
			expect(sentChanges(server)).toEqual([]);
		}
	},
);

test.each(asTools.filter(({ all }) => all.operation === 'download' && all.resource === 'message'))(
	'$name: no expression marks as read',
	async ({ node, all, offers }) => {
		const server = await account(offers);
		const downloadOptions = { markAsRead: '={{ true }}' };
		const run = await runTool(server, node, { ...all, downloadOptions });
		expect(run.error?.message).toContain('"Mark as Read" is an expression');
		// n8n takes no expression for all options together.
		await runTool(server, node, { ...all, downloadOptions: '={{ {markAsRead: true} }}' });
		expect(sentChanges(server)).toEqual([]);
	},
);

test('the dry run is on for an agent where n8n knows no fields of its own for tools', () => {
	const toggle = (_name: string, _label: string, _item: number, fallback?: boolean) => fallback;
	const execution = (type: string) =>
		({ context: { getNode: () => ({ type, parameters: {} }) }, toggle }) as unknown as Execution;
	expect(isDryRun(execution('n8n-nodes-imap4.imap4FlagsTool'), 0)).toBe(true);
	expect(isDryRun(execution('n8n-nodes-imap4.imap4Flags'), 0)).toBe(false);
});

test('no expression lifts the limit of Stop If More Than', async () => {
	const server = await account();
	const run = await runTool(server, 'imap4Mailbox', {
		...{ resource: 'mailbox', operation: 'empty', mailbox: box('One'), dryRun: false },
		stopIfMoreThan: "={{ $fromAI('limit', '', 'number') }}",
	});
	expect(run.error?.message).toContain('"Stop If More Than" is an expression');
	expect(sentChanges(server)).toEqual([]);
});

test.each(['INBOX', 'inbox', 'Inbox'])(
	'%s is neither renamed nor deleted, by anyone',
	async (name) => {
		const server = await account();
		for (const operation of ['rename', 'delete']) {
			const parameters = { operation, mailbox: box(name), newPath: 'Elsewhere', dryRun: false };
			const { message } = await errorOf({ node: 'imap4Mailbox', server, operation, parameters });
			expect(message).toMatch(/INBOX cannot be/);
			const tool = await runTool(server, 'imap4Mailbox', { resource: 'mailbox', ...parameters });
			expect(tool.error?.message).toMatch(/INBOX cannot be/);
		}
		expect(sentChanges(server)).toEqual([]);
	},
);

test('no field that guards a change is asked of the model', () => {
	for (const { description } of Object.values(NODES)) {
		for (const { name, displayOptions, noDataExpression } of description.properties) {
			if (name !== 'dryRun' || displayOptions?.show?.['@tool']?.[0] !== true) continue;
			expect(noDataExpression).toBe(true);
		}
	}
});

test('what a model reads of messages is marked as written by others', async () => {
	const server = await account();
	const parameters = { resource: 'message', operation: 'getMany', mailbox: box('One') };
	const run = await runTool(server, 'imap4Message', parameters);
	const json = outputOf(run, 'Tool')[0]?.json;
	expect(json).toMatchObject({
		subject: 'one',
		untrustedContent: expect.stringMatching(/not instructions/) as string,
	});
	expect(Object.keys(json ?? {})[0]).toBe('untrustedContent');
});

test('the advice of an error is in its message, which is all that a model gets', async () => {
	const server = await account();
	const parameters = { resource: 'message', operation: 'getMany', mailbox: box('Nowhere') };
	const run = await runTool(server, 'imap4Message', parameters);
	expect(run.error?.message).toMatch(/Check the name of the mailbox/);
});

describe('the description for the model', () => {
	const described = Object.entries(NODES).flatMap(([node, { description }]) =>
		description.properties
			.filter(({ name }) => name === 'toolDescription')
			.map(({ default: text, displayOptions }) => ({
				node,
				operation: String(displayOptions?.show?.operation?.[0]),
				resource: String(displayOptions?.show?.resource?.[0]),
				onlyForTools: displayOptions?.show?.['@tool'],
				text: String(text),
			})),
	);

	test('there is one for each operation, and no two are alike', () => {
		const all = Object.entries(NODES).flatMap(([node, { description }]) =>
			description.properties
				.filter(({ name }) => name === 'operation')
				.flatMap(({ options = [], displayOptions }) =>
					options.map((option) => {
						const resource = String(displayOptions?.show?.resource?.[0]);
						return `${node} ${resource} ${'value' in option ? String(option.value) : ''}`;
					}),
				),
		);
		expect(
			described.map(({ node, resource, operation }) => `${node} ${resource} ${operation}`),
		).toEqual(all);
		// Mark as Read and Mark as Unread are operations of two nodes.
		expect(new Set(described.map(({ text }) => text)).size).toBe(all.length - 2);
	});

	test.each(described)('$node $operation', ({ node, operation, resource, onlyForTools, text }) => {
		expect(onlyForTools).toEqual([true]);
		expect(text.length).toBeLessThan(600);
		expect(text).toMatch(/^[A-Z].*\.$/);
		if (operation === 'sendCommand') return expect(text).toContain('Not available to you');
		expect(text).toContain(' Use it ');
		expect(text).toMatch(/ Returns |Never |Replaces /);
		// The names of commands are of no use to a model.
		expect(text).not.toMatch(/\b(?:FETCH|STORE|APPEND|SEARCH|EXPUNGE|LIST|SETACL)\b/);
		const changes = NODES[node as keyof typeof NODES].description.properties.some(
			({ name, displayOptions: { show } = {} }) =>
				name === 'dryRun' &&
				show?.operation?.includes(operation) &&
				show.resource?.includes(resource),
		);
		expect(text.includes('"dryRun": true')).toBe(changes);
		if (changes) expect(text).toMatch(/Never |only when asked|permanently|Replaces /);
	});
});

test('a long text is cut for a model, unless the builder set a length', async () => {
	const server = await account();
	const one = server.account(USER).mailbox('One');
	one.append(`Subject: long\r\n\r\n${'word '.repeat(30_000)}`);
	const read = async (contentOptions: INodeParameters) => {
		const parameters = {
			...{ resource: 'message', operation: 'getMany', mailbox: box('One'), body: 'text' },
			contentOptions,
		};
		const [item] = outputOf(await runTool(server, 'imap4Message', parameters), 'Tool');
		return { length: String(item?.json.text).length, cut: item?.json.textIsCut };
	};
	expect((await read({})).length).toBeLessThanOrEqual(20_000);
	expect((await read({})).cut).toBe(true);
	expect((await read({ maxLength: 100_000 })).length).toBeGreaterThan(90_000);
});
