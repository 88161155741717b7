import { describe, expect, test } from 'vitest';
import { commandNames, errorOf, jsonOf, mail, startServer, USER } from './run-node';

test('Namespace: Get Many returns prefixes and delimiters', async () => {
	const server = await startServer();
	expect(await jsonOf({ node: 'imap4Namespace', operation: 'getMany', server })).toContainEqual({
		kind: 'personal',
		prefix: '',
		delimiter: '/',
	});
});

describe('Server: Get Info', () => {
	test('returns what the server is and how this login got in, and no secret', async () => {
		const server = await startServer();
		const [info] = await jsonOf({ node: 'imap4Server', operation: 'getInfo', server });
		expect(info).toMatchObject({
			host: server.host,
			port: server.port,
			security: 'none',
			user: USER,
			encrypted: false,
			protocol: 'IMAP4rev1',
			state: 'authenticated',
		});
		expect(info?.capabilities).toContain('UIDPLUS');
		expect(JSON.stringify(info)).not.toContain('ssw');
	});
});

describe('Server: Send Command', () => {
	const send = (command: string, args: unknown = '[]', more = {}) => ({
		node: 'imap4Server' as const,
		operation: 'sendCommand',
		parameters: { command, arguments: args as string, ...more },
	});

	test('answers as the server does', async () => {
		const server = await startServer();
		server.account(USER).mailbox('INBOX').append(mail('one'));
		const [told] = await jsonOf({ ...send('status', '["INBOX", ["MESSAGES"]]'), server });
		expect(told).toMatchObject({
			command: 'STATUS',
			responses: [expect.stringMatching(/^\* STATUS "?INBOX"? \(MESSAGES 1\)$/)],
		});
	});

	test('opens a mailbox first, read-only by default', async () => {
		const server = await startServer();
		server.account(USER).mailbox('INBOX').append(mail('one'));
		const [told] = await jsonOf({
			...send('UID FETCH', ['1', ['FLAGS']], { mailboxPath: 'INBOX' }),
			server,
		});
		expect(told?.responses).toEqual([expect.stringContaining('FETCH (')]);
		expect(commandNames(server)).toContain('EXAMINE');
	});

	test('a text is never a command of its own', async () => {
		const server = await startServer();
		server.account(USER).create('Precious');
		await jsonOf({
			...send('NOOP', '["x\\r\\nA1 DELETE Precious"]'),
			server,
			continueOnFail: true,
		});
		expect(server.account(USER).find('Precious')).toBeDefined();
		expect(commandNames(server)).not.toContain('DELETE');
	});

	test.each([
		['={{ "" }}', '[]', /"Command" is empty/],
		['NOOP\r\nA1 LOGOUT', '[]', /not a command name/],
		['LOGOUT', '[]', /changes the session/],
		['STATUS', '{', /JSON array/],
		['STATUS', '{"a":1}', /JSON array/],
		['STATUS', '[{"a":1}]', /An argument must be/],
		['XYZZY', '[]', /XYZZY/],
	])('%j with %s is refused', async (command, args, message) => {
		const server = await startServer();
		expect((await errorOf({ ...send(command, args), server })).message).toMatch(message);
	});
});
