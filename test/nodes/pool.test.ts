import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { accountOf, type Account } from '../../nodes/shared/account/account';
import { probe, withConnection } from '../../nodes/shared/account/connection-pool';
import { jsonOf, PASSWORD, runToEnd, startServer, USER } from './run-node';

const account = (server: { host: string; port: number }, more: object = {}): Account =>
	accountOf('imap4PlainApi', {
		host: server.host,
		port: server.port,
		user: USER,
		password: PASSWORD,
		...more,
	});

test('executions of the same account share a connection, one after the other', async () => {
	const server = await startServer();
	for (let n = 0; n < 3; n++) await jsonOf({ node: 'imap4Mailbox', operation: 'getMany', server });
	expect(server.connections.total).toBe(1);
});

test('at the same time each has its own', async () => {
	const server = await startServer();
	const use = () =>
		withConnection(account(server), probe, async (imap) => {
			await imap.noop();
			return imap;
		});
	const [one, other] = await Promise.all([use(), use()]);
	expect(one).not.toBe(other);
	expect(server.connections.total).toBe(2);
});

test('another user or another password gets another connection', async () => {
	const server = await startServer();
	server.addAccount('bert', PASSWORD);
	await jsonOf({ node: 'imap4Mailbox', operation: 'getMany', server });
	await jsonOf({
		node: 'imap4Mailbox',
		operation: 'getMany',
		server,
		credential: { user: 'bert' },
	});
	expect(server.connections.total).toBe(2);
	const { error } = await runToEnd({
		node: 'imap4Mailbox',
		operation: 'getMany',
		server,
		credential: { password: 'wrong' },
	});
	expect(error?.message).toContain('AUTHENTICATIONFAILED');
});

test('what makes an identity', () => {
	const at = { host: 'mail.example', port: 143 };
	const ssl = (more: object) =>
		accountOf('imap4SslApi', { ...at, user: USER, password: PASSWORD, ...more }).identity;
	const identities = [
		account(at).identity,
		account({ ...at, port: 144 }).identity,
		account({ ...at, host: 'other.example' }).identity,
		account(at, { user: 'bert' }).identity,
		account(at, { password: 'other' }).identity,
		ssl({}),
		ssl({ caCertificate: 'x' }),
		ssl({ ignoreCertificateErrors: true }),
		ssl({ serverName: 'y' }),
	];
	expect(new Set(identities).size).toBe(identities.length);
	expect(account({ ...at, host: 'MAIL.example' }).identity).toBe(identities[0]);
	expect(identities.join()).not.toContain(PASSWORD);
});

test('a kept connection that has died meanwhile is replaced without a word', async () => {
	const server = await startServer();
	const run = { node: 'imap4Message', operation: 'getMany', server } as const;
	await jsonOf(run);
	server.cutAll();
	expect(await jsonOf(run)).toEqual([]);
	await jsonOf({ node: 'imap4Mailbox', operation: 'getMany', server });
	server.cutAll();
	await jsonOf({ node: 'imap4Mailbox', operation: 'getMany', server });
	expect(server.connections.total).toBe(3);
});

test('one that says nothing more until it is used, as well', async () => {
	let dead = false;
	const server = await startServer({
		faults: {
			on: ({ line }) => (dead && line.startsWith('EXAMINE') ? '* BYE asleep\r\n' : undefined),
		},
	});
	const run = { node: 'imap4Message', operation: 'getMany', server } as const;
	await jsonOf(run);
	server.faults = {};
	dead = true;
	expect(await jsonOf(run)).toEqual([]);
	expect(server.connections.total).toBe(2);
});

test('a change is never repeated', async () => {
	let stores = 0;
	const server = await startServer({
		faults: {
			on: ({ line }) => {
				if (!line.startsWith('UID STORE')) return undefined;
				stores++;
				return '* BYE gone\r\n';
			},
		},
	});
	const inbox = server.account(USER).mailbox('INBOX');
	inbox.append('Subject: x\r\n\r\n');
	// So that the next one gets a kept connection.
	await jsonOf({ node: 'imap4Message', operation: 'getMany', server });
	const { error } = await runToEnd({
		node: 'imap4Flags',
		operation: 'add',
		server,
		items: [{ mailbox: 'INBOX', uidValidity: inbox.uidValidity, uid: 1 }],
		parameters: { keywords: 'a' },
	});
	expect(error?.message).toContain('gone');
	expect(stores).toBe(1);
	expect(server.connections.total).toBe(1);
});

test('a mailbox is not left selected on a connection that nobody uses', async () => {
	const server = await startServer();
	server.account(USER).create('Old');
	await jsonOf({
		node: 'imap4Message',
		operation: 'getMany',
		server,
		parameters: { mailbox: { __rl: true, mode: 'path', value: 'Old' } },
	});
	await jsonOf({
		node: 'imap4Mailbox',
		operation: 'delete',
		server,
		parameters: { mailbox: { __rl: true, mode: 'path', value: 'Old' } },
	});
	expect(server.connections.total).toBe(1);
	expect(server.commands.map(({ name }) => name).slice(-3)).toEqual(['UNSELECT', 'NOOP', 'DELETE']);
});

test('a connection that nobody uses is ended after a short while', async () => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
	try {
		const server = await startServer();
		await withConnection(account(server), probe, () => Promise.resolve());
		await vi.advanceTimersByTimeAsync(14_000);
		expect(server.commands.map(({ name }) => name)).not.toContain('LOGOUT');
		await vi.advanceTimersByTimeAsync(2_000);
		vi.useRealTimers();
		await vi.waitFor(() => expect(server.connections.open).toBe(0));
		expect(server.commands.map(({ name }) => name)).toContain('LOGOUT');
	} finally {
		vi.useRealTimers();
	}
});

test('a kept connection keeps no process alive', async () => {
	const server = await startServer();
	const shared = join(__dirname, '..', '..', 'nodes', 'shared');
	const program = `
		import { accountOf } from ${JSON.stringify(join(shared, 'account', 'account.ts'))};
		import { probe, withConnection } from ${JSON.stringify(join(shared, 'account', 'connection-pool.ts'))};
		const account = accountOf('imap4PlainApi', ${JSON.stringify({
			host: server.host,
			port: server.port,
			user: USER,
			password: PASSWORD,
		})});
		void withConnection(account, probe, () => Promise.resolve()).then(() => {
			setImmediate(() => console.log(JSON.stringify(process.getActiveResourcesInfo())));
		});
	`;
	const tsx = join(__dirname, '..', '..', 'node_modules', 'tsx', 'dist', 'cli.mjs');
	const { stdout } = await promisify(execFile)(process.execPath, [tsx, '--eval', program]);
	expect(server.connections.total).toBe(1);
	expect(JSON.parse(stdout)).not.toContain('Timeout');
	expect(JSON.parse(stdout)).not.toContain('TCPSocketWrap');
});

test('without UNSELECT a mailbox is left without expunging, before the next is opened', async () => {
	const server = await startServer({ capabilities: { remove: ['UNSELECT'] } });
	const inbox = server.account(USER).mailbox('INBOX');
	inbox.append('Subject: marked\r\n\r\n', { flags: ['\\Deleted'] });
	const item = { mailbox: 'INBOX', uidValidity: inbox.uidValidity, uid: 1 };
	for (let n = 0; n < 2; n++) {
		await jsonOf({
			node: 'imap4Flags',
			operation: 'add',
			server,
			items: [item],
			parameters: { keywords: `round${n}` },
		});
	}
	await jsonOf({ node: 'imap4Mailbox', operation: 'getMany', server });
	expect(server.connections.total).toBe(1);
	expect(inbox.messages).toHaveLength(1);
	const names = server.commands.map(({ name }) => name);
	expect(names.filter((name) => name === 'CLOSE')).toHaveLength(2);
	// Each CLOSE comes right after the EXAMINE that makes it harmless.
	names.forEach((name, at) => {
		if (name === 'CLOSE') expect(names[at - 1]).toBe('EXAMINE');
	});
});
