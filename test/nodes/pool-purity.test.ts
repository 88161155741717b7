/** What is never kept for the next user of an account, and how many connections there are at most. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Imap4, Imap4Error } from '../../engine/index';
import { accountOf, type Account } from '../../nodes/shared/account/account';
import { probe, withConnection } from '../../nodes/shared/account/connection-pool';
import { CONNECTIONS_VARIABLE, onPlaceWanted, takePlace } from '../../nodes/shared/account/places';
import { errorOf, jsonOf, PASSWORD, runToEnd, startServer, USER } from './run-node';

const account = (server: { host: string; port: number }): Account =>
	accountOf('imap4PlainApi', {
		host: server.host,
		port: server.port,
		user: USER,
		password: PASSWORD,
	});

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllEnvs();
});

describe('a connection is not kept', () => {
	test('after a command of the user’s own', async () => {
		const server = await startServer();
		const command = { node: 'imap4Server', operation: 'sendCommand', server } as const;
		await jsonOf({ ...command, parameters: { command: 'NAMESPACE', mailboxPath: '' } });
		await jsonOf({ node: 'imap4Mailbox', operation: 'getMany', server });
		expect(server.connections.total).toBe(2);
	});

	test('after work that failed, with commands that may still be under way', async () => {
		const server = await startServer();
		const fails = withConnection(account(server), probe, () => Promise.reject(new Error('no')));
		await expect(fails).rejects.toThrow('no');
		await withConnection(account(server), probe, () => Promise.resolve());
		expect(server.connections.total).toBe(2);
	});

	test('with a command still under way', async () => {
		const server = await startServer();
		let late: Promise<unknown> = Promise.resolve();
		await withConnection(account(server), probe, (imap) => {
			late = imap.noop();
			return Promise.resolve();
		});
		await late;
		await withConnection(account(server), probe, () => Promise.resolve());
		expect(server.connections.total).toBe(2);
	});

	test('for longer than ten minutes, however often it is used', async () => {
		const server = await startServer();
		const use = () => withConnection(account(server), probe, () => Promise.resolve());
		await use();
		vi.useFakeTimers({ toFake: ['Date'] });
		vi.setSystemTime(Date.now() + 9 * 60_000);
		await use();
		expect(server.connections.total).toBe(1);
		vi.setSystemTime(Date.now() + 2 * 60_000);
		await use();
		expect(server.connections.total).toBe(2);
	});

	test('once its credential says something else', async () => {
		const server = await startServer();
		const list = { node: 'imap4Mailbox', operation: 'getMany', server } as const;
		await jsonOf(list);
		await runToEnd({ ...list, credential: { password: 'changed' } });
		await vi.waitFor(() => expect(server.connections.open).toBe(0));
	});
});

test('a refused mailbox leaves the connection as it was', async () => {
	const server = await startServer();
	const open = (imap: Imap4) => imap.open('Nowhere', { readOnly: true });
	for (let n = 0; n < 3; n++) {
		await expect(
			withConnection(account(server), open, () => Promise.resolve()),
		).rejects.toBeInstanceOf(Imap4Error);
	}
	expect(server.connections.total).toBe(1);
});

test.each(['PROXYAUTH BOB', 'SELECT INBOX', 'COMPRESS DEFLATE', 'ENABLE CONDSTORE', 'logout now'])(
	'the command %s is refused by its first word',
	async (command) => {
		const server = await startServer();
		const { message } = await errorOf({
			node: 'imap4Server',
			operation: 'sendCommand',
			server,
			parameters: { command, mailboxPath: '' },
		});
		expect(message).toMatch(/changes the session itself/);
		expect(server.commands.map(({ name }) => name)).not.toContain(
			command.split(' ')[0]?.toUpperCase(),
		);
	},
);

describe('the connections of one account', () => {
	/** Uses a connection until it is released. */
	function holder(one: Account, signal?: AbortSignal) {
		let release: () => void = () => undefined;
		let began = false;
		const until = new Promise<void>((resolve) => (release = resolve));
		const done = withConnection(
			one,
			probe,
			async () => {
				began = true;
				await until;
			},
			signal ? { signal } : {},
		);
		return { done, release: () => release(), began: () => began };
	}

	test('are five at a time; the next user waits for one, and gets it in turn', async () => {
		const server = await startServer();
		const one = account(server);
		const holders = Array.from({ length: 8 }, () => holder(one));
		await vi.waitFor(() => expect(holders.filter(({ began }) => began())).toHaveLength(5));
		await new Promise((resolve) => setTimeout(resolve, 50));
		expect(holders.map(({ began }) => began())).toEqual([1, 1, 1, 1, 1, 0, 0, 0].map(Boolean));
		holders[3]?.release();
		await vi.waitFor(() => expect(holders[5]?.began()).toBe(true));
		expect(holders[6]?.began()).toBe(false);
		expect(server.connections.open).toBe(5);
		for (const { release } of holders) release();
		await Promise.all(holders.map(({ done }) => done));
		expect(server.connections.total).toBeLessThanOrEqual(8);
	});

	test('are as many as the administrator says', async () => {
		vi.stubEnv(CONNECTIONS_VARIABLE, '2');
		const server = await startServer();
		const holders = [1, 2, 3].map(() => holder(account(server)));
		await vi.waitFor(() => expect(holders.filter(({ began }) => began())).toHaveLength(2));
		for (const { release } of holders) release();
		await Promise.all(holders.map(({ done }) => done));
	});

	test('are counted for one account only', async () => {
		const server = await startServer();
		server.addAccount('bert', PASSWORD);
		const holders = Array.from({ length: 5 }, () => holder(account(server)));
		await vi.waitFor(() => expect(holders.every(({ began }) => began())).toBe(true));
		const { host, port } = server;
		const other = accountOf('imap4PlainApi', { host, port, user: 'bert', password: PASSWORD });
		await withConnection(other, probe, () => Promise.resolve());
		for (const { release } of holders) release();
		await Promise.all(holders.map(({ done }) => done));
	});

	test('are waited for no longer than until the signal, and no place is lost by it', async () => {
		const server = await startServer();
		const one = account(server);
		const holders = Array.from({ length: 5 }, () => holder(one));
		await vi.waitFor(() => expect(holders.every(({ began }) => began())).toBe(true));
		const controller = new AbortController();
		const waiting = holder(one, controller.signal);
		controller.abort(new Error('stopped'));
		await expect(waiting.done).rejects.toThrow('stopped');
		expect(server.connections.total).toBe(5);
		for (const { release } of holders) release();
		await Promise.all(holders.map(({ done }) => done));
		const again = Array.from({ length: 5 }, () => holder(one));
		await vi.waitFor(() => expect(again.every(({ began }) => began())).toBe(true));
		for (const { release } of again) release();
		await Promise.all(again.map(({ done }) => done));
	});

	test('are given up, one for each user who waits, by those who only wait for new mail', async () => {
		const leave = await Promise.all([1, 2, 3, 4, 5].map(() => takePlace('x')));
		const asked: number[] = [];
		const forget = onPlaceWanted('x', () => asked.push(1));
		onPlaceWanted('x', () => asked.push(2));
		const next = takePlace('x');
		expect(asked).toEqual([1]);
		forget();
		leave[0]?.();
		const leaveToo = await next;
		const another = takePlace('x');
		expect(asked).toEqual([1, 2]);
		leave[1]?.();
		(await another)();
		leaveToo();
		for (const leaving of leave.slice(2)) leaving();
	});
});

test('the wait for a kept connection that is leaving its mailbox ends at the signal, which closes it', async () => {
	const server = await startServer();
	const one = account(server);
	let silent = false;
	server.faults = { on: ({ line }) => (silent && line.startsWith('UNSELECT') ? '' : undefined) };
	await withConnection(
		one,
		(imap) => imap.open('INBOX', { readOnly: true }),
		() => Promise.resolve((silent = true)),
	);
	const controller = new AbortController();
	const waiting = withConnection(one, probe, () => Promise.resolve(), {
		signal: controller.signal,
	});
	setTimeout(() => controller.abort(new Error('stopped')), 20);
	await expect(waiting).rejects.toThrow('stopped');
	await vi.waitFor(() => expect(server.connections).toEqual({ open: 0, total: 1 }));
});
