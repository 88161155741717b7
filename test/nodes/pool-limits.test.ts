/** How many connections stay open, for how long, and how each of them ends. */
import { afterEach, expect, test, vi } from 'vitest';
import type { Imap4 } from '../../engine/index';
import { accountOf, type Account } from '../../nodes/shared/account/account';
import {
	closeIdleConnections,
	probe,
	withConnection,
	type Lending,
} from '../../nodes/shared/account/connection-pool';
import type { MemoryServer, MemoryServerOptions } from '../server';
import { PASSWORD, startServer, USER } from './start-server';

const account = ({ host, port }: MemoryServer, user = USER): Account =>
	accountOf('imap4PlainApi', { host, port, user, password: PASSWORD });

const nothing = (): Promise<void> => Promise.resolve();

const use = (one: Account, lending?: Lending): Promise<void> =>
	withConnection(one, probe, nothing, lending);

/** Takes a connection and keeps it until it is released. */
async function hold(one: Account): Promise<{ release(): Promise<void> }> {
	let release: () => void = () => undefined;
	const until = new Promise<void>((resolve) => (release = resolve));
	let done: Promise<void> = Promise.resolve();
	await new Promise<void>((began) => {
		done = withConnection(one, probe, () => {
			began();
			return until;
		});
	});
	return {
		release: () => {
			release();
			return done;
		},
	};
}

const opened = (server: MemoryServer, count: number): Promise<void> =>
	vi.waitFor(() => expect(server.connections.open).toBe(count));

const logouts = (server: MemoryServer): number =>
	server.commands.filter(({ name }) => name === 'LOGOUT').length;

/** A server that answers one command in a way of its own. */
function answering(name: string, answer: (tag: string) => string): MemoryServerOptions {
	return {
		faults: { on: ({ tag, line }) => (line.startsWith(name) ? answer(tag) : undefined) },
	};
}

afterEach(() => {
	vi.useRealTimers();
});

test('three connections of an account stay open, and the others are ended', async () => {
	const server = await startServer();
	const one = account(server);
	const held = await Promise.all(Array.from({ length: 5 }, () => hold(one)));
	expect(server.connections.open).toBe(5);
	for (const { release } of held) await release();
	await opened(server, 3);
	expect(logouts(server)).toBe(2);
	await Promise.all((await Promise.all([hold(one), hold(one), hold(one)])).map((h) => h.release()));
	expect(server.connections.total).toBe(5);
});

test('a hundred stay open of all accounts: the one that was idle longest makes room', async () => {
	const server = await startServer();
	const accounts = Array.from({ length: 102 }, (_, n) => {
		server.addAccount(`user${n}`, PASSWORD);
		return account(server, `user${n}`);
	});
	for (const one of accounts.slice(0, 100)) await use(one);
	await opened(server, 100);
	// So that the second has been idle longest.
	await use(accounts[0] as Account);
	await use(accounts[100] as Account);
	await opened(server, 100);
	await use(accounts[101] as Account);
	await opened(server, 100);
	expect(server.connections.total).toBe(102);
	expect(logouts(server)).toBe(2);

	await use(accounts[0] as Account);
	await use(accounts[3] as Account);
	expect(server.connections.total).toBe(102);
	await use(accounts[1] as Account);
	expect(server.connections.total).toBe(103);
});

test('each connection is ended after its own time', async () => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
	const server = await startServer();
	const one = account(server);
	const [first, second] = [await hold(one), await hold(one)];
	await first.release();
	await vi.advanceTimersByTimeAsync(10_000);
	await second.release();
	await vi.advanceTimersByTimeAsync(6_000);
	await vi.waitFor(() => expect(server.connections.open).toBe(1));
	await use(one);
	expect(server.connections.total).toBe(2);
	// The time begins anew with each use.
	await vi.advanceTimersByTimeAsync(10_000);
	await use(one);
	expect(server.connections.total).toBe(2);
});

test('all idle connections can be ended, and a later use has one of its own', async () => {
	const server = await startServer();
	const one = account(server);
	await Promise.all((await Promise.all([hold(one), hold(one)])).map((held) => held.release()));
	expect(server.connections.open).toBe(2);
	await closeIdleConnections();
	await opened(server, 0);
	expect(logouts(server)).toBe(2);
	await use(one);
	expect(server.connections.total).toBe(3);
});

test.each<[string, Lending['keep'], number]>([
	['true', true, 1],
	['false', false, 0],
	['a function that says true', () => true, 1],
	['a function that says false', () => false, 0],
	['nothing', undefined, 1],
])('keep: %s', async (_title, keep, open) => {
	const server = await startServer();
	await use(account(server), keep === undefined ? {} : { keep });
	await opened(server, open);
	expect(logouts(server)).toBe(1 - open);
	await use(account(server));
	expect(server.connections.total).toBe(2 - open);
});

test('a signal that is aborted after the work does nothing to the connection that was kept', async () => {
	const server = await startServer();
	const one = account(server);
	const { signal, abort } = controller();
	await use(one, { signal });
	abort();
	await use(one);
	expect(server.connections).toEqual({ open: 1, total: 1 });
});

test('a signal that is aborted during the work closes the connection', async () => {
	const server = await startServer();
	const { signal, abort } = controller();
	const waits = withConnection(
		account(server),
		probe,
		async (imap: Imap4) => {
			abort();
			await imap.noop();
		},
		{ signal },
	);
	await expect(waits).rejects.toThrow();
	await opened(server, 0);
});

test('no login is made for a signal that was aborted before', async () => {
	const server = await startServer();
	const { signal, abort } = controller();
	abort();
	await expect(use(account(server), { signal })).rejects.toThrow('enough');
	expect(server.connections.total).toBe(0);
});

test('a server that refuses the LOGOUT is left without it', async () => {
	const server = await startServer(answering('LOGOUT', (tag) => `${tag} BAD not now\r\n`));
	await use(account(server), { keep: false });
	await opened(server, 0);
});

test('a connection that does not leave its mailbox is replaced', async () => {
	const server = await startServer(answering('UNSELECT', (tag) => `${tag} NO not now\r\n`));
	const one = account(server);
	const open = (imap: Imap4): Promise<unknown> => imap.open('INBOX', { readOnly: true });
	await withConnection(one, open, nothing);
	await opened(server, 0);
	await withConnection(one, open, nothing);
	expect(server.connections.total).toBe(2);
});

function controller(): { signal: AbortSignal; abort(): void } {
	const one = new AbortController();
	return { signal: one.signal, abort: () => one.abort(new Error('enough')) };
}
