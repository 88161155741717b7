import { describe, expect, test } from 'vitest';
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
} from './run-node';

const node = 'imap4Mailbox';
/** Names that must arrive as they are. */
const ODD_NAMES = [
	'Entwürfe',
	'R&D',
	'say "hi"',
	'back\\slash',
	'tab\there',
	'[brackets]',
	'100% * sure',
	' leading and trailing ',
	'日本語',
	'{5}',
	'NIL',
];

describe('Get Many', () => {
	test('lists with figures in one round trip', async () => {
		const server = await startServer();
		const account = server.account(USER);
		account.create('Archive/2025').append(mail('old'), { flags: ['\\Seen'] });
		account.create('Bin', '\\Trash');
		account.mailbox('INBOX').append(mail('new'));
		const output = await jsonOf({
			node,
			operation: 'getMany',
			server,
			parameters: { withStatus: true, figures: ['messages', 'unseen'] },
		});
		expect(commandNames(server)).toEqual(['LIST']);
		expect(output).toMatchObject([
			{ mailbox: 'Archive', selectable: false, hasChildren: true },
			{ mailbox: 'Archive/2025', name: '2025', parent: 'Archive', messages: 1, unseen: 0 },
			{ mailbox: 'Bin', specialUse: 'Trash', messages: 0 },
			{ mailbox: 'INBOX', parent: null, messages: 1, unseen: 1 },
		]);
	});

	test('without LIST-STATUS the figures come by STATUS', async () => {
		const server = await startServer({ capabilities: { remove: ['LIST-STATUS'] } });
		server.account(USER).mailbox('INBOX').append(mail('new'));
		const output = await jsonOf({
			node,
			operation: 'getMany',
			server,
			parameters: { withStatus: true, figures: ['messages'] },
		});
		expect(commandNames(server)).toEqual(['LIST', 'STATUS']);
		expect(output).toMatchObject([{ mailbox: 'INBOX', messages: 1 }]);
	});

	test('filters and limit', async () => {
		const server = await startServer();
		const account = server.account(USER);
		account.create('Archive/2024');
		account.create('Archive/2025');
		account.create('Junk', '\\Junk');
		account.subscribe('Archive/2025');
		const names = async (parameters: object) =>
			(await jsonOf({ node, operation: 'getMany', server, parameters: { ...parameters } })).map(
				({ mailbox }) => mailbox,
			);
		expect(await names({ filters: { pattern: 'Archive/%' } })).toEqual([
			'Archive/2024',
			'Archive/2025',
		]);
		expect(await names({ filters: { selectable: true } })).not.toContain('Archive');
		expect(await names({ filters: { specialUse: true } })).toEqual(['Junk']);
		expect(await names({ filters: { subscribed: true } })).toEqual(['Archive/2025', 'INBOX']);
		expect(await names({ limit: 2 })).toHaveLength(2);
	});
});

describe('Create, Rename, Delete, Subscribe', () => {
	test.each(ODD_NAMES)('a mailbox named %j', async (name) => {
		const server = await startServer();
		const run = (operation: string, parameters: object) =>
			jsonOf({ node, operation, server, parameters: { ...parameters } });
		expect(await run('create', { path: name })).toEqual([{ mailbox: name, created: true }]);
		expect((await run('getMany', {})).map(({ mailbox }) => mailbox)).toContain(name);
		expect(await run('subscribe', { mailbox: box(name) })).toEqual([
			{ mailbox: name, subscribed: true },
		]);
		expect(await run('getStatus', { mailbox: box(name), figures: ['messages'] })).toEqual([
			{ mailbox: name, messages: 0 },
		]);
		expect(await run('check', { mailbox: box(name) })).toMatchObject([
			{ mailbox: name, messages: 0, checked: true },
		]);
		expect(await run('unsubscribe', { mailbox: box(name) })).toEqual([
			{ mailbox: name, subscribed: false },
		]);
		expect(await run('rename', { mailbox: box(name), newPath: `${name}2` })).toEqual([
			{ mailbox: `${name}2`, from: name, renamed: true },
		]);
		expect(await run('delete', { mailbox: box(`${name}2`) })).toEqual([
			{ deleted: true, mailbox: `${name}2` },
		]);
		expect([...server.account(USER).list()].map(({ name: left }) => left)).toEqual(['INBOX']);
	});

	test.each(['create', 'getStatus', 'delete', 'rename', 'check', 'expunge', 'subscribe'])(
		'%s: a line end in the name is refused, and nothing of it is sent',
		async (operation) => {
			const server = await startServer();
			const name = 'x\r\nA1 DELETE INBOX';
			const { message } = await errorOf({
				node,
				operation,
				server,
				parameters: { path: name, mailbox: box(name), newPath: 'y', figures: ['messages'] },
			});
			expect(message).toContain('failed');
			expect(server.commands.map(({ line }) => line).join('\n')).not.toMatch(/A1 |DELETE /);
			expect(commandNames(server)).toEqual([]);
		},
	);

	test('an existing name is an error, unless it may exist', async () => {
		const server = await startServer();
		server.account(USER).create('Archive');
		const { message, description } = await errorOf({
			node,
			operation: 'create',
			server,
			parameters: { path: 'Archive' },
		});
		expect(message).toContain('Create a mailbox failed (mailbox "Archive")');
		expect(message).toContain('Mailbox already exists [ALREADYEXISTS]');
		expect(description).toContain('Choose another name');
		expect(
			await jsonOf({
				node,
				operation: 'create',
				server,
				parameters: { path: 'Archive', mailboxOptions: { ignoreExisting: true, subscribe: true } },
			}),
		).toEqual([{ mailbox: 'Archive', created: false, subscribed: true }]);
		expect(server.account(USER).subscribed).toContain('Archive');
	});

	test('many items run on one connection, each paired with its item', async () => {
		const server = await startServer();
		const output = await runNode({
			node,
			operation: 'create',
			server,
			items: [{ year: 2024 }, { year: 2025 }, { year: 2026 }],
			parameters: { path: '=Archive/{{ $json.year }}' },
		});
		expect(output).toEqual(
			[2024, 2025, 2026].map((year, item) => ({
				json: { mailbox: `Archive/${year}`, created: true },
				pairedItem: { item },
			})),
		);
		expect(server.connections.total).toBe(1);
	});

	test('Delete stops at the first failure, and continues with Continue On Fail', async () => {
		const server = await startServer();
		for (const name of ['a', 'c']) server.account(USER).create(name);
		const items = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
		const options = {
			node,
			operation: 'delete',
			server,
			items,
			parameters: { mailbox: box('={{ $json.name }}') },
		} as const;
		const { message } = await errorOf(options);
		expect(message).toContain('mailbox "b"');
		expect(server.account(USER).find('c')).toBeDefined();
		server.account(USER).create('a');
		const output = await runNode({ ...options, continueOnFail: true });
		expect(output.map(({ json }) => json.deleted ?? json.error)).toEqual([
			true,
			expect.stringContaining('[NONEXISTENT]'),
			true,
		]);
	});

	test('Delete: Dry Run and Stop If More Than', async () => {
		const server = await startServer();
		const old = server.account(USER).create('Old');
		for (let n = 0; n < 3; n++) old.append(mail(`${n}`));
		const parameters = { mailbox: box('Old') };
		expect(
			await jsonOf({
				node,
				operation: 'delete',
				server,
				parameters: { ...parameters, dryRun: true },
			}),
		).toMatchObject([{ dryRun: true, mailbox: 'Old', count: 3 }]);
		const { message } = await errorOf({
			node,
			operation: 'delete',
			server,
			parameters: { ...parameters, stopIfMoreThan: 2 },
		});
		expect(message).toContain('3 messages would be affected, more than the 2');
		expect(commandNames(server)).not.toContain('DELETE');
		expect(server.account(USER).find('Old')).toBeDefined();
	});
});

describe('Expunge', () => {
	test('removes what is marked, and returns how many', async () => {
		const server = await startServer();
		const inbox = server.account(USER).mailbox('INBOX');
		for (let n = 0; n < 4; n++) inbox.append(mail(`${n}`), { flags: n % 2 ? ['\\Deleted'] : [] });
		const parameters = { mailbox: box('INBOX') };
		expect(
			await jsonOf({
				node,
				operation: 'expunge',
				server,
				parameters: { ...parameters, dryRun: true },
			}),
		).toMatchObject([{ dryRun: true, count: 2, uids: '2,4' }]);
		const { message } = await errorOf({
			node,
			operation: 'expunge',
			server,
			parameters: { ...parameters, stopIfMoreThan: 1 },
		});
		expect(message).toContain('2 messages');
		expect(inbox.messages).toHaveLength(4);
		expect(await jsonOf({ node, operation: 'expunge', server, parameters })).toMatchObject([
			{ mailbox: 'INBOX', expunged: 2, uids: '2,4', via: 'UID EXPUNGE' },
		]);
		expect(inbox.messages.map(({ uid }) => uid)).toEqual([1, 3]);
		expect(await jsonOf({ node, operation: 'expunge', server, parameters })).toMatchObject([
			{ expunged: 0, uids: '' },
		]);
	});

	test('without UIDPLUS it is EXPUNGE', async () => {
		const server = await startServer({ capabilities: { remove: ['UIDPLUS'] } });
		const inbox = server.account(USER).mailbox('INBOX');
		inbox.append(mail('one'), { flags: ['\\Deleted'] });
		expect(
			await jsonOf({ node, operation: 'expunge', server, parameters: { mailbox: box('INBOX') } }),
		).toMatchObject([{ expunged: 1, via: 'EXPUNGE' }]);
	});
});

describe('Get Status', () => {
	test('a figure that the server cannot tell names the capability', async () => {
		const server = await startServer({ capabilities: { remove: ['STATUS=SIZE'] } });
		const { message } = await errorOf({
			node,
			operation: 'getStatus',
			server,
			parameters: { mailbox: box('INBOX'), figures: ['messages', 'size'] },
		});
		expect(message).toContain('STATUS=SIZE');
	});

	test('an unknown mailbox', async () => {
		const server = await startServer();
		const { message, description } = await errorOf({
			node,
			operation: 'getStatus',
			server,
			parameters: { mailbox: box('Nowhere') },
		});
		expect(message).toContain('Count messages in a mailbox failed (mailbox "Nowhere")');
		expect(message).toContain("Mailbox doesn't exist: Nowhere [NONEXISTENT]");
		expect(description).toContain('From List');
	});
});

test('an existing mailbox may exist, also where the server names no response code', async () => {
	const server = await startServer({
		faults: {
			on: ({ tag, line }) =>
				line.startsWith('CREATE') ? `${tag} NO Mailbox already exists\r\n` : undefined,
		},
	});
	server.account(USER).create('Archive');
	const run = (path: string): NodeRunOptions => ({
		node: 'imap4Mailbox',
		operation: 'create',
		server,
		parameters: { path, mailboxOptions: { ignoreExisting: true } },
	});
	expect(await jsonOf(run('Archive'))).toEqual([{ mailbox: 'Archive', created: false }]);
	expect((await errorOf(run('A%'))).message).toContain('already exists');
});
