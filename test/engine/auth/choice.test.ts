/** Which way to log in is chosen, and what is sent then. */
import { describe, expect, test } from 'vitest';
import type { Credentials } from '../../../engine/index';
import { Imap4 } from '../../../engine/index';
import { FakeTransport, nothingUnhandled, turns } from '../client/fake-transport';

nothingUnhandled();

/** The first command of a login with this on offer. */
async function attempted(
	offered: string,
	auth: Credentials,
	{
		secure = true,
		host,
		allowClearText,
	}: { secure?: boolean; host?: string; allowClearText?: boolean } = {},
): Promise<string> {
	const transport = new FakeTransport({ secure });
	const connecting = Imap4.connect({ security: 'none', transport, host, allowClearText, auth });
	const failed = connecting.then(
		() => '',
		(error: { code: string }) => error.code,
	);
	transport.say(`* OK [CAPABILITY IMAP4rev1 ${offered}] hi`);
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
	});
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
		for (const mechanism of [undefined, 'XOAUTH2'] as const) {
			const auth = { ...token, mechanism };
			const options = { secure: false, host, allowClearText };
			expect(await attempted('AUTH=XOAUTH2', auth, options)).toBe(expected);
		}
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
