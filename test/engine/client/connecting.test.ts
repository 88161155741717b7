/** Connecting succeeds only with a session that is alive and whose login was answered. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ConnectOptions, ConnectSocket, Imap4Error } from '../../../engine/index';
import { Imap4, Imap4AbortError } from '../../../engine/index';
import { FakeTransport, nothingUnhandled, turns } from './fake-transport';

nothingUnhandled();

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
	vi.useRealTimers();
});

const auth = { user: 'ann', password: 'secret-password' };

interface Attempt {
	server: FakeTransport;
	connecting: Promise<Imap4>;
	/** The error that connecting ends in. */
	failure: Promise<Imap4Error>;
}

function connecting(options: ConnectOptions = {}, server = new FakeTransport()): Attempt {
	const attempt = Imap4.connect({ security: 'none', ...options, transport: server });
	const failure = attempt.then(
		() => {
			throw new Error('Connecting succeeded');
		},
		(error: unknown) => error as Imap4Error,
	);
	failure.catch(() => undefined);
	return { server, connecting: attempt, failure };
}

describe('a greeting that is not IMAP4 is reported in its own words', () => {
	test.each<[string, string, string, string | undefined, string]>([
		[
			'a busy server',
			'421 Server is busy, try again later.\r\n',
			'BYE',
			'UNAVAILABLE',
			'421 Server is busy, try again later.',
		],
		[
			'an unavailable server',
			'Server Unavailable. 15\r\n',
			'BYE',
			'UNAVAILABLE',
			'Server Unavailable. 15',
		],
		[
			'words in front of a BYE',
			'Server Unavailable. 15* BYE Connection is closed. 14\r\n',
			'BYE',
			'UNAVAILABLE',
			'Server Unavailable. 15 Connection is closed. 14',
		],
		[
			'words in the line before a BYE',
			'Go away\r\n* BYE [LIMIT] Connection refused\r\n',
			'BYE',
			'LIMIT',
			'Go away Connection refused',
		],
		[
			'words that end in LF only',
			'Too many connections\n',
			'BYE',
			'UNAVAILABLE',
			'Too many connections',
		],
		['a BYE that ends in LF only', '* BYE shutting down\n', 'BYE', undefined, 'shutting down'],
		[
			'an SMTP server',
			'220 mx.example.com ESMTP\r\n',
			'PROTOCOL',
			undefined,
			'220 mx.example.com ESMTP',
		],
		['a POP3 server', '+OK POP3 ready\r\n', 'PROTOCOL', undefined, '+OK POP3 ready'],
		[
			'a web server',
			'HTTP/1.1 400 Bad Request\r\n',
			'PROTOCOL',
			undefined,
			'HTTP/1.1 400 Bad Request',
		],
		['an SSH server', 'SSH-2.0-OpenSSH_9.2\r\n', 'PROTOCOL', undefined, 'SSH-2.0-OpenSSH_9.2'],
		['any words', 'Hello there\r\n', 'PROTOCOL', undefined, 'Hello there'],
		['NO', '* NO not today\r\n', 'PROTOCOL', undefined, '* NO not today'],
	])('%s', async (_what, greeting, code, responseCode, serverText) => {
		const { server, failure } = connecting({ auth });
		server.deliver(greeting);
		const error = await failure;
		expect(error).toBeInstanceOf(Imap4AbortError);
		expect(error).toMatchObject({ code, responseCode, serverText });
		expect(error.message).toContain(serverText);
		expect(server.destroyed).toBe(true);
		expect(server.sent).toBe('');
	});

	test.each([
		['This is an SMTP', '220 mx.example.com ESMTP'],
		['This is a POP3', '+OK ready'],
		['This is a web', 'HTTP/1.0 200 OK'],
		['This is an SSH', 'SSH-2.0-x'],
	])('%s server, it says', async (words, greeting) => {
		const { server, failure } = connecting();
		server.say(greeting);
		expect((await failure).message).toContain(words);
	});

	test('words without the end of a line, when the server closes', async () => {
		const { server, failure } = connecting({ auth });
		server.deliver('Server Unavailable. 15');
		server.close();
		expect(await failure).toMatchObject({
			code: 'BYE',
			responseCode: 'UNAVAILABLE',
			serverText: 'Server Unavailable. 15',
		});
	});

	test('words without the end of a line, when the greeting is overdue', async () => {
		const { server, failure } = connecting({ auth, timeouts: { greeting: 1000 } });
		server.deliver('Service down for maintenance');
		await vi.advanceTimersByTimeAsync(1001);
		expect(await failure).toMatchObject({
			code: 'BYE',
			serverText: 'Service down for maintenance',
		});
	});

	test('words that come in pieces', async () => {
		const { server, failure } = connecting({ auth });
		server.deliver('421 Ser', 'ver bu', 'sy\r\n');
		expect(await failure).toMatchObject({ code: 'BYE', serverText: '421 Server busy' });
	});

	test('no words at all: the connection was lost', async () => {
		const { server, failure } = connecting({ auth });
		server.close();
		expect(await failure).toMatchObject({ code: 'CONNECTION_LOST' });
	});

	test('a megabyte of words is cut', async () => {
		const { server, failure } = connecting({ auth });
		server.deliver(`busy ${'x'.repeat(1_000_000)}\r\n`);
		const { serverText = '', message } = await failure;
		expect(serverText.length).toBeLessThanOrEqual(1000);
		expect(message.length).toBeLessThan(1100);
	});

	test('where TLS is required the words in clear text are withheld', async () => {
		const { server, failure } = connecting({ auth, security: 'starttls' });
		server.say('421 busy, call evil.example');
		const error = await failure;
		expect(error).toMatchObject({ code: 'BYE', responseCode: 'UNAVAILABLE' });
		expect(JSON.stringify(error) + error.message).not.toContain('evil');
	});
});

describe('where to', () => {
	/** What is dialed; nothing answers there. */
	async function dialed(options: ConnectOptions): Promise<unknown> {
		const connectSocket = vi.fn<ConnectSocket>().mockRejectedValue(new Error('no network'));
		const failure = Imap4.connect({ ...options, connectSocket });
		await expect(failure).rejects.toBeInstanceOf(Error);
		const [target] = connectSocket.mock.calls[0] ?? [];
		return target && [target.host, target.port];
	}

	test.each<[ConnectOptions, [string, number]]>([
		[{}, ['localhost', 993]],
		[{ host: '', security: 'tls' }, ['localhost', 993]],
		[{ host: 'imap.example.com', security: 'starttls' }, ['imap.example.com', 143]],
		[{ security: 'none' }, ['localhost', 143]],
		[{ port: 1 }, ['localhost', 1]],
		[{ port: 65_535, security: 'none' }, ['localhost', 65_535]],
	])('%j', async (options, target) => {
		expect(await dialed(options)).toEqual(target);
	});

	test.each([0, -1, 65_536, 1.5, NaN])('the port %d is none', async (port) => {
		const connectSocket = vi.fn<ConnectSocket>();
		await expect(Imap4.connect({ port, connectSocket })).rejects.toMatchObject({
			code: 'ARGUMENT',
			message: `${port} is not a port: use 1 to 65535`,
		});
		expect(connectSocket).not.toHaveBeenCalled();
	});

	test('an unusable certificate is found before anything is opened, but only where TLS can begin', async () => {
		const tls = { ca: 'not a certificate' };
		expect(await dialed({ tls, security: 'none' })).toEqual(['localhost', 143]);
		expect(await dialed({ tls, security: 'starttls' })).toBeUndefined();
		expect(await dialed({ tls })).toBeUndefined();
	});

	test('a transport of the caller’s is closed where an option is wrong', async () => {
		const { server, failure } = connecting({ port: 0 });
		expect(await failure).toMatchObject({ code: 'ARGUMENT' });
		expect(server.destroyed).toBe(true);
	});
});

describe('over the network', () => {
	/** A port where each connection is given to `accept`. */
	async function listening(accept: (socket: Socket) => void): Promise<ConnectOptions> {
		const sockets: Socket[] = [];
		const server = createServer((socket) => {
			sockets.push(socket.on('error', () => undefined));
			accept(socket);
		});
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		onTestFinished(() => {
			for (const socket of sockets) socket.destroy();
			server.close();
		});
		const { port } = server.address() as AddressInfo;
		return { host: '127.0.0.1', port };
	}

	function pending<Value>() {
		let resolve: (value: Value) => void = () => undefined;
		const promise = new Promise<Value>((done) => (resolve = done));
		return { promise, resolve };
	}

	/** The first byte of a TLS handshake. */
	const HANDSHAKE = 0x16;

	test('TLS begins with the first byte by default', async () => {
		const first = pending<Buffer>();
		const address = await listening((socket) => {
			socket.once('data', (bytes: Buffer) => {
				first.resolve(bytes);
				socket.destroy();
			});
		});
		await expect(Imap4.connect(address)).rejects.toBeInstanceOf(Imap4AbortError);
		expect((await first.promise)[0]).toBe(HANDSHAKE);
	});

	test('PREAUTH does not check the login, so it is none', async () => {
		const closed = pending<unknown>();
		const address = await listening((socket) => {
			socket.on('close', closed.resolve).resume();
			socket.write('* PREAUTH [CAPABILITY IMAP4rev1] hello\r\n');
		});
		const connected = Imap4.connect({ ...address, security: 'none', auth });
		await expect(connected).rejects.toMatchObject({
			code: 'PROTOCOL',
			message:
				'The server greets with PREAUTH: it has chosen the user itself and does not check this login. Connect without a login if that is intended',
		});
		await closed.promise;
	});

	test('a server that says nothing for three seconds is asked, over another connection, whether it expects TLS', async () => {
		const first = pending<Socket>();
		const second = pending<Buffer>();
		let connections = 0;
		const address = await listening((socket) => {
			if (++connections === 1) first.resolve(socket);
			else socket.once('data', second.resolve);
		});
		const connected = Imap4.connect({ ...address, security: 'none' });
		const socket = await first.promise;
		await turns();
		await vi.advanceTimersByTimeAsync(3000);
		expect((await second.promise)[0]).toBe(HANDSHAKE);
		socket.write('* OK [CAPABILITY IMAP4rev1] late\r\n');
		expect((await connected).state).toBe('not authenticated');
		(await connected).destroy();
	});
});

describe('where STARTTLS is required nothing goes on without it', () => {
	test.each([
		['* OK [CAPABILITY IMAP4rev1] hi', 'The server does not offer STARTTLS'],
		[
			'* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hi',
			'The server greets with PREAUTH, so the connection cannot be secured with STARTTLS any more',
		],
	])('%s', async (greeting, message) => {
		const { server, failure } = connecting({ auth, security: 'starttls' });
		server.say(greeting);
		expect(await failure).toMatchObject({ code: 'STARTTLS', message });
		expect(server.sent).toBe('');
		expect(server.destroyed).toBe(true);
	});

	test('capabilities that the greeting does not list are asked for', async () => {
		const clear = new FakeTransport();
		clear.upgrade = () => Promise.reject(new Error('no handshake'));
		const { server, failure } = connecting({ auth, security: 'starttls' }, clear);
		server.say('* OK hi');
		await server.answer('CAPABILITY', '* CAPABILITY IMAP4rev1 STARTTLS');
		server.say(`${await server.command('STARTTLS')} NO not now`);
		const error = await failure;
		expect(error.code).toBe('STARTTLS');
		// What the server says in clear text is not shown.
		expect(error.message).toMatch(/^STARTTLS was refused: \(server text withheld/);
		expect(server.destroyed).toBe(true);
	});
});

describe('what ends the connection before the login is answered ends connecting', () => {
	test.each([
		['with capabilities in the greeting', '* OK [CAPABILITY IMAP4rev1] hi'],
		['without', '* OK hi'],
		['with PREAUTH', '* PREAUTH [CAPABILITY IMAP4rev1] hi'],
	])('a BYE in the segment of the greeting, %s', async (_what, greeting) => {
		for (const options of [{}, { auth }]) {
			const { server, failure } = connecting(options);
			server.say(greeting, '* BYE Too many connections');
			expect(await failure).toMatchObject({ code: 'BYE', serverText: 'Too many connections' });
			expect(server.destroyed).toBe(true);
			expect(server.sent).not.toContain('LOGIN');
		}
	});

	test('a BYE behind the greeting where STARTTLS is required', async () => {
		const { server, failure } = connecting({ auth, security: 'starttls' });
		server.say('* OK [CAPABILITY IMAP4rev1 STARTTLS] x', '* BYE Too many connections');
		expect(await failure).toMatchObject({ code: 'BYE' });
		expect(server.sent).toBe('');
	});

	const moments: [string, (server: FakeTransport) => Promise<unknown>][] = [
		['after the greeting', async (server) => server.say('* OK hi')],
		[
			'while CAPABILITY is under way',
			async (server) => {
				server.say('* OK hi');
				await server.command('CAPABILITY');
			},
		],
		[
			'while LOGIN is under way',
			async (server) => {
				server.say('* OK [CAPABILITY IMAP4rev1] hi');
				await server.command(/^LOGIN/);
			},
		],
		[
			'while AUTHENTICATE is under way',
			async (server) => {
				server.say('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi');
				await server.command(/^AUTHENTICATE/);
			},
		],
	];
	const endings: [string, string, string, (server: FakeTransport) => void][] = [
		['BYE', 'BYE', 'Too many', (server) => server.say('* BYE Too many')],
		['words', 'PROTOCOL', 'Out of order', (server) => server.say('Out of order')],
		['temporary words', 'BYE', 'Server busy', (server) => server.say('Server busy')],
		[
			'words and a closed connection',
			'CONNECTION_LOST',
			'So long',
			(server) => {
				server.deliver('So long');
				server.close();
			},
		],
		['a closed connection', 'CONNECTION_LOST', '', (server) => server.close()],
	];
	for (const [moment, reached] of moments) {
		test.each(endings)(`${moment}: %s`, async (_what, code, words, end) => {
			const { server, failure } = connecting({ auth });
			await reached(server);
			end(server);
			const error = await failure;
			expect(error.code).toBe(code);
			if (words) expect(error.serverText).toBe(words);
			if (words) expect(error.message).toContain(words);
			expect(server.destroyed).toBe(true);
		});
	}

	test('a BYE in the segment of the login’s OK', async () => {
		const { server, failure } = connecting({ auth });
		server.say('* OK [CAPABILITY IMAP4rev1] hi');
		const tag = await server.command(/^LOGIN/);
		server.say(`${tag} OK [CAPABILITY IMAP4rev1] in`, '* BYE out again');
		expect(await failure).toMatchObject({ code: 'BYE', serverText: 'out again' });
	});
});

describe('a login counts only if the server answered it', () => {
	test.each([
		['PLAIN' as const, 'AUTH=PLAIN', 0],
		['CRAM-MD5' as const, 'AUTH=CRAM-MD5', 0],
		['EXTERNAL' as const, 'AUTH=EXTERNAL', 0],
		['XOAUTH2' as const, 'AUTH=XOAUTH2', 0],
		['SCRAM-SHA-256' as const, 'AUTH=SCRAM-SHA-256', 0],
		['LOGIN' as const, 'AUTH=LOGIN', 0],
		['LOGIN' as const, 'AUTH=LOGIN', 1],
	])('%s (%s): an OK after %d answers is not a login', async (mechanism, offered, answers) => {
		const { server, failure } = connecting({
			auth: { ...auth, accessToken: 'token-token', mechanism },
		});
		server.say(`* OK [CAPABILITY IMAP4rev1 ${offered}] hi`);
		const tag = await server.command(`AUTHENTICATE ${mechanism}`);
		for (let step = 0; step < answers; step++) {
			server.say('+ ');
			await server.line();
		}
		server.say(`${tag} OK welcome`);
		expect(await failure).toMatchObject({ code: 'AUTHENTICATION_FAILED' });
		expect(server.destroyed).toBe(true);
	});

	test('PREAUTH over a transport of the caller’s is enough: its far end can know the user', async () => {
		const { server, connecting: done } = connecting({ auth });
		server.say('* PREAUTH [CAPABILITY IMAP4rev1] hello');
		expect((await done).state).toBe('authenticated');
		expect(server.sent).toBe('');
	});

	test('PREAUTH does not act as another user', async () => {
		const { server, failure } = connecting({ auth: { ...auth, actAs: 'bob' } });
		server.say('* PREAUTH [CAPABILITY IMAP4rev1] hello');
		expect(await failure).toMatchObject({
			code: 'PROTOCOL',
			message:
				'The server greets with PREAUTH: it has chosen the user itself, so acting as another user is not possible',
		});
		expect(server.destroyed).toBe(true);
	});
});

describe('the time until the session is ready is limited as a whole', () => {
	test('“still working” during the login does not put it off', async () => {
		const { server, failure } = connecting({
			auth,
			timeouts: { greeting: 5000, command: 5000, ready: 2000 },
		});
		server.say('* OK [CAPABILITY IMAP4rev1] hi');
		await server.command(/^LOGIN/);
		for (let time = 0; time < 2100; time += 300) {
			server.say('* OK still working');
			await vi.advanceTimersByTimeAsync(300);
		}
		expect(await failure).toMatchObject({ code: 'TIMEOUT' });
		expect(server.destroyed).toBe(true);
	});

	test('neither does a greeting that comes byte by byte, then a slow login', async () => {
		const { server, failure } = connecting({
			auth,
			timeouts: { greeting: 1500, command: 1500, ready: 2000 },
		});
		for (const octet of '* OK hi\r\n') {
			server.deliver(octet);
			await vi.advanceTimersByTimeAsync(150);
		}
		await server.answer('CAPABILITY', '* CAPABILITY IMAP4rev1');
		await server.command(/^LOGIN/);
		await vi.advanceTimersByTimeAsync(700);
		expect(await failure).toMatchObject({ code: 'TIMEOUT' });
	});

	test('it ends with the login', async () => {
		const { server, connecting: done } = connecting({ auth, timeouts: { ready: 2000 } });
		server.say('* OK [CAPABILITY IMAP4rev1] hi');
		await server.answer(/^LOGIN/, '* CAPABILITY IMAP4rev1');
		const imap = await done;
		await vi.advanceTimersByTimeAsync(100_000);
		await turns();
		expect(imap.closedBy).toBeUndefined();
	});
});
