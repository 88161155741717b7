/** What a caller learns when the server breaks the protocol or the session ends: the code, the words, the command. */
import { describe, expect, test } from 'vitest';
import { Session } from '../../../engine/client/session';
import { Imap4 } from '../../../engine/index';
import type { UntaggedResponse } from '../../../engine/index';
import { plainCommand } from '../../../engine/commands/command';
import { defaultLimits } from '../../../engine/wire/limits';
import {
	FakeTransport,
	greeted,
	loggedIn,
	nothingUnhandled,
	selected,
	turns,
} from './fake-transport';

nothingUnhandled();

const failing = (code: string, message: string | RegExp, details = {}): unknown =>
	expect.objectContaining({
		code,
		message: typeof message === 'string' ? message : expect.stringMatching(message),
		...details,
	});

describe('what breaks the protocol', () => {
	test.each([
		['+ more', 'Unexpected continuation request ("+") from the server'],
		['ZZZZ99 OK done', 'The server sent a tagged response with an unknown tag'],
	])('%s', async (line, message) => {
		const { imap, server } = await loggedIn();
		const noop = imap.noop();
		await server.command('NOOP');
		server.say(line);
		await expect(noop).rejects.toThrow(failing('PROTOCOL', message, { command: 'NOOP' }));
		expect(imap.closedBy).toMatchObject({ code: 'PROTOCOL', message });
		expect(imap.state).toBe('logout');
	});

	test('an OK to a command before its literal was sent', async () => {
		const { imap, server } = await loggedIn({}, 'IMAP4rev1');
		const appended = imap.append('INBOX', 'hello');
		server.say(`${await server.command(/^APPEND/)} OK done`);
		const message = 'The server accepted a command before all of it was sent';
		await expect(appended).rejects.toThrow(failing('PROTOCOL', message));
		expect(imap.closedBy).toMatchObject({ message });
	});

	test.each(['* NO thanks', '* 5 EXISTS', 'A1 OK hi', '+ hi', '* CAPABILITY IMAP4rev1'])(
		'a greeting that is none: %s',
		async (line) => {
			const server = new FakeTransport({ secure: true });
			const connecting = Imap4.connect({ transport: server });
			server.say(line);
			await expect(connecting).rejects.toThrow(
				failing('PROTOCOL', /^The server (did not greet as an IMAP4 server does|sent text)/),
			);
			expect(server.destroyed).toBe(true);
		},
	);

	test('a listener of the caller’s that throws', async () => {
		const cause = new Error('mine');
		const { imap, server } = await loggedIn({
			onUnsolicited: () => {
				throw cause;
			},
		});
		server.say('* 1 EXISTS');
		expect(imap.closedBy).toMatchObject({
			code: 'PROTOCOL',
			message: 'A response could not be handled',
			cause,
		});
	});
});

describe('a session that is over', () => {
	test('closed by this client says so to all that waits, and to what comes after', async () => {
		const { imap } = await loggedIn();
		const noop = imap.noop();
		imap.destroy();
		const closed = failing('CLOSED', 'The connection was closed by this client', {
			command: 'NOOP',
		});
		await expect(noop).rejects.toThrow(closed);
		await expect(imap.noop()).rejects.toThrow(closed);
	});

	test('keeps the first reason', async () => {
		const { imap, server } = await loggedIn();
		imap.destroy();
		server.close();
		imap.destroy();
		expect(imap.closedBy).toMatchObject({ code: 'CLOSED' });
	});

	test('takes no notice of what still comes', async () => {
		const seen: UntaggedResponse[] = [];
		const { imap, server } = await loggedIn({ onUnsolicited: (one) => seen.push(one) });
		server.pause();
		server.say('* 1 EXISTS');
		imap.destroy();
		server.destroyed = false;
		server.resume();
		await turns();
		expect(seen).toEqual([]);
	});

	test.each([
		['* BYE', 'The server ended the session: it gave no reason'],
		['* BYE [UNAVAILABLE] going down', 'The server ended the session: going down'],
	])('by %s', async (line, message) => {
		const { imap, server } = await loggedIn();
		server.say(line);
		expect(imap.closedBy).toMatchObject({ code: 'BYE', message });
		await turns();
	});

	test('because the server closed, with the command that waited', async () => {
		const { imap, server } = await loggedIn();
		const noop = imap.noop();
		await server.command('NOOP');
		server.close();
		await expect(noop).rejects.toThrow(
			failing('CONNECTION_LOST', 'The server closed the connection during NOOP', {
				command: 'NOOP',
			}),
		);
	});

	test('because the server closed, and nothing waited', async () => {
		const { imap, server } = await loggedIn();
		server.close();
		expect(imap.closedBy).toMatchObject({
			code: 'CONNECTION_LOST',
			message: 'The server closed the connection',
		});
	});

	test.each([
		['Server shutting down', 'The server closed the connection: Server shutting down'],
		['* OK half a line', 'The server closed the connection'],
		['+ half', 'The server closed the connection'],
	])('because the server closed after “%s”', async (words, message) => {
		const { imap, server } = await loggedIn();
		server.deliver(words);
		server.close();
		expect(imap.closedBy).toMatchObject({ code: 'CONNECTION_LOST', message });
	});

	test('because the server closed in the middle of a tagged response, which is no last word', async () => {
		const { imap, server } = await loggedIn();
		const noop = imap.noop();
		const tag = await server.command('NOOP');
		server.deliver(`${tag} OK not wh`);
		server.close();
		await expect(noop).rejects.toThrow(
			failing('CONNECTION_LOST', 'The server closed the connection during NOOP'),
		);
	});

	test.each(['* BYE busy', '* bye busy', 'Sorry, * BYE busy'])(
		'because the server closed after half a farewell: %s',
		async (words) => {
			const { imap, server } = await loggedIn();
			server.deliver(words);
			server.close();
			expect(imap.closedBy).toMatchObject({ code: 'BYE', responseCode: 'UNAVAILABLE' });
		},
	);

	test('before the greeting', async () => {
		const server = new FakeTransport({ secure: true });
		const connecting = Imap4.connect({ transport: server });
		server.close();
		await expect(connecting).rejects.toThrow(
			failing('CONNECTION_LOST', 'The server closed the connection before it had greeted'),
		);
	});

	test('cannot be used for a second command of the same value either', async () => {
		const server = new FakeTransport({ secure: true });
		const session = new Session(server, {
			limits: defaultLimits,
			timeouts: { greeting: 1000, command: 1000 },
		});
		const started = session.start();
		server.say('* PREAUTH [CAPABILITY IMAP4rev1] hi');
		await started;
		const command = plainCommand('X');
		const first = session.run(command);
		await server.answer('X');
		await first;
		await expect(session.run(command)).rejects.toThrow(
			failing('STATE', 'This X has already run; create a command for each run'),
		);
		await server.nothingMore();
	});
});

describe('a command that is refused', () => {
	test.each([
		['NO no such thing', 'NO', 'X-1 was refused: no such thing'],
		['BAD what', 'BAD', 'X-1 was not accepted: what'],
		['NO', 'NO', 'X-1 was refused: the server gave no reason'],
		['NO [NOPERM] no', 'NO', 'X-1 was refused: no'],
	])('%s', async (answer, code, message) => {
		const { imap, server } = await loggedIn();
		const refused = imap.command('X-1');
		server.say(`${await server.command('X-1')} ${answer}`);
		await expect(refused).rejects.toThrow(failing(code, message, { command: 'X-1' }));
		expect(imap.closedBy).toBeUndefined();
	});

	test('is refused before it is sent where the state or the server does not allow it', async () => {
		const { imap, server } = await greeted();
		await expect(imap.list()).rejects.toThrow(
			failing(
				'STATE',
				'LIST needs a session that is authenticated or selected; this one is not authenticated',
				{ command: 'LIST' },
			),
		);
		const other = await loggedIn({}, 'IMAP4rev1');
		await expect(other.imap.getAcl('INBOX')).rejects.toThrow(
			failing('CAPABILITY', 'The server does not offer ACL, which GETACL needs', {
				command: 'GETACL',
			}),
		);
		await server.nothingMore();
		await other.server.nothingMore();
	});

	test('does not hold up those that wait behind it', async () => {
		const { imap, server } = await selected();
		const noop = imap.noop();
		const refused = expect(imap.getAcl('INBOX')).rejects.toMatchObject({ code: 'CAPABILITY' });
		const check = imap.selected.check();
		await refused;
		await server.answer('NOOP');
		await server.answer('CHECK');
		await Promise.all([noop, check]);
	});
});

describe('changing to TLS', () => {
	const GREETING = '* OK [CAPABILITY IMAP4rev1 STARTTLS] hello';
	const upgradable = (upgrade?: () => Promise<FakeTransport>): FakeTransport => {
		const server = new FakeTransport();
		server.upgrade = upgrade;
		return server;
	};

	test('is refused before anything is sent where the transport cannot', async () => {
		const { imap, server } = await greeted({}, GREETING, upgradable());
		await expect(imap.startTls()).rejects.toThrow(
			failing('STATE', 'This transport cannot change to TLS'),
		);
		await server.nothingMore();
		expect(imap.closedBy).toBeUndefined();
	});

	test.each([
		['TAG NO not now', 'STARTTLS was refused: not now'],
		[
			'TAG OK go\r\n* 1 EXISTS',
			'The server, or someone in between, sent more in clear text after STARTTLS was agreed',
		],
	])('ends the connection after %s', async (answer, message) => {
		const server = upgradable(() => Promise.reject(new Error('never asked for')));
		const { imap } = await greeted({}, GREETING, server);
		const upgrade = imap.startTls();
		server.say(answer.replace('TAG', await server.command('STARTTLS')));
		await expect(upgrade).rejects.toThrow(failing('STARTTLS', message));
		expect(imap.closedBy).toMatchObject({ code: 'STARTTLS', message });
	});

	test('reads nothing more in clear text, and holds the old transport', async () => {
		let upgraded = false;
		const secured = new FakeTransport({ secure: true });
		const server = upgradable(async () => {
			expect(server.paused).toBe(true);
			upgraded = true;
			return secured;
		});
		const { imap } = await greeted({}, GREETING, server);
		const upgrade = imap.startTls();
		server.say(`${await server.command('STARTTLS')} OK go`);
		await turns();
		expect(upgraded).toBe(true);
		await secured.answer('CAPABILITY', '* CAPABILITY IMAP4rev1');
		await upgrade;
		expect(imap.secure).toBe(true);
	});
});
