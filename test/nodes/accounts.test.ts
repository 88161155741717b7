/** Every kind of credential on the servers that take it, with the nodes and with the Test button. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type {
	ICredentialTestFunctions,
	IDataObject,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { Imap4Message } from '../../nodes/Imap4Message/Imap4Message.node';
import { CREDENTIAL_TYPES, type Authentication } from '../../nodes/shared/account/authentication';
import { servers, type ServerUnderTest } from '../conformance/servers';
import { STREAM_COMMANDS } from '../../nodes/shared/account/stream-commands';
import { errorOf, jsonOf, runNode } from './run-node';

const { ca } = inject('certificates');
const { imap4Login } = new Imap4Message().methods.credentialTest;

function button(
	authentication: Authentication,
	data: IDataObject,
): Promise<INodeCredentialTestResult> {
	return imap4Login.call({} as ICredentialTestFunctions, {
		id: '1',
		name: 'x',
		type: CREDENTIAL_TYPES[authentication],
		data: data as Record<string, string>,
	});
}

const REFUSED = { status: 'Error', message: expect.stringContaining('refused') as string };
const SUCCESS = { status: 'OK' };

for (const { name, missing } of servers) {
	if (missing) console.log(`Left out: accounts on ${name}, because ${missing}`);
}

describe.each(servers)('on $name', ({ name, missing, start }) => {
	let server: ServerUnderTest;
	beforeAll(async () => {
		if (missing === undefined) server = await start();
	});
	afterAll(() => server?.stop());

	const secured = () => ({
		host: server.host,
		port: server.port('tls'),
		security: 'tls',
		caCertificate: ca,
	});

	test.skipIf(missing)('CRAM-MD5, and nothing else in its place', async () => {
		const { account, port } = server.hashedAccount();
		const data = { host: server.host, port, security: 'none', ...account };
		expect(await button('cramMd5', data)).toMatchObject(SUCCESS);
		expect(await button('cramMd5', { ...data, password: 'wrong' })).toMatchObject(REFUSED);
		const [info] = await jsonOf({
			node: 'imap4Server',
			operation: 'getInfo',
			authentication: 'cramMd5',
			credential: data,
		});
		expect(info).toMatchObject({ user: account.user, encrypted: false });
	});

	test.skipIf(missing)('acting as two users by authorization identity', async ({ skip }) => {
		const { master } = server;
		if (!master) return skip('nobody may act as another here');
		const users = [server.freshAccount().user, server.freshAccount().user];
		const credential = { ...secured(), ...master, method: 'sasl' };
		expect(await button('proxyAuth', { ...credential, defaultActAsUser: users[0] })).toMatchObject(
			SUCCESS,
		);
		expect(await button('proxyAuth', credential)).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('default user') as string,
		});
		const as = {
			authentication: 'proxyAuth',
			credential,
			items: users.map((user) => ({ user })),
		} as const;
		const actAsUser = '={{ $json.user }}';
		await runNode({
			...as,
			node: 'imap4Message',
			operation: 'create',
			parameters: { actAsUser, source: 'raw', raw: '=Subject: Of {{ $json.user }}\r\n\r\nx' },
		});
		expect(
			await jsonOf({
				...as,
				node: 'imap4Message',
				operation: 'getMany',
				parameters: { actAsUser },
			}),
		).toMatchObject(users.map((user) => ({ subject: `Of ${user}` })));
	});

	test.skipIf(missing)('OAuth2', async ({ skip }) => {
		if (!server.accessToken) return skip('no tokens are known here');
		const { user } = server.freshAccount();
		const data = (access_token: string) => ({
			...secured(),
			provider: 'other',
			user,
			oauthTokenData: { access_token },
		});
		const token = server.accessToken(user);
		expect(await button('oAuth2', data(token))).toMatchObject(SUCCESS);
		const altered = await button('oAuth2', data(`${token}x`));
		expect(altered).toMatchObject(REFUSED);
		expect(JSON.stringify(altered)).not.toContain(token);
		const [info] = await jsonOf({
			node: 'imap4Server',
			operation: 'getInfo',
			authentication: 'oAuth2',
			credential: data(token),
		});
		expect(info).toMatchObject({ user, encrypted: true });
	});

	test.skipIf(missing)("n8n's own IMAP credential", async () => {
		const { user, password } = server.freshAccount();
		const run = (more: IDataObject) => ({
			node: 'imap4Server' as const,
			operation: 'getInfo',
			authentication: 'n8n' as const,
			credential: { host: server.host, user, password, ...more },
		});
		const tls = { port: server.port('tls'), secure: true };
		expect(await jsonOf(run({ ...tls, allowUnauthorizedCerts: true }))).toMatchObject([
			{ user, encrypted: true },
		]);
		expect((await errorOf(run({ ...tls, allowUnauthorizedCerts: false }))).message).toMatch(
			/certificate/,
		);
		expect(await jsonOf(run({ port: server.port('none'), secure: false }))).toMatchObject([
			{ user, encrypted: false },
		]);
	});

	// Courier makes whoever fails wait for 5 s.
	test.skipIf(missing ?? name === 'Courier')('a wrong password', async () => {
		const { user } = server.freshAccount();
		for (const authentication of ['ssl', 'proxyAuth'] as const) {
			const { message, text } = await errorOf({
				node: 'imap4Mailbox',
				operation: 'getMany',
				authentication,
				credential: { ...secured(), user, password: 'wr0ng-secret', defaultActAsUser: user },
			});
			expect(message).toMatch(/failed: the server says/);
			expect(text).not.toContain('wr0ng-secret');
		}
	});
});

const dovecot = inject('dovecot');

test.skipIf('missing' in dovecot)("Stream: Dovecot's own program, by its name", async () => {
	if ('missing' in dovecot) return;
	const { command, args, environment, homes } = dovecot.program;
	const user = `u${randomBytes(6).toString('hex')}`;
	const variables = { ...environment, USER: user, HOME: join(homes, user) };
	const settings = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
	vi.stubEnv(
		STREAM_COMMANDS,
		JSON.stringify({ dovecot: ['/usr/bin/env', ...settings, command, ...args] }),
	);
	try {
		expect(await button('stream', { command: 'dovecot' })).toMatchObject(SUCCESS);
		expect(await button('stream', { command: '/bin/sh' })).toMatchObject({ status: 'Error' });
		const on = { authentication: 'stream', credential: { command: 'dovecot' } } as const;
		await runNode({
			...on,
			node: 'imap4Message',
			operation: 'create',
			parameters: { source: 'raw', raw: 'Subject: By stream\r\n\r\nx' },
		});
		expect(await jsonOf({ ...on, node: 'imap4Message', operation: 'getMany' })).toMatchObject([
			{ subject: 'By stream' },
		]);
	} finally {
		vi.unstubAllEnvs();
	}
});
