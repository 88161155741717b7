/** A signal ends whatever waits, at once, with its own reason. */
import net from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import type { ConnectOptions } from '../../../engine/index';
import { Imap4 } from '../../../engine/index';
import { idle } from '../../../engine/commands/session/idle';
import { login } from '../../../engine/commands/session/login';
import { noop } from '../../../engine/commands/session/noop';
import { select } from '../../../engine/commands/mailbox/select';
import { store } from '../../../engine/commands/flags/store';
import { append } from '../../../engine/commands/message/append';
import { plainCommand } from '../../../engine/commands/command';
import { Session } from '../../../engine/client/session';
import { UidSet } from '../../../engine/grammar/message-set';
import { defaultLimits } from '../../../engine/wire/limits';
import { FakeTransport, nothingUnhandled, turns } from './fake-transport';

nothingUnhandled();

const reason = new Error('The user pressed Stop');
const auth = { user: 'ann', password: 'secret-password' };

/** A session on a fake transport. */
async function session(
	capabilities = 'IMAP4rev1 LITERAL+ IDLE',
	greeting = 'PREAUTH',
): Promise<{ session: Session; server: FakeTransport }> {
	const server = new FakeTransport();
	const made = new Session(server, {
		limits: defaultLimits,
		timeouts: { greeting: 1000, command: 60_000 },
	});
	const started = made.start();
	server.say(`* ${greeting} [CAPABILITY ${capabilities}] hi`);
	await started;
	return { session: made, server };
}

/** What the promise was rejected with. */
const outcome = (work: Promise<unknown>): Promise<unknown> =>
	work.then(
		() => 'it succeeded',
		(error: unknown) => error,
	);

describe('connecting', () => {
	const phases: [string, ConnectOptions, (server: FakeTransport) => Promise<unknown>][] = [
		['waiting for the greeting', {}, async () => undefined],
		['in the middle of the greeting', {}, async (server) => server.deliver('* OK he')],
		[
			'asking for capabilities',
			{},
			async (server) => {
				server.say('* OK hi');
				await server.command('CAPABILITY');
			},
		],
		[
			'STARTTLS',
			{ security: 'starttls' },
			async (server) => {
				server.say('* OK [CAPABILITY IMAP4rev1 STARTTLS] hi');
				await server.command('STARTTLS');
			},
		],
		[
			'the TLS handshake',
			{ security: 'starttls' },
			async (server) => {
				server.upgrade = () => new Promise(() => undefined);
				server.say('* OK [CAPABILITY IMAP4rev1 STARTTLS] hi');
				server.say(`${await server.command('STARTTLS')} OK go on`);
				await turns();
			},
		],
		[
			'LOGIN',
			{ auth },
			async (server) => {
				server.say('* OK [CAPABILITY IMAP4rev1] hi');
				await server.command(/^LOGIN/);
			},
		],
		[
			'a SASL exchange',
			{ auth: { ...auth, mechanism: 'PLAIN' } },
			async (server) => {
				server.say('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi');
				await server.command('AUTHENTICATE PLAIN');
				server.say('+ ');
				await server.line();
			},
		],
		[
			'capabilities after the login',
			{ auth },
			async (server) => {
				server.say('* OK [CAPABILITY IMAP4rev1] hi');
				server.say(`${await server.command(/^LOGIN/)} OK in`);
				await server.command('CAPABILITY');
			},
		],
	];
	test.each(phases)('%s', async (_phase, options, reached) => {
		const server = new FakeTransport();
		server.upgrade = () => new Promise(() => undefined);
		const controller = new AbortController();
		const connecting = Imap4.connect({
			security: 'none',
			...options,
			transport: server,
			signal: controller.signal,
		});
		const ended = outcome(connecting);
		await reached(server);
		expect(server.destroyed).toBe(false);
		controller.abort(reason);
		expect(await ended).toBe(reason);
		expect(server.destroyed).toBe(true);
		const { sent } = server;
		await turns();
		expect(server.sent).toBe(sent);
	});

	test('with a signal that is aborted already: nothing is opened, nothing sent', async () => {
		const lookup = vi.fn();
		const options = { host: 'imap.example.com', lookup, signal: AbortSignal.abort(reason) };
		expect(await outcome(Imap4.connect(options))).toBe(reason);
		expect(lookup).not.toHaveBeenCalled();
		const transport = new FakeTransport();
		expect(await outcome(Imap4.connect({ ...options, transport }))).toBe(reason);
		expect(transport.destroyed).toBe(true);
		expect(transport.sent).toBe('');
	});

	test('looking up the name', async () => {
		const controller = new AbortController();
		const connecting = Imap4.connect({
			host: 'imap.example.com',
			lookup: () => setImmediate(() => controller.abort(reason)),
			signal: controller.signal,
		});
		expect(await outcome(connecting)).toBe(reason);
	});

	test.each(['tls', 'none', 'starttls'] as const)(
		'to a server that accepts and is silent (%s): the socket is closed',
		async (security) => {
			let noticed: () => void = () => undefined;
			const closed = new Promise<void>((resolve) => (noticed = resolve));
			const controller = new AbortController();
			const server = net.createServer((socket) => {
				socket.on('error', () => undefined).on('close', noticed);
				socket.resume();
				setImmediate(() => controller.abort(reason));
			});
			await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
			const { port } = server.address() as net.AddressInfo;
			const connecting = Imap4.connect({
				host: '127.0.0.1',
				port,
				security,
				signal: controller.signal,
			});
			expect(await outcome(connecting)).toBe(reason);
			await closed;
			server.close();
		},
	);

	test('a reason that is not an error is passed on, even a falsy one', async () => {
		const controller = new AbortController();
		const connecting = Imap4.connect({
			host: 'imap.example.com',
			lookup: () => setImmediate(() => controller.abort(0)),
			signal: controller.signal,
		});
		expect(await outcome(connecting)).toBe(0);
	});

	test('once connected, the signal no longer counts', async () => {
		const server = new FakeTransport();
		const controller = new AbortController();
		const connecting = Imap4.connect({
			security: 'none',
			transport: server,
			signal: controller.signal,
		});
		server.say('* PREAUTH [CAPABILITY IMAP4rev1] hi');
		const imap = await connecting;
		controller.abort(reason);
		await turns();
		expect(imap.closedBy).toBeUndefined();
		expect(server.destroyed).toBe(false);
	});
});

describe('a command', () => {
	test('with a signal that is aborted already is not sent', async () => {
		const { session: imap, server } = await session();
		expect(await outcome(imap.run(noop(), { signal: AbortSignal.abort(reason) }))).toBe(reason);
		await server.nothingMore();
		expect(imap.closedBy).toBeUndefined();
	});

	test('that waits is taken back, and those behind it are sent', async () => {
		const { session: imap, server } = await session();
		const controller = new AbortController();
		const selecting = outcome(imap.run(select('INBOX', {})));
		const waiting = outcome(imap.run(noop(), { signal: controller.signal }));
		const behind = imap.run(plainCommand('CHECK'));
		const tag = await server.command('SELECT INBOX');
		controller.abort(reason);
		expect(await waiting).toBe(reason);
		server.say(`${tag} OK [READ-WRITE] done`);
		await server.answer('CHECK');
		await behind;
		await selecting;
		expect(server.sent).not.toContain('NOOP');
		expect(imap.closedBy).toBeUndefined();
	});

	test('that waits alone lets the next ones go at once', async () => {
		const { session: imap, server } = await session();
		const controller = new AbortController();
		const first = imap.run(noop());
		const alone = outcome(imap.run(select('INBOX', {}), { signal: controller.signal }));
		const behind = imap.run(plainCommand('CHECK'));
		const tag = await server.command('NOOP');
		await server.nothingMore();
		controller.abort(reason);
		expect(await alone).toBe(reason);
		const second = await server.command('CHECK');
		server.say(`${tag} OK`, `${second} OK`);
		await Promise.all([first, behind]);
	});

	test('that was sent and whose answer can be discarded leaves the connection', async () => {
		const { session: imap, server } = await session();
		const controller = new AbortController();
		const cancelled = outcome(imap.run(noop(), { signal: controller.signal }));
		const tag = await server.command('NOOP');
		controller.abort(reason);
		expect(await cancelled).toBe(reason);
		expect(server.destroyed).toBe(false);
		server.say('* 5 EXISTS', `${tag} OK done`);
		const next = imap.run(noop());
		await server.answer('NOOP');
		await next;
		expect(imap.closedBy).toBeUndefined();
	});

	test.each([
		['STORE', () => store(UidSet.from(1), '+FLAGS', ['\\Seen'])],
		['SELECT', () => select('INBOX', {})],
		['a command of the caller’s', () => plainCommand('X-ANY')],
	])('that was sent and may change something ends the connection: %s', async (_what, make) => {
		const { session: imap, server } = await session();
		const selecting = imap.run(select('INBOX', {}));
		await server.answer('SELECT INBOX');
		await selecting;
		const controller = new AbortController();
		const cancelled = outcome(imap.run<unknown>(make(), { signal: controller.signal }));
		const other = outcome(imap.run(noop()));
		await server.line();
		controller.abort(reason);
		expect(await cancelled).toBe(reason);
		expect(server.destroyed).toBe(true);
		expect(imap.closedBy).toMatchObject({
			...{ code: 'CLOSED', cause: reason },
			message: expect.stringMatching(
				/^(STORE|UID STORE|SELECT|X-ANY), which had been sent, was cancelled, so the connection was closed$/,
			) as string,
		});
		expect(await other).toMatchObject({ code: 'CLOSED', command: 'NOOP' });
	});

	test('LOGIN ends the connection', async () => {
		const { session: imap, server } = await session('IMAP4rev1', 'OK');
		const controller = new AbortController();
		const running = outcome(imap.run(login('ann', 'secret'), { signal: controller.signal }));
		await server.command(/^LOGIN/);
		controller.abort(reason);
		expect(await running).toBe(reason);
		expect(server.destroyed).toBe(true);
	});

	test('whose literal waits for "+" ends the connection, and the literal is not sent', async () => {
		const { session: imap, server } = await session('IMAP4rev1');
		const controller = new AbortController();
		const command = append('INBOX', [{ octets: Buffer.from('hello') }], false);
		const running = outcome(imap.run(command, { signal: controller.signal }));
		await server.command('APPEND INBOX {5}');
		controller.abort(reason);
		expect(await running).toBe(reason);
		expect(server.destroyed).toBe(true);
		expect(server.sent).not.toContain('hello');
	});

	test('whose literal is on its way ends at once, and so does the caller’s stream', async () => {
		const { session: imap, server } = await session();
		const controller = new AbortController();
		let ended = false;
		async function* stalled(): AsyncGenerator<Buffer> {
			try {
				yield Buffer.from('12345');
				yield Buffer.from('12345');
			} finally {
				ended = true;
			}
		}
		server.full = true;
		const command = append('INBOX', [{ octets: { octets: stalled(), size: 100 } }], false);
		const running = outcome(imap.run(command, { signal: controller.signal }));
		await server.command('APPEND INBOX {100+}');
		await server.octets(5);
		controller.abort(reason);
		expect(await running).toBe(reason);
		expect(server.destroyed).toBe(true);
		await turns();
		expect(ended).toBe(true);
	});

	test('with an upload whose source never goes on ends at once', async () => {
		const { session: imap, server } = await session();
		const controller = new AbortController();
		let returned = false;
		const octets: AsyncIterable<Uint8Array> = {
			[Symbol.asyncIterator]: () => ({
				next: () => new Promise(() => undefined),
				return: async () => {
					returned = true;
					return { done: true, value: undefined };
				},
			}),
		};
		const command = append('INBOX', [{ octets: { octets, size: 100 } }], false);
		const running = outcome(imap.run(command, { signal: controller.signal }));
		await server.command('APPEND INBOX {100+}');
		controller.abort(reason);
		expect(await running).toBe(reason);
		await turns();
		expect(returned).toBe(true);
	});

	test('IDLE is ended in the server’s way', async () => {
		const { session: imap, server } = await session();
		let end: (() => void) | undefined;
		const running = imap.run(
			idle(
				() => undefined,
				(done) => (end = done),
			),
		);
		const tag = await server.command('IDLE');
		server.say('+ idling');
		end?.();
		expect(await server.line()).toBe('DONE');
		server.say(`${tag} OK`);
		await running;
	});

	test('that was run before is refused', async () => {
		const { session: imap, server } = await session();
		const command = noop();
		const running = imap.run(command);
		await server.answer('NOOP');
		await running;
		expect(await outcome(imap.run(command))).toMatchObject({ code: 'STATE', command: 'NOOP' });
		await server.nothingMore();
	});

	test('that has ended no longer listens to its signal', async () => {
		const { session: imap, server } = await session();
		const controller = new AbortController();
		const add = vi.spyOn(controller.signal, 'addEventListener');
		const remove = vi.spyOn(controller.signal, 'removeEventListener');
		for (let count = 0; count < 3; count++) {
			const running = imap.run(noop(), { signal: controller.signal });
			await server.answer('NOOP');
			await running;
		}
		expect(add).toHaveBeenCalledTimes(3);
		expect(remove).toHaveBeenCalledTimes(3);
		controller.abort(reason);
		await turns();
		expect(imap.closedBy).toBeUndefined();
	});
});
