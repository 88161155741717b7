/** The words with which a server ends a command or the session reach the error, however they are sent. */
import { describe, expect, test } from 'vitest';
import { greeted, nothingUnhandled, selected } from './fake-transport';

nothingUnhandled();

describe('a BYE with the tag of the command', () => {
	test.each([
		['BYE overloaded, try again later', 'overloaded, try again later', 'UNAVAILABLE'],
		['BYE [UNAVAILABLE] closing', 'closing', 'UNAVAILABLE'],
		['bye', '', undefined],
	])('%s', async (end, serverText, responseCode) => {
		const { imap, server } = await selected();
		const noop = imap.noop();
		server.say(`${await server.command('NOOP')} ${end}`);
		await expect(noop).rejects.toMatchObject({ code: 'BYE', serverText, responseCode });
	});

	test('ends a login with the words of the server', async () => {
		const { imap, server } = await greeted();
		const login = imap.login('bert', 'secret');
		server.say(`${await server.command(/^LOGIN/)} BYE too many logins of secret`);
		await expect(login).rejects.toMatchObject({
			code: 'BYE',
			message: expect.stringMatching(
				/^The server ended the session: too many logins of /,
			) as string,
		});
		await expect(login).rejects.not.toMatchObject({
			message: expect.stringContaining('of secret') as string,
		});
	});

	test('ends a LOGOUT', async () => {
		const { imap, server } = await selected();
		const logout = imap.logout();
		server.say(`${await server.command('LOGOUT')} BYE see you`);
		await logout;
	});
});

test.each(['FAIL', 'OKAY done', '', 'PREAUTH hello'])(
	'a command that ends with "%s" ends the session, and the line is shown',
	async (end) => {
		const { imap, server } = await selected();
		const noop = imap.noop();
		const line = `${await server.command('NOOP')} ${end}`;
		server.say(line);
		await expect(noop).rejects.toMatchObject({
			code: 'PROTOCOL',
			message: `The server ended a command with a line that cannot be read: ${line}`,
		});
	},
);

describe('words in a line of their own before the connection is closed', () => {
	test.each([
		['internal error', 'CONNECTION_LOST', 'internal error'],
		['* NO disk full', 'CONNECTION_LOST', 'disk full'],
		['* BAD what was that', 'CONNECTION_LOST', 'what was that'],
		['Server Unavailable. 15', 'BYE', 'Server Unavailable. 15'],
	])('%s', async (line, code, serverText) => {
		const { imap, server } = await selected();
		const noop = imap.noop();
		await server.command('NOOP');
		server.say(line);
		server.close();
		await expect(noop).rejects.toMatchObject({ code, serverText });
	});

	test('during a login', async () => {
		const { imap, server } = await greeted();
		const login = imap.login('bert', 'secret');
		await server.command(/^LOGIN/);
		server.say('* NO account suspended');
		server.close();
		await expect(login).rejects.toMatchObject({
			code: 'CONNECTION_LOST',
			serverText: 'account suspended',
		});
	});

	test('are those of the command that was under way, and not of one before', async () => {
		const { imap, server } = await selected();
		const first = imap.noop();
		const tag = await server.command('NOOP');
		server.say('* NO nearly full', `${tag} OK done`);
		await first;
		const second = imap.noop();
		await server.command('NOOP');
		server.close();
		await expect(second).rejects.toMatchObject({
			code: 'CONNECTION_LOST',
			serverText: undefined,
		});
	});
});
