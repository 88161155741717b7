/** Which way to log in is chosen, and what is sent then. */
import { describe, expect, test } from 'vitest';
import type { Credentials, Transport } from '../../../engine/index';
import { Imap4 } from '../../../engine/index';
import { FakeTransport, nothingUnhandled, turns } from '../client/fake-transport';

nothingUnhandled();

/** The first command of a login with this on offer. */
async function attempted(
	offered: string,
	auth: Credentials,
	{
		secure = true,
		channelBinding,
		greeting = 'hi',
		host,
		allowClearText,
	}: {
		secure?: boolean;
		channelBinding?: Transport['channelBinding'];
		greeting?: string;
		host?: string;
		allowClearText?: boolean;
	} = {},
): Promise<string> {
	const transport = new FakeTransport({ secure, channelBinding });
	const connecting = Imap4.connect({ security: 'none', transport, host, allowClearText, auth });
	const failed = connecting.then(
		() => '',
		(error: { code: string }) => error.code,
	);
	transport.say(`* OK [CAPABILITY IMAP4rev1 ${offered}] ${greeting}`);
	await turns();
	const [, command = ''] = /^\S+ (.*)\r\n/.exec(transport.sent) ?? [];
	transport.close();
	const code = await failed;
	return command || code;
}

const password = { user: 'ann', password: 'secret' };
const unicode = { user: 'ann', password: 'pässword' };
const token = { user: 'ann', accessToken: 'token-token' };
const ALL =
	'AUTH=SCRAM-SHA-256 AUTH=SCRAM-SHA-1 AUTH=CRAM-MD5 AUTH=PLAIN AUTH=LOGIN AUTH=XOAUTH2 AUTH=OAUTHBEARER';

describe('under TLS', () => {
	test.each<[string, string, Credentials, string | RegExp]>([
		['SCRAM-SHA-256 before all others', ALL, password, 'AUTHENTICATE SCRAM-SHA-256'],
		['SCRAM-SHA-1 next', ALL.slice(19), password, 'AUTHENTICATE SCRAM-SHA-1'],
		['the LOGIN command before CRAM-MD5', 'AUTH=CRAM-MD5', password, 'LOGIN ann "secret"'],
		[
			'PLAIN in one step before CRAM-MD5',
			'AUTH=CRAM-MD5 AUTH=PLAIN SASL-IR',
			password,
			/^AUTHENTICATE PLAIN /,
		],
		['the LOGIN command before PLAIN in two steps', 'AUTH=PLAIN', password, 'LOGIN ann "secret"'],
		['PLAIN for what is not US-ASCII', 'AUTH=PLAIN', unicode, 'AUTHENTICATE PLAIN'],
		['PLAIN under LOGINDISABLED', 'AUTH=PLAIN LOGINDISABLED', password, 'AUTHENTICATE PLAIN'],
		[
			'the LOGIN mechanism under LOGINDISABLED',
			'AUTH=LOGIN LOGINDISABLED',
			password,
			'AUTHENTICATE LOGIN',
		],
		['PLAIN to act as another', 'AUTH=PLAIN', { ...password, actAs: 'bob' }, 'AUTHENTICATE PLAIN'],
		['OAUTHBEARER before XOAUTH2', ALL, token, 'AUTHENTICATE OAUTHBEARER'],
		['XOAUTH2 else', 'AUTH=XOAUTH2', token, 'AUTHENTICATE XOAUTH2'],
		['EXTERNAL without a password', 'AUTH=EXTERNAL', { user: 'ann' }, 'AUTHENTICATE EXTERNAL'],
		['what is demanded', ALL, { ...password, mechanism: 'CRAM-MD5' }, 'AUTHENTICATE CRAM-MD5'],
	])('%s', async (_what, offered, auth, expected) => {
		const command = await attempted(offered, auth);
		if (typeof expected === 'string') expect(command).toBe(expected);
		else expect(command).toMatch(expected);
	});

	test('no SCRAM with a password that SASLprep refuses, which a server may accept all the same', async () => {
		const hebrew = { user: 'ann', password: 'שלום123' };
		expect(await attempted(`${ALL} SASL-IR`, hebrew)).toBe(
			`AUTHENTICATE PLAIN ${Buffer.from('\0ann\0שלום123').toString('base64')}`,
		);
		expect(await attempted(ALL, { ...hebrew, mechanism: 'SCRAM-SHA-256' })).toBe('ARGUMENT');
		const user = { user: 'שלום123', password: 'secret' };
		expect(await attempted(`${ALL} SASL-IR`, user)).toMatch(/^AUTHENTICATE PLAIN /);
	});
});

describe('over a connection that a login can be bound to', () => {
	const channelBinding = { type: 'tls-exporter', data: Buffer.from('key') } as const;
	const BOUND = `AUTH=SCRAM-SHA-256-PLUS AUTH=SCRAM-SHA-1-PLUS ${ALL}`;

	test.each<[string, string, Credentials, string]>([
		['SCRAM-SHA-256-PLUS comes before all others', BOUND, password, 'SCRAM-SHA-256-PLUS'],
		['SCRAM-SHA-1-PLUS before SCRAM-SHA-256', BOUND.slice(24), password, 'SCRAM-SHA-1-PLUS'],
		['what is demanded', BOUND, { ...password, mechanism: 'SCRAM-SHA-256' }, 'SCRAM-SHA-256'],
	])('%s', async (_what, offered, auth, expected) => {
		expect(await attempted(offered, auth, { channelBinding })).toBe(`AUTHENTICATE ${expected}`);
	});

	test.each([
		['tls-exporter', 'Cyrus IMAP 3.6.1 server ready', 'SCRAM-SHA-256'],
		['tls-unique', 'Cyrus IMAP 3.6.1 server ready', 'SCRAM-SHA-256-PLUS'],
		['tls-exporter', 'Dovecot ready.', 'SCRAM-SHA-256-PLUS'],
	] as const)('by %s: “%s” is asked for %s', async (type, greeting, expected) => {
		const binding = { ...channelBinding, type };
		const command = await attempted(BOUND, password, { channelBinding: binding, greeting });
		expect(command).toBe(`AUTHENTICATE ${expected}`);
	});

	test('no -PLUS over one that has nothing to bind to, not even if demanded', async () => {
		expect(await attempted(BOUND, password)).toBe('AUTHENTICATE SCRAM-SHA-256');
		const demanded: Credentials = { ...password, mechanism: 'SCRAM-SHA-256-PLUS' };
		expect(await attempted(BOUND, demanded)).toBe('STATE');
	});

	/** The message of SCRAM that goes with the command. */
	const firstMessage = async (
		offered: string,
		auth: Credentials,
		binding: Transport['channelBinding'] = channelBinding,
	): Promise<string> => {
		const command = await attempted(`${offered} SASL-IR`, auth, { channelBinding: binding });
		return Buffer.from(command.split(' ')[2] ?? '', 'base64').toString();
	};

	test('the login names what it is bound to, and whom it acts as', async () => {
		expect(await firstMessage(BOUND, password)).toMatch(/^p=tls-exporter,,n=ann,r=/);
		expect(await firstMessage(BOUND, { ...password, actAs: 'bob' })).toMatch(
			/^p=tls-exporter,a=bob,n=ann,r=/,
		);
	});

	test('a server that offers no -PLUS hears that it could be bound, so that neither is fooled by who removed it (RFC 5802 §6)', async () => {
		expect(await firstMessage(ALL, password)).toMatch(/^y,,n=ann,/);
		const unbound: Credentials = { ...password, mechanism: 'SCRAM-SHA-256' };
		expect(await firstMessage(BOUND, unbound)).toMatch(/^n,,n=ann,/);
		expect(await firstMessage(BOUND.slice(24), unbound)).toMatch(/^n,,n=ann,/);
	});

	test('one that has nothing to bind to cannot be', async () => {
		const command = await attempted(`${ALL} SASL-IR`, password);
		const message = Buffer.from(command.split(' ')[2] ?? '', 'base64').toString();
		expect(message).toMatch(/^n,,n=ann,/);
	});
});

describe('nothing is sent where the login cannot succeed', () => {
	test.each<[string, string, Credentials, object]>([
		[
			'a mechanism that the server does not offer',
			'AUTH=PLAIN',
			{ ...password, mechanism: 'CRAM-MD5' },
			{
				code: 'CAPABILITY',
				command: 'AUTHENTICATE',
				message: 'The server does not offer the login mechanism CRAM-MD5',
			},
		],
		[
			'one that this client does not have',
			'AUTH=GSSAPI',
			{ ...password, mechanism: 'GSSAPI' as never },
			{ code: 'ARGUMENT', message: '"GSSAPI" is not a login mechanism of this client' },
		],
		[
			'acting as another user by the LOGIN command',
			'AUTH=PLAIN',
			{ ...password, mechanism: 'LOGIN command', actAs: 'bob' },
			{ code: 'ARGUMENT', message: 'The LOGIN command cannot act as another user; use PLAIN' },
		],
		[
			'PLAIN without a password',
			'AUTH=PLAIN',
			{ user: 'ann', mechanism: 'PLAIN' },
			{ code: 'ARGUMENT', message: 'This login mechanism needs a password' },
		],
		[
			'OAUTHBEARER without a token',
			'AUTH=OAUTHBEARER',
			{ ...password, mechanism: 'OAUTHBEARER' },
			{ code: 'ARGUMENT', message: 'OAUTHBEARER needs an access token' },
		],
	])('%s', async (_what, offered, auth, expected) => {
		const transport = new FakeTransport({ secure: true });
		const connecting = Imap4.connect({ security: 'none', transport, auth });
		transport.say(`* OK [CAPABILITY IMAP4rev1 ${offered}] hi`);
		await expect(connecting).rejects.toMatchObject(expected);
		expect(transport.sent).toBe('');
	});
});

test('a server that does not list its capabilities with the login is asked for them', async () => {
	const transport = new FakeTransport({ secure: true });
	const connecting = Imap4.connect({ security: 'none', transport, auth: password });
	transport.say('* OK [CAPABILITY IMAP4rev1] hi');
	await transport.answer('LOGIN ann "secret"');
	await transport.answer('CAPABILITY', '* CAPABILITY IMAP4rev1 MOVE');
	expect((await connecting).capabilities.has('MOVE')).toBe(true);
});

test('an access token is kept out of errors', async () => {
	const transport = new FakeTransport({ secure: true });
	const connecting = Imap4.connect({ security: 'none', transport, auth: token });
	transport.say('* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2] hi');
	const tag = await transport.command('AUTHENTICATE XOAUTH2');
	transport.say(`${tag} NO token-token has expired`);
	await expect(connecting).rejects.toMatchObject({ serverText: '*** has expired' });
});

describe('in clear text', () => {
	test.each<[string, string, Credentials, string]>([
		['SCRAM before CRAM-MD5', ALL, password, 'AUTHENTICATE SCRAM-SHA-256'],
		[
			'CRAM-MD5 before PLAIN',
			'AUTH=CRAM-MD5 AUTH=PLAIN SASL-IR',
			password,
			'AUTHENTICATE CRAM-MD5',
		],
		['CRAM-MD5 before LOGIN', 'AUTH=CRAM-MD5', password, 'AUTHENTICATE CRAM-MD5'],
		[
			'PLAIN to act as another, which CRAM-MD5 cannot',
			'AUTH=CRAM-MD5 AUTH=PLAIN',
			{ ...password, actAs: 'bob' },
			'AUTHENTICATE PLAIN',
		],
	])('%s', async (_what, offered, auth, expected) => {
		expect(await attempted(offered, auth, { secure: false })).toBe(expected);
	});

	test.each([
		['imap.example.com', false, 'LOGIN_DISABLED'],
		['192.0.2.7', false, 'LOGIN_DISABLED'],
		['127.0.0.1.example.com', false, 'LOGIN_DISABLED'],
		['localhost.example.com', false, 'LOGIN_DISABLED'],
		['imap.example.com', true, 'AUTHENTICATE XOAUTH2'],
		['localhost', false, 'AUTHENTICATE XOAUTH2'],
		['127.0.0.1', false, 'AUTHENTICATE XOAUTH2'],
		['127.8.9.10', false, 'AUTHENTICATE XOAUTH2'],
		['::1', false, 'AUTHENTICATE XOAUTH2'],
	])('a token to %s, allowed: %s', async (host, allowClearText, expected) => {
		const options = { secure: false, host, allowClearText };
		for (const mechanism of [undefined, 'XOAUTH2'] as const) {
			const auth = { ...token, mechanism };
			expect(await attempted('AUTH=XOAUTH2', auth, options)).toBe(expected);
		}
		expect(await attempted('AUTH=OAUTHBEARER', token, options)).toBe(
			expected.replace('XOAUTH2', 'OAUTHBEARER'),
		);
		expect(await attempted('AUTH=XOAUTH2', token, { secure: true, host })).toBe(
			'AUTHENTICATE XOAUTH2',
		);
	});

	test.each([
		['imap.example.com', false],
		['imap.example.com', true],
		['localhost', false],
	])('PROXYAUTH to %s, allowed: %s', async (host, allowClearText) => {
		const transport = new FakeTransport();
		const connecting = Imap4.connect({ security: 'none', transport, host, allowClearText });
		transport.say('* PREAUTH [CAPABILITY IMAP4rev1] hi');
		const imap = await connecting;
		const acting = imap.proxyauth('bob');
		if (host === 'localhost' || allowClearText) {
			await transport.answer('PROXYAUTH bob');
			await transport.answer('CAPABILITY', '* CAPABILITY IMAP4rev1');
			await acting;
		} else {
			await expect(acting).rejects.toMatchObject({ code: 'LOGIN_DISABLED' });
			expect(transport.sent).toBe('');
		}
	});
});

describe('user name and password are prepared by SASLprep (RFC 4013)', () => {
	const base64 = (text: string): string => Buffer.from(text).toString('base64');
	test.each<[string, string, Credentials, string]>([
		[
			'PLAIN',
			'AUTH=PLAIN SASL-IR',
			{ user: 'I\u00adX', password: 'pä\u200css' },
			`AUTHENTICATE PLAIN ${base64('\0IX\0päss')}`,
		],
		[
			'PLAIN, US-ASCII as it is',
			'AUTH=PLAIN SASL-IR',
			{ user: 'a\tb', password: 'c\x07' },
			`AUTHENTICATE PLAIN ${base64('\0a\tb\0c\x07')}`,
		],
		[
			'PLAIN, what cannot be prepared as it is',
			'AUTH=PLAIN SASL-IR',
			{ user: 'ann', password: 'ä\x07' },
			`AUTHENTICATE PLAIN ${base64('\0ann\0ä\x07')}`,
		],
		['the LOGIN command', '', { user: 'I\u00adX', password: 'a\u00a0b' }, 'LOGIN IX "a b"'],
	])('%s', async (_what, offered, auth, expected) => {
		expect(await attempted(offered, auth)).toBe(expected);
	});

	test('the LOGIN mechanism', async () => {
		const server = new FakeTransport({ secure: true });
		const connecting = Imap4.connect({
			security: 'none',
			transport: server,
			auth: { user: 'I\u00adX', password: 'a\u00a0b', mechanism: 'LOGIN' },
		});
		server.say('* OK [CAPABILITY IMAP4rev1 AUTH=LOGIN] hi');
		const tag = await server.command('AUTHENTICATE LOGIN');
		server.say(`+ ${base64('User Name')}`);
		expect(await server.line()).toBe(base64('IX'));
		server.say(`+ ${base64('Password')}`);
		expect(await server.line()).toBe(base64('a b'));
		server.say(`${tag} OK [CAPABILITY IMAP4rev1] in`);
		expect((await connecting).state).toBe('authenticated');
	});

	test('the prepared password is kept out of errors as well', async () => {
		const server = new FakeTransport({ secure: true });
		const connecting = Imap4.connect({
			security: 'none',
			transport: server,
			auth: { user: 'ann', password: 'pass\u00adwörd' },
		});
		server.say('* OK [CAPABILITY IMAP4rev1] hi');
		// A literal, since it is not US-ASCII.
		await server.command(/^LOGIN ann \{9\}/);
		server.say('+ ');
		await server.octets(11);
		server.say(`${server.sent.slice(0, 5)} NO passwörd is wrong`);
		const error: unknown = await connecting.catch((one: unknown) => one);
		expect(error).toMatchObject({ serverText: '*** is wrong' });
	});
});
