import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FetchedMessage, MessageBody } from '../../../engine/index';
import { Imap4 } from '../../../engine/index';
import {
	FakeTransport,
	greeted,
	loggedIn,
	nothingUnhandled,
	selected,
	turns,
} from './fake-transport';

nothingUnhandled();

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
	vi.useRealTimers();
});

const pass = async (ms: number): Promise<void> => {
	await vi.advanceTimersByTimeAsync(ms);
	await turns();
};

const timeouts = { greeting: 1000, command: 5000 };
const limits = { streamThreshold: 10 };

describe('the greeting', () => {
	test.each([[[]], [['* OK hel']], [['\r\n', '* ', 'O', 'K ']]])(
		'must be whole in time, after %j',
		async (chunks) => {
			const server = new FakeTransport();
			const refused = expect(
				Imap4.connect({ transport: server, security: 'none', timeouts }),
			).rejects.toMatchObject({
				code: 'TIMEOUT',
				message: `The server did not greet within ${timeouts.greeting} ms`,
			});
			for (const chunk of chunks) {
				server.deliver(chunk);
				await pass(240);
			}
			await pass(999 - 240 * chunks.length);
			expect(server.destroyed).toBe(false);
			await pass(2);
			await refused;
			expect(server.destroyed).toBe(true);
		},
	);

	test('its deadline does not run on', async () => {
		const { imap } = await greeted({ timeouts });
		await pass(100_000);
		expect(imap.closedBy).toBeUndefined();
	});

	test.each([0, -1, NaN])('a timeout of %s is refused before anything is opened', async (value) => {
		for (const name of ['connect', 'greeting', 'command']) {
			const server = new FakeTransport();
			await expect(
				Imap4.connect({ transport: server, security: 'none', timeouts: { [name]: value } }),
			).rejects.toMatchObject({ code: 'ARGUMENT' });
		}
	});

	test('Infinity waits for ever', async () => {
		const server = new FakeTransport();
		const connecting = Imap4.connect({
			transport: server,
			security: 'none',
			timeouts: { greeting: Infinity, command: Infinity },
		});
		await pass(1e9);
		server.say('* OK [CAPABILITY IMAP4rev1] at last');
		const imap = await connecting;
		const noop = imap.noop();
		await pass(1e9);
		await server.answer('NOOP');
		await noop;
	});
});

describe('a command', () => {
	test('without an answer ends the session, and all that waits fails', async () => {
		const { imap, server } = await loggedIn({ timeouts });
		const message = 'No answer to NOOP for 5000 ms';
		const first = expect(imap.noop()).rejects.toMatchObject({
			...{ code: 'TIMEOUT', command: 'NOOP', message },
		});
		const second = expect(imap.open()).rejects.toMatchObject({
			code: 'TIMEOUT',
			command: 'SELECT',
		});
		await pass(4999);
		expect(imap.closedBy).toBeUndefined();
		await pass(2);
		await Promise.all([first, second]);
		expect(server.destroyed).toBe(true);
		await expect(imap.noop()).rejects.toMatchObject({ code: 'TIMEOUT' });
	});

	test('that is called wrong without its tag fails with the words of the server', async () => {
		const { imap, server } = await loggedIn({ timeouts });
		const first = expect(imap.noop()).rejects.toMatchObject({
			message: 'No answer to NOOP for 5000 ms; meanwhile the server said: Command line too long',
			serverText: 'Command line too long',
		});
		await server.command('NOOP');
		server.say('* BAD Command line too long');
		await pass(5001);
		await first;
	});

	test('that is not answered after one that was called wrong hears nothing of it', async () => {
		const { imap, server } = await loggedIn({ timeouts });
		const answered = imap.noop();
		const tag = await server.command('NOOP');
		server.say('* BAD Who is there?', `${tag} OK`);
		await answered;
		const failed = expect(imap.noop()).rejects.toThrow(/^No answer to NOOP for 5000 ms$/);
		await pass(5001);
		await failed;
	});

	test('with an answer that goes on has all the time it needs', async () => {
		const { imap, server } = await selected({ timeouts });
		const fetched = imap.selected.bySequenceNumber.fetch('1:*', { flags: true }).all();
		const tag = await server.command(/^FETCH/);
		for (let seq = 1; seq <= 10; seq++) {
			await pass(4000);
			server.say(`* ${seq} FETCH (FLAGS ())`);
		}
		await pass(4000);
		server.say(`${tag} OK`);
		expect(await fetched).toHaveLength(10);
	});

	test('whose answer trickles in without end is given up', async () => {
		const { imap, server } = await selected({ timeouts });
		const fetched = expect(
			imap.selected.bySequenceNumber.fetch('1:*', { flags: true }).all(),
		).rejects.toMatchObject({
			code: 'TIMEOUT',
		});
		await server.command(/^FETCH/);
		for (const octet of '* 1 FET') {
			server.deliver(octet);
			await pass(1000);
		}
		await fetched;
	});

	describe('with a literal on its way', () => {
		interface Begun {
			server: FakeTransport;
			imap: Imap4;
			bytes: Promise<Buffer | null>;
		}
		const begun = async (): Promise<Begun> => {
			const { imap, server } = await selected({ timeouts, limits });
			const messages = imap.selected.bySequenceNumber.fetch('1', { body: [{}] });
			const first = messages[Symbol.asyncIterator]().next();
			await server.command(/^FETCH/);
			server.deliver('* 1 FETCH (BODY[] {900000}\r\n');
			const message = (await first).value as FetchedMessage;
			const [body] = message.body;
			const bytes = (body as MessageBody).bytes();
			bytes.catch(() => undefined);
			await turns();
			return { server, imap, bytes };
		};

		test('is given up if less than 64 KiB come in time, however often some do', async () => {
			const { server, imap, bytes } = await begun();
			// 100 bytes a second, as a server does that only wants to hold the connection.
			for (let second = 0; second < 5; second++) {
				server.deliver(Buffer.alloc(100, 'x'));
				expect(imap.closedBy).toBeUndefined();
				await pass(1000);
			}
			await pass(1);
			await expect(bytes).rejects.toMatchObject({ code: 'TIMEOUT' });
		});

		test('is given up at a little less than 64 KiB', async () => {
			const { server, imap } = await begun();
			await pass(4000);
			server.deliver(Buffer.alloc(32 * 1024, 'x'));
			server.deliver(Buffer.alloc(32 * 1024 - 100, 'x'));
			await pass(1001);
			expect(imap.closedBy).toMatchObject({ code: 'TIMEOUT' });
		});

		test('has its time again with every 64 KiB', async () => {
			const { server, imap } = await begun();
			for (let piece = 0; piece < 10; piece++) {
				await pass(4000);
				server.deliver(Buffer.alloc(32 * 1024, 'x'));
				server.deliver(Buffer.alloc(32 * 1024, 'x'));
				await turns();
			}
			expect(imap.closedBy).toBeUndefined();
			await pass(5001);
			expect(imap.closedBy).toMatchObject({ code: 'TIMEOUT' });
		});
	});

	test('behind one that is answered has all of its own time from then on', async () => {
		const { imap, server } = await loggedIn({ timeouts: { greeting: 1000, command: 60_000 } });
		const first = imap.noop();
		const late = expect(imap.noop()).rejects.toMatchObject({ code: 'TIMEOUT' });
		const tag = await server.command('NOOP');
		await pass(50_000);
		server.say(`${tag} OK`);
		await first;
		await pass(59_999);
		expect(imap.closedBy).toBeUndefined();
		await pass(2);
		await late;
	});

	test('has its deadline again after an idle hour', async () => {
		const { imap, server } = await loggedIn({ timeouts });
		await pass(3_600_000);
		const noop = imap.noop();
		await pass(4000);
		await server.answer('NOOP');
		await noop;
		await pass(3_600_000);
		const late = expect(imap.noop()).rejects.toMatchObject({ code: 'TIMEOUT' });
		await pass(5001);
		await late;
	});

	test('behind a refused one is not left without a deadline', async () => {
		const { imap, server } = await loggedIn({ timeouts }, 'IMAP4rev1');
		const refused = expect(imap.append('X', 'hello')).rejects.toMatchObject({ code: 'NO' });
		const late = expect(imap.noop()).rejects.toMatchObject({ code: 'TIMEOUT', command: 'NOOP' });
		server.say(`${await server.command(/^APPEND/)} NO no`);
		await refused;
		await pass(5001);
		await late;
	});

	test('LOGOUT that is not answered ends all the same', async () => {
		const { imap, server } = await loggedIn({ timeouts });
		const over = imap.logout();
		server.say('* BYE soon');
		await pass(5001);
		expect(await over).toBe('soon');
		expect(server.destroyed).toBe(true);
	});
});

describe('a caller slower than the server', () => {
	test('has all the time it needs for a streamed body', async () => {
		const { imap, server } = await selected({ timeouts, limits });
		const fetched = imap.selected.bySequenceNumber.fetch('1', { body: [{}] });
		const messages = fetched[Symbol.asyncIterator]();
		const first = messages.next();
		const tag = await server.command(/^FETCH/);
		server.deliver('* 1 FETCH (BODY[] {900000}\r\n');
		const { value } = await first;
		// Several chunks are on the way when it pauses.
		for (let chunk = 0; chunk < 9; chunk++) server.deliver(Buffer.alloc(100_000, 'x'));
		server.say(')', `${tag} OK`);
		await turns();
		expect(server.paused).toBe(true);
		await pass(60_000);
		expect(imap.closedBy).toBeUndefined();
		expect((await value.body[0].bytes()).length).toBe(900_000);
		expect((await messages.next()).done).toBe(true);
	});

	test('has all the time it needs for a large upload, as long as the connection takes some', async () => {
		const { imap, server } = await loggedIn({ timeouts }, 'IMAP4rev1 LITERAL+');
		server.full = true;
		const appended = imap.append('INBOX', Buffer.alloc(900_000, 'x'));
		const tag = await server.command('APPEND INBOX {900000+}');
		for (let piece = 0; piece < 4; piece++) {
			await pass(4000);
			server.drain();
			server.full = true;
		}
		await server.octets(900_002);
		server.say(`${tag} OK`);
		await appended;
	});

	test('has all the time it needs for many messages', async () => {
		const { imap, server } = await selected({ timeouts }, { exists: 5000 });
		const fetched = imap.selected.bySequenceNumber.fetch('1:*', { flags: true });
		const messages = fetched[Symbol.asyncIterator]();
		const first = messages.next();
		const tag = await server.command(/^FETCH/);
		for (let seq = 1; seq <= 5000; seq++) server.say(`* ${seq} FETCH (FLAGS ())`);
		server.say(`${tag} OK`);
		await first;
		expect(server.paused).toBe(true);
		expect(server.waiting).toBeGreaterThan(50_000);
		await pass(60_000);
		expect(imap.closedBy).toBeUndefined();
		let count = 1;
		while (!(await messages.next()).done) count++;
		expect(count).toBe(5000);
	});

	test('and a server that is silent after that: the deadline is back', async () => {
		const { imap, server } = await selected({ timeouts, limits });
		const fetched = imap.selected.bySequenceNumber.fetch('1', { body: [{}] });
		const messages = fetched[Symbol.asyncIterator]();
		const first = messages.next();
		await server.command(/^FETCH/);
		server.deliver('* 1 FETCH (BODY[] {900000}\r\n');
		const { value } = await first;
		server.deliver(Buffer.alloc(400_000, 'x'));
		await pass(60_000);
		const bytes = expect(value.body[0].bytes()).rejects.toMatchObject({ code: 'TIMEOUT' });
		await pass(5001);
		await bytes;
		await expect(messages.next()).rejects.toMatchObject({ code: 'TIMEOUT' });
	});
});
