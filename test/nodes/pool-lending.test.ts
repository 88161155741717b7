/** How a connection is lent: what goes out before the work, and what happens if it breaks there. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Imap4 } from '../../engine/index';
import { accountOf, type Account } from '../../nodes/shared/account/account';
import {
	closeIdleConnections,
	closeOutdatedConnections,
	probe,
	withConnection,
} from '../../nodes/shared/account/connection-pool';
import { credentialVersion, noteVersion } from '../../nodes/shared/account/credential-versions';
import type { MemoryServer } from '../server';
import { asksWhatIsOffered, listOnlyIfAsked } from './offered';
import { PASSWORD, startServer, USER } from './start-server';

const account = ({ host, port }: MemoryServer, user = USER): Account =>
	accountOf('imap4PlainApi', { host, port, user, password: PASSWORD });

const nothing = (): Promise<void> => Promise.resolve();

const examine = (one: Account, signal?: AbortSignal): Promise<void> =>
	withConnection(
		one,
		(imap) => imap.open('INBOX', { readOnly: true }),
		nothing,
		signal ? { signal } : {},
	);

/** The commands that a server got while `work` was done. */
async function namesOf(server: MemoryServer, work: () => Promise<unknown>): Promise<string[]> {
	const before = server.commands.length;
	await work();
	return server.commands.slice(before).map(({ name }) => name);
}

afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

test('only a connection from an earlier use is probed', async () => {
	const server = await startServer();
	const use = (): Promise<void> => withConnection(account(server), probe, nothing);
	expect(await namesOf(server, use)).not.toContain('NOOP');
	expect(await namesOf(server, use)).toEqual(['NOOP']);
});

test('only a connection in use keeps the process alive', async () => {
	const server = await startServer();
	const resources = (): string =>
		process
			.getActiveResourcesInfo()
			.filter((name) => name === 'TCPSocketWrap' || name === 'Timeout')
			.sort()
			.join();
	const seen: string[] = [];
	const use = (): Promise<unknown> =>
		withConnection(account(server), nothing, async () => seen.push(resources()));
	await use();
	const idle = resources();
	await use();
	expect(seen[0]).not.toBe(idle);
	expect(seen[1]).toBe(seen[0]);
	expect(resources()).toBe(idle);
	const closing = closeIdleConnections();
	expect(resources()).toBe(seen[0]);
	await closing;
});

describe('a connection that breaks before the work', () => {
	test('is replaced once if it was kept, without an attempt where it is known to be closed', async () => {
		const server = await startServer();
		let last: Imap4 | undefined;
		const opens: boolean[] = [];
		const use = (): Promise<void> =>
			withConnection(
				account(server),
				(imap, kept) => {
					opens.push(kept);
					last = imap;
					return imap.noop();
				},
				nothing,
			);
		await use();
		server.cutAll();
		await vi.waitFor(() => expect(last?.closedBy).toBeDefined());
		await use();
		expect(opens).toEqual([false, false]);
	});

	test('is not replaced if it was new', async () => {
		const server = await startServer({
			faults: { on: ({ line }) => (line.startsWith('EXAMINE') ? '* BYE no\r\n' : undefined) },
		});
		await expect(examine(account(server))).rejects.toMatchObject({ code: 'BYE' });
		expect(server.connections.total).toBe(1);
	});
});

test('a kept connection sends nothing before it has left its last mailbox', async () => {
	const server = await startServer();
	const one = account(server);
	let left: () => void = () => undefined;
	await withConnection(
		one,
		(imap) => imap.open('INBOX', { readOnly: true }),
		async (_imap, mailbox) => {
			vi.spyOn(mailbox, 'close').mockReturnValue(new Promise((resolve) => (left = resolve)));
		},
	);
	const open = vi.fn(nothing);
	const next = withConnection(one, open, nothing);
	await new Promise((resolve) => setImmediate(resolve));
	expect(open).not.toHaveBeenCalled();
	left();
	await next;
	expect(open).toHaveBeenCalledOnce();
	expect(server.connections.total).toBe(1);
});

test('of several connections the one that was used last is lent, so that the others can end', async () => {
	const server = await startServer();
	const one = account(server);
	let release: () => void = () => undefined;
	const until = new Promise<void>((resolve) => (release = resolve));
	let last: Imap4 | undefined;
	const first = withConnection(one, probe, () => until);
	await withConnection(one, probe, async (imap) => {
		last = imap;
		release();
		await first;
	});
	for (let times = 0; times < 2; times++)
		await withConnection(one, probe, async (imap) => expect(imap).toBe(last));
});

test('a closed connection takes the place of no kept one', async () => {
	const server = await startServer();
	const one = account(server);
	let release: () => void = () => undefined;
	const together = new Promise<void>((resolve) => (release = resolve));
	let began = 0;
	const uses = [true, true, true, false].map((breaks) =>
		withConnection(one, probe, async (imap) => {
			if (++began === 4) release();
			await together;
			if (breaks) imap.destroy();
		}),
	);
	await Promise.all(uses);
	await withConnection(one, probe, nothing);
	expect(server.connections.total).toBe(4);
});

test('a connection that is used again, or ended, leaves no timer behind', async () => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
	const server = await startServer();
	const one = account(server);
	const timers = async (): Promise<number> => {
		await withConnection(one, probe, nothing);
		return vi.getTimerCount();
	};
	await timers();
	const once = await timers();
	expect(await timers()).toBe(once);
	await closeIdleConnections();
	expect(vi.getTimerCount()).toBe(0);
});

test('a change of one credential ends its connections and no others', async () => {
	const server = await startServer();
	server.addAccount('bert', PASSWORD);
	const [changed, same] = [account(server), account(server, 'bert')];
	changed.credential = credentialVersion('pool-changed', { password: 'old' });
	same.credential = credentialVersion('pool-same', { password: 'old' });
	noteVersion(changed.credential);
	noteVersion(same.credential);
	await withConnection(changed, probe, nothing);
	await withConnection(same, probe, nothing);
	noteVersion(credentialVersion('pool-changed', { password: 'new' }));
	closeOutdatedConnections();
	await vi.waitFor(() => expect(server.connections.open).toBe(1));
	await withConnection(same, probe, nothing);
	expect(server.connections.total).toBe(2);
});

test('a connection is replaced as soon as it is ten minutes old', async () => {
	vi.useFakeTimers({ toFake: ['Date'] });
	const server = await startServer();
	const one = account(server);
	const start = Date.now();
	await withConnection(one, probe, nothing);
	vi.setSystemTime(start + 600_000 - 1);
	await withConnection(one, probe, nothing);
	expect(server.connections.total).toBe(1);
	vi.setSystemTime(start + 600_000);
	await withConnection(one, probe, nothing);
	expect(server.connections.total).toBe(2);
	await vi.waitFor(() => expect(server.connections.open).toBe(1));
});

describe('Stop', () => {
	test('in the moment in which the login ends closes the connection', async () => {
		const server = await startServer();
		const stop = new AbortController();
		const connect = Imap4.connect.bind(Imap4);
		vi.spyOn(Imap4, 'connect').mockImplementation(async (options) => {
			const imap = await connect(options);
			stop.abort(new Error('stopped'));
			return imap;
		});
		await expect(examine(account(server), stop.signal)).rejects.toThrow();
		await vi.waitFor(() => expect(server.connections.open).toBe(0));
		expect(server.commands.map(({ name }) => name)).not.toContain('EXAMINE');
	});

	test('in a command that was sent with the login is no fault of the server', async () => {
		const server = await startServer({ greetingText: 'Dovecot ready' });
		const one = account(server);
		await examine(one);
		await closeIdleConnections();
		const stop = new AbortController();
		server.faults = {
			on: ({ line }) => {
				if (!line.startsWith('EXAMINE')) return undefined;
				stop.abort(new Error('stopped'));
				return '';
			},
		};
		await expect(examine(one, stop.signal)).rejects.toThrow();
		server.faults = listOnlyIfAsked;
		expect(await asksWhatIsOffered(server, () => examine(one))).toBe(false);
	});
});
