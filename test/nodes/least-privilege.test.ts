/** What credentials give access to: no more than the one connection that they are for. */
import type { ICredentialTestFunctions, IDataObject } from 'n8n-workflow';
import { getCredentialAllowedDomains, type INode } from 'n8n-workflow';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Imap4OAuth2Api } from '../../credentials/Imap4OAuth2Api.credentials';
import { Imap4Message } from '../../nodes/Imap4Message/Imap4Message.node';
import { accountOf } from '../../nodes/shared/account/account';
import { closeIdleConnections } from '../../nodes/shared/account/connection-pool';
import { egressPolicy } from '../../nodes/shared/account/egress-policy';
import { STREAM_COMMANDS, STREAM_ENVIRONMENT } from '../../nodes/shared/account/stream-commands';
import { jsonOf, PASSWORD, startServer, USER } from './run-node';

afterEach(async () => {
	await closeIdleConnections();
	vi.unstubAllEnvs();
});

describe('the program of a Stream credential', () => {
	/** A server that lists a mailbox for each variable of its environment. */
	const PROGRAM = String.raw`
		process.stdout.write('* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n');
		require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
			const [tag, name] = line.split(' ');
			if (name === 'LIST') for (const key of Object.keys(process.env))
				process.stdout.write('* LIST () "/" "' + key + '"\r\n');
			if (name === 'LOGOUT') process.stdout.write('* BYE\r\n');
			process.stdout.write(tag + ' OK done\r\n');
			if (name === 'LOGOUT') process.exit();
		});
	`;
	const variables = async (): Promise<unknown[]> => {
		const outputs = await jsonOf({
			node: 'imap4Mailbox',
			operation: 'getMany',
			authentication: 'stream',
			credential: { command: 'local' },
		});
		// macOS adds this one to every process.
		return outputs
			.map(({ mailbox }) => mailbox)
			.filter((name) => name !== '__CF_USER_TEXT_ENCODING');
	};

	test("gets PATH, HOME and LANG, and nothing of n8n's", async () => {
		vi.stubEnv(STREAM_COMMANDS, JSON.stringify({ local: [process.execPath, '-e', PROGRAM] }));
		vi.stubEnv('N8N_ENCRYPTION_KEY', 'secret');
		vi.stubEnv('LANG', 'C.UTF-8');
		expect((await variables()).sort()).toEqual(['HOME', 'LANG', 'PATH']);
	});

	test('gets what the administrator names as well', async () => {
		vi.stubEnv(STREAM_COMMANDS, JSON.stringify({ local: [process.execPath, '-e', PROGRAM] }));
		vi.stubEnv('N8N_ENCRYPTION_KEY', 'secret');
		vi.stubEnv('SSH_AUTH_SOCK', '/tmp/agent');
		vi.stubEnv('LANG', 'C.UTF-8');
		vi.stubEnv(STREAM_ENVIRONMENT, 'SSH_AUTH_SOCK, NOT_THERE constructor');
		expect((await variables()).sort()).toEqual(['HOME', 'LANG', 'PATH', 'SSH_AUTH_SOCK']);
	});

	test('is an account of its own for each name, also where the program is the same', () => {
		vi.stubEnv(STREAM_COMMANDS, JSON.stringify({ a: ['ssh', 'a'], b: ['ssh', 'b'] }));
		const url = (command: string) => accountOf('imap4StreamApi', { command }).url;
		expect([url('a'), url('b')]).toEqual(['imap-stream:a', 'imap-stream:b']);
	});
});

test("the OAuth2 credential closes itself to n8n's HTTP Request node", () => {
	const { properties, hideDomainRestrictionFields } = new Imap4OAuth2Api();
	const credentialData = Object.fromEntries(
		properties.map(({ name, default: value }) => [name, value]),
	) as Record<string, string>;
	const node = { name: 'HTTP Request' } as INode;
	expect(hideDomainRestrictionFields).toBe(true);
	expect(() => getCredentialAllowedDomains({ node, credentialData })).toThrow(/prevent use within/);
});

describe('over clear text', () => {
	const oauth = (more: IDataObject) =>
		accountOf('imap4OAuth2Api', {
			provider: 'other',
			host: 'mail.example',
			port: 143,
			security: 'none',
			user: USER,
			oauthTokenData: { access_token: 'x' },
			...more,
		}).options;
	const proxy = (more: IDataObject) =>
		accountOf(
			'imap4ProxyAuthApi',
			{
				host: 'mail.example',
				port: 143,
				security: 'none',
				user: 'admin',
				password: 'x',
				...more,
			},
			'bert',
		).options;

	test.each([
		['a token', oauth, {}],
		['the login of an administrator by SASL', proxy, { method: 'sasl' }],
		['the login of an administrator by PROXYAUTH', proxy, { method: 'proxyauth' }],
	] as const)('%s goes to this machine only, unless it is demanded', (_name, account, more) => {
		expect(() => account({ ...more })).toThrow(/unencrypted over the network.*"Allow Unencrypted"/);
		for (const allowUnencrypted of ['true', null, '', 1]) {
			expect(() => account({ ...more, allowUnencrypted })).toThrow(/Allow Unencrypted/);
		}
		expect(account({ ...more, allowUnencrypted: true })).toMatchObject({ allowClearText: true });
		for (const host of ['localhost', '127.0.0.1', '::1']) {
			expect(account({ ...more, host })).not.toHaveProperty('allowClearText');
		}
		expect(account({ ...more, security: 'tls' })).not.toHaveProperty('allowClearText');
	});
});

describe("with n8n's SSRF protection on", () => {
	const on = { N8N_SSRF_PROTECTION_ENABLED: 'true' };
	const { imap4Login } = new Imap4Message().methods.credentialTest;

	test.each(['127.0.0.1', '[::1]', 'localhost'])(
		'the test of a credential does not connect to %s',
		async (host) => {
			const { port, connections } = await startServer();
			const credential = {
				id: '1',
				name: 'x',
				type: 'imap4PlainApi',
				data: { host, port, user: USER, password: PASSWORD },
			};
			vi.stubEnv('N8N_SSRF_PROTECTION_ENABLED', 'true');
			const { status, message } = await imap4Login.call({} as ICredentialTestFunctions, credential);
			expect(status).toBe('Error');
			expect(message).toMatch(/SSRF protection/);
			expect(connections.total).toBe(0);
		},
	);

	test('allowed ranges and names come before blocked ones', () => {
		const check = (host: string, more: NodeJS.ProcessEnv = {}) =>
			egressPolicy({ ...on, ...more })?.checkHost(host);
		for (const host of [
			'10.1.2.3',
			'192.168.1.1',
			'169.254.169.254',
			'::1',
			'::',
			'fe80::1',
			'fd00::1',
		]) {
			expect(() => check(host)).toThrow(/SSRF/);
		}
		expect(() => check('::ffff:127.0.0.1')).toThrow(/SSRF/);
		expect(check('198.100.1.1')).toBeUndefined();
		expect(check('10.1.2.3', { N8N_SSRF_ALLOWED_IP_RANGES: '10.1.0.0/16' })).toBeUndefined();
		expect(() => check('8.8.8.8', { N8N_SSRF_BLOCKED_IP_RANGES: 'default, 8.8.8.0/24' })).toThrow();
		expect(check('10.1.2.3', { N8N_SSRF_BLOCKED_IP_RANGES: '8.8.8.0/24' })).toBeUndefined();
		const names = {
			N8N_SSRF_BLOCKED_HOSTNAMES: '*.corp.example',
			N8N_SSRF_ALLOWED_HOSTNAMES: 'ok.corp.example',
		};
		expect(() => check('mail.CORP.example.', names)).toThrow(/SSRF/);
		expect(check('ok.corp.example', names)).toBeUndefined();
		expect(check('corp.example', names)).toBeUndefined();
	});

	test('is off as n8n has it off', () => {
		for (const value of [undefined, '', 'false', '0']) {
			expect(egressPolicy({ N8N_SSRF_PROTECTION_ENABLED: value })).toBeUndefined();
		}
	});
});

test.each([
	['imap4SslApi', 'Password'],
	['imap4PlainApi', 'Password'],
	['imap4ProxyAuthApi', 'Admin Password'],
] as const)('%s says that its password is empty, and tries no login', (type, label) => {
	const data = { host: 'localhost', port: 993, security: 'tls', user: USER, password: '' };
	expect(() => accountOf(type, data, 'bert')).toThrow(
		`The field "${label}" of the credential is empty`,
	);
});

test.each(['true', 'false', '', null, 1])(
	'the switch Ignore Certificate Errors is not %j: only true or false',
	(ignoreCertificateErrors) => {
		const data = { host: 'mail.example', port: 993, user: USER, password: 'x' };
		expect(() => accountOf('imap4SslApi', { ...data, ignoreCertificateErrors })).toThrow(
			/"Ignore Certificate Errors \(Unsafe\)" is neither true nor false/,
		);
	},
);
