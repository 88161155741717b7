/** Connecting through a proxy: SOCKS5 (RFC 1928, RFC 1929), HTTP CONNECT, or the caller's own way. */
import net from 'node:net';
import { afterEach, describe, expect, inject, test } from 'vitest';
import type { ConnectOptions, Imap4Error } from '../../../engine/index';
import { Imap4 } from '../../../engine/index';
import { MemoryServer } from '../../server';
import { nothingUnhandled } from '../client/fake-transport';

nothingUnhandled();

const { ca, server: identity } = inject('certificates');
const auth = { user: 'ann', password: 'secret' };
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
	for (const clean of cleanUp.splice(0)) await clean();
});

async function imapServer(secured = false): Promise<number> {
	const server = await MemoryServer.start(secured ? { tls: identity } : {});
	server.addAccount('ann', 'secret');
	cleanUp.push(() => server.stop());
	return server.port;
}

interface Proxy {
	port: number;
	/** All that clients sent before they were connected. */
	received: Buffer[];
	open: Set<net.Socket>;
}

/** A proxy: the script answers what comes, until it says where to connect to. */
async function proxy(
	script: (bytes: Buffer, client: net.Socket) => { port: number; answer: Buffer } | undefined,
): Promise<Proxy> {
	const made: Proxy = { port: 0, received: [], open: new Set() };
	const server = net.createServer((client) => {
		made.open.add(client);
		client.on('error', () => undefined).on('close', () => made.open.delete(client));
		const answer = (bytes: Buffer): void => {
			made.received.push(bytes);
			const target = script(bytes, client);
			if (!target) return;
			client.off('data', answer);
			const onward = net.connect(target.port, '127.0.0.1');
			// A server that expects TLS sends nothing first.
			const silence = setTimeout(() => {
				client.write(target.answer);
				onward.removeAllListeners('data').pipe(client);
			}, 50);
			onward
				.on('error', () => undefined)
				.once('data', (first) => {
					clearTimeout(silence);
					// The server's greeting comes in the segment of the proxy's answer.
					client.write(Buffer.concat([target.answer, first]));
					onward.pipe(client);
				});
			client.pipe(onward);
			client.on('close', () => onward.destroy());
		};
		client.on('data', answer);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	cleanUp.push(() => {
		for (const client of made.open) client.destroy();
		server.close();
	});
	made.port = (server.address() as net.AddressInfo).port;
	return made;
}

/** SOCKS5, without a login or with this one. */
const socks = (port: number, login?: string): ReturnType<typeof proxy> => {
	let step = 0;
	return proxy((bytes, client) => {
		step++;
		if (step === 1) {
			client.write(Buffer.from([5, login === undefined ? 0 : 2]));
			return undefined;
		}
		if (login !== undefined && step === 2) {
			const user = bytes.subarray(2, 2 + (bytes[1] as number)).toString();
			const password = bytes.subarray(3 + (bytes[1] as number)).toString();
			client.write(Buffer.from([1, `${user}:${password}` === login ? 0 : 1]));
			return undefined;
		}
		return { port, answer: Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 9, 9]) };
	});
};

const http = (port: number, status = '200 Connection established'): ReturnType<typeof proxy> => {
	let text = '';
	return proxy((bytes, client) => {
		text += bytes.toString();
		if (!text.endsWith('\r\n\r\n')) return undefined;
		const answer = Buffer.from(`HTTP/1.1 ${status}\r\nVia: x\r\n\r\n`);
		if (status.startsWith('2')) return { port, answer };
		client.end(answer);
		return undefined;
	});
};

const connect = (options: ConnectOptions): Promise<Imap4> =>
	Imap4.connect({
		host: 'localhost',
		port: 143,
		security: 'none',
		auth,
		tls: { ca },
		timeouts: { connect: 5000, greeting: 5000, command: 5000 },
		...options,
	}).then((imap) => {
		cleanUp.push(() => imap.destroy());
		return imap;
	});

const failure = (options: ConnectOptions): Promise<Imap4Error> =>
	connect(options).then(
		() => {
			throw new Error('Connecting succeeded');
		},
		(error: unknown) => error as Imap4Error,
	);

describe('SOCKS5', () => {
	test.each([false, true])(
		'logs in to the server (TLS: %s); the proxy resolves its name',
		async (secured) => {
			const { port, received } = await socks(await imapServer(secured));
			const imap = await connect({
				proxy: `socks5://127.0.0.1:${port}`,
				security: secured ? 'tls' : 'none',
			});
			expect(imap.state).toBe('authenticated');
			expect(imap.secure).toBe(secured);
			await imap.noop();
			expect(received[0]).toEqual(Buffer.from([5, 1, 0]));
			expect(received[1]).toEqual(
				Buffer.from([5, 1, 0, 3, 9, ...Buffer.from('localhost'), 0, 143]),
			);
		},
	);

	test('an address is sent as an address', async () => {
		const { port, received } = await socks(await imapServer());
		await connect({ host: '127.0.0.9', port: 993, proxy: `socks5h://127.0.0.1:${port}` });
		expect(received[1]).toEqual(Buffer.from([5, 1, 0, 1, 127, 0, 0, 9, 3, 0xe1]));
	});

	test('with a user name and password', async () => {
		const { port, received } = await socks(await imapServer(), 'us:er:pä ss');
		await connect({ proxy: `socks5://us%3Aer:p%C3%A4%20ss@127.0.0.1:${port}` });
		expect(received[0]).toEqual(Buffer.from([5, 2, 0, 2]));
	});

	test('with a wrong password, which is in no error', async () => {
		const { port } = await socks(1, 'user:right');
		const error = await failure({ proxy: `socks5://user:hush-hush@127.0.0.1:${port}` });
		expect(error).toMatchObject({ code: 'CONNECTION_FAILED' });
		expect(error.message).toMatch(/does not accept/);
		expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain('hush-hush');
	});

	test('that demands a login where none is given', async () => {
		const { port } = await proxy((_bytes, client) => void client.write(Buffer.from([5, 0xff])));
		expect(await failure({ proxy: `socks5://127.0.0.1:${port}` })).toMatchObject({
			code: 'CONNECTION_FAILED',
		});
	});

	test.each([
		[1, 'CONNECTION_FAILED', 'the proxy failed'],
		[2, 'CONNECTION_FAILED', 'rules'],
		[4, 'CONNECTION_FAILED', 'unreachable'],
		[5, 'CONNECTION_REFUSED', 'refused'],
		[99, 'CONNECTION_FAILED', 'error 99'],
	])('that answers with %d', async (reply, code, words) => {
		let step = 0;
		const { port, open } = await proxy(
			(_bytes, client) =>
				void client.write(
					step++ === 0 ? Buffer.from([5, 0]) : Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]),
				),
		);
		const error = await failure({ proxy: `socks5://127.0.0.1:${port}` });
		expect(error).toMatchObject({ code, name: 'Imap4AbortError' });
		expect(error.message).toContain(words);
		await expect.poll(() => open.size).toBe(0);
	});

	test.each([
		['an IPv6 address', Buffer.from([5, 0, 0, 4, ...Array<number>(16).fill(0), 0, 0])],
		['a name', Buffer.from([5, 0, 0, 3, 4, ...Buffer.from('here'), 0, 0])],
	])('that uses %s itself', async (_what, answer) => {
		const target = await imapServer();
		let step = 0;
		const { port } = await proxy((_bytes, client) => {
			if (step++ > 0) return { port: target, answer };
			client.write(Buffer.from([5, 0]));
			return undefined;
		});
		expect((await connect({ proxy: `socks5://127.0.0.1:${port}` })).state).toBe('authenticated');
	});

	test('that is none', async () => {
		const { port } = await http(1, '400 Bad Request');
		expect((await failure({ proxy: `socks5://127.0.0.1:${port}` })).code).toBe('TIMEOUT');
	}, 20_000);
});

describe('HTTP CONNECT', () => {
	test.each([false, true])('logs in to the server (TLS: %s)', async (secured) => {
		const { port, received } = await http(await imapServer(secured));
		const imap = await connect({
			proxy: `http://127.0.0.1:${port}`,
			security: secured ? 'tls' : 'none',
		});
		expect(imap.state).toBe('authenticated');
		await imap.noop();
		expect(Buffer.concat(received).toString()).toBe(
			'CONNECT localhost:143 HTTP/1.1\r\nHost: localhost:143\r\n\r\n',
		);
	});

	test('with a user name and password', async () => {
		const { port, received } = await http(await imapServer());
		await connect({ proxy: `http://us%3Aer:pass@127.0.0.1:${port}` });
		expect(Buffer.concat(received).toString()).toContain(
			`\r\nProxy-Authorization: Basic ${Buffer.from('us:er:pass').toString('base64')}\r\n\r\n`,
		);
	});

	test.each([
		['407 Proxy Authentication Required', 'demands a user name'],
		['403 Forbidden', 'HTTP status 403'],
		['502 Bad Gateway', 'HTTP status 502'],
	])('that answers %s', async (status, words) => {
		const { port, open } = await http(1, status);
		const error = await failure({ proxy: `http://127.0.0.1:${port}` });
		expect(error).toMatchObject({ code: 'CONNECTION_FAILED', name: 'Imap4AbortError' });
		expect(error.message).toContain(words);
		await expect.poll(() => open.size).toBe(0);
	});

	test('that is none', async () => {
		const { port } = await proxy((_bytes, client) => void client.write('* BYE what?\r\n\r\n'));
		expect((await failure({ proxy: `http://127.0.0.1:${port}` })).message).toContain(
			'not an HTTP proxy',
		);
	});

	test('whose header never ends', async () => {
		const { port } = await proxy((_bytes, client) => void client.write('x'.repeat(20_000)));
		expect((await failure({ proxy: `http://127.0.0.1:${port}` })).code).toBe('LIMIT');
	});

	test.each(['a b', 'a\r\nX: y', 'a"b', 'a/b'])('the host %j is not sent to it', async (host) => {
		const { port, received } = await http(1);
		const error = await failure({ host, proxy: `http://127.0.0.1:${port}` });
		expect(error.code).toBe('ARGUMENT');
		expect(received).toEqual([]);
	});
});

describe('any proxy', () => {
	test('that closes', async () => {
		const { port } = await proxy((_bytes, client) => void client.destroy());
		for (const scheme of ['socks5', 'http'])
			expect((await failure({ proxy: `${scheme}://127.0.0.1:${port}` })).code).toBe(
				'CONNECTION_LOST',
			);
	});

	test('that does not listen', async () => {
		const { port } = await proxy(() => undefined);
		for (const clean of cleanUp.splice(0)) await clean();
		expect((await failure({ proxy: `socks5://127.0.0.1:${port}` })).code).toBe(
			'CONNECTION_REFUSED',
		);
	});

	test.each(['socks5', 'http'])(
		'that is silent ends in time, or at a signal (%s)',
		async (scheme) => {
			const { port, open } = await proxy(() => undefined);
			const options = { proxy: `${scheme}://127.0.0.1:${port}` };
			expect((await failure({ ...options, timeouts: { connect: 100 } })).code).toBe('TIMEOUT');
			const controller = new AbortController();
			const reason = new Error('stop');
			const ended = failure({ ...options, signal: controller.signal });
			await expect.poll(() => open.size).toBe(1);
			controller.abort(reason);
			expect(await ended).toBe(reason);
			await expect.poll(() => open.size).toBe(0);
		},
	);

	test.each([
		'',
		'localhost:1080',
		'ftp://x',
		'socks4://x:1',
		'toString://x',
		'http://',
		'http://%@x',
		'http://%ff@x',
		`http://${'u'.repeat(256)}@x`,
	])('%j is not its URL', async (url) => {
		expect((await failure({ proxy: url })).code).toBe('ARGUMENT');
	});
});

describe('the caller’s own way', () => {
	test.each(['none', 'tls'] as const)('carries the session (%s)', async (security) => {
		const port = await imapServer(security === 'tls');
		const targets: unknown[] = [];
		const imap = await connect({
			security,
			host: 'localhost',
			port: 1234,
			connectSocket: async ({ host, port: wanted }) => {
				targets.push([host, wanted]);
				const socket = net.connect(port, '127.0.0.1');
				await new Promise((resolve) => socket.once('connect', resolve));
				return socket;
			},
		});
		expect(imap.state).toBe('authenticated');
		expect(targets).toEqual([['localhost', 1234]]);
	});

	test('that fails is the result', async () => {
		const reason = new Error('no tunnel');
		expect(await failure({ connectSocket: () => Promise.reject(reason) })).toBe(reason);
	});

	test('a socket that comes too late is closed', async () => {
		const port = await imapServer();
		const socket = net.connect(port, '127.0.0.1');
		await new Promise((resolve) => socket.once('connect', resolve));
		let give: (socket: net.Socket) => void = () => undefined;
		const controller = new AbortController();
		const ended = failure({
			signal: controller.signal,
			connectSocket: () => new Promise((resolve) => (give = resolve)),
		});
		controller.abort(new Error('stop'));
		await ended;
		give(socket);
		await expect.poll(() => socket.destroyed).toBe(true);
	});
});
