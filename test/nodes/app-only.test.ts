/** App-only logins against a token server that checks grant, scope and assertion. */
import { createPublicKey, createVerify, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ICredentialTestFunctions, IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Imap4Message } from '../../nodes/Imap4Message/Imap4Message.node';
import { accountOf } from '../../nodes/shared/account/account';
import { closeIdleConnections } from '../../nodes/shared/account/connection-pool';
import type { MemoryServer } from '../server';
import { errorOf, jsonOf, mail, startServer, USER } from './run-node';

const SHARED = 'sales@example.com';
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
	modulusLength: 2048,
	privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
	publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const KEY = {
	type: 'service_account',
	client_email: 'robot@project.iam.gserviceaccount.com',
	private_key_id: 'key-1',
	private_key: privateKey,
};

let tokenServer: Server;
let tokenUrl: string;
let clientSecret: string;
/** Who a token was given out for; the app's own tokens open any mailbox. */
let tokens: Map<string, string>;
let asked: URLSearchParams[];
let seconds: number;
/** The mailbox that a token of the application opens now. */
let opened: string;
/** What the token server says where it gives none. */
let words: (form: URLSearchParams) => string;

/** @returns for whom the token is, or the error of RFC 6749 §5.2 */
function judge(form: URLSearchParams): { of: string } | { error: string } {
	if (form.get('grant_type') === 'client_credentials') {
		if (form.get('scope') !== 'imap.all') return { error: 'invalid_scope' };
		const valid = form.get('client_id') === 'app' && form.get('client_secret') === clientSecret;
		return valid ? { of: '*' } : { error: 'invalid_client' };
	}
	if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
		return { error: 'unsupported_grant_type' };
	const [header = '', claims = '', signature = ''] = form.get('assertion')?.split('.') ?? [];
	const read = (part: string) =>
		JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
	const { alg, kid } = read(header);
	const { iss, sub, scope, aud, iat, exp } = read(claims);
	const signed = createVerify('RSA-SHA256')
		.update(`${header}.${claims}`)
		.verify(createPublicKey(publicKey), signature, 'base64url');
	const now = Date.now() / 1000;
	const timely = Number(iat) <= now && Number(exp) > now && Number(exp) - Number(iat) <= 3600;
	if (!signed || alg !== 'RS256' || kid !== 'key-1' || iss !== KEY.client_email)
		return { error: 'invalid_grant' };
	if (aud !== tokenUrl || !timely) return { error: 'invalid_grant' };
	return scope === 'imap.all' ? { of: String(sub) } : { error: 'unauthorized_client' };
}

beforeEach(async () => {
	// Tokens are kept by what they were asked with, which differs in each test.
	clientSecret = `secret-${randomUUID()}`;
	tokens = new Map();
	asked = [];
	seconds = 3600;
	opened = USER;
	words = () => 'AADSTS1: No.\r\nTrace ID: 1';
	tokenServer = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk) => (body += chunk));
		request.on('end', () => {
			const form = new URLSearchParams(body);
			asked.push(form);
			const judged = judge(form);
			const token = `token-${tokens.size + 1}`;
			if ('of' in judged) tokens.set(token, judged.of);
			response.writeHead('of' in judged ? 200 : 400, { 'content-type': 'application/json' });
			response.end(
				JSON.stringify(
					'of' in judged
						? { access_token: token, token_type: 'Bearer', expires_in: seconds }
						: { ...judged, error_description: words(form) },
				),
			);
		});
	});
	await new Promise<void>((resolve) => tokenServer.listen(0, '127.0.0.1', resolve));
	tokenUrl = `http://127.0.0.1:${(tokenServer.address() as AddressInfo).port}/token`;
});
afterEach(() => new Promise((resolve) => tokenServer.close(resolve)));

/** Two mailboxes, opened by any token of the application, or by one of their user. */
async function mailServer(): Promise<MemoryServer> {
	const server = await startServer({
		tokenOwner: (token) => {
			const of = tokens.get(token);
			return of === '*' ? opened : of;
		},
	});
	server.account(USER).mailbox('INBOX').append(mail('Of Anna'));
	server.addAccount(SHARED, 'x').mailbox('INBOX').append(mail('Of Sales'));
	return server;
}

const client = (more: IDataObject = {}): IDataObject => ({
	provider: 'other',
	user: USER,
	clientId: 'app',
	clientSecret,
	accessTokenUrl: tokenUrl,
	scope: 'imap.all',
	security: 'none',
	...more,
});
const serviceAccount = (more: IDataObject = {}): IDataObject => ({
	provider: 'otherServiceAccount',
	user: USER,
	serviceAccountKey: JSON.stringify(KEY),
	accessTokenUrl: tokenUrl,
	scope: 'imap.all',
	security: 'none',
	...more,
});
const run = (server: MemoryServer, credential: IDataObject, more: object = {}) => ({
	node: 'imap4Message' as const,
	operation: 'getMany',
	authentication: 'appOnly' as const,
	server,
	credential,
	...more,
});

test('client credentials: the token is asked for once, and used until it ends', async () => {
	const server = await mailServer();
	expect(await jsonOf(run(server, client()))).toMatchObject([{ subject: 'Of Anna' }]);
	expect(await jsonOf(run(server, client(), { items: [{}, {}] }))).toHaveLength(2);
	expect(asked).toHaveLength(1);
});

test('a shared mailbox is opened by its name as the user', async () => {
	const server = await mailServer();
	opened = SHARED;
	expect(await jsonOf(run(server, client({ user: SHARED })))).toMatchObject([
		{ subject: 'Of Sales', account: expect.stringContaining('sales') as string },
	]);
});

test('a token that the server refuses is replaced once', async () => {
	const server = await mailServer();
	await jsonOf(run(server, client()));
	tokens.clear();
	tokens.set('token-0', '*');
	await closeIdleConnections();
	expect(await jsonOf(run(server, client()))).toHaveLength(1);
	expect(asked).toHaveLength(2);
});

test('a token that ends within a minute is not kept', async () => {
	const server = await mailServer();
	seconds = 30;
	await jsonOf(run(server, client()));
	await closeIdleConnections();
	await jsonOf(run(server, client()));
	expect(asked).toHaveLength(2);
});

test('a service account signs an assertion for each user it acts as', async () => {
	const server = await mailServer();
	const items = [{ user: USER }, { user: SHARED }, { user: '' }];
	const parameters = { actAsUser: '={{ $json.user }}' };
	const found = await jsonOf(run(server, serviceAccount(), { items, parameters }));
	expect(found.map(({ subject }) => subject)).toEqual(['Of Anna', 'Of Sales', 'Of Anna']);
	expect(asked).toHaveLength(2);
});

test('the Test button gets a token too', async () => {
	const server = await mailServer();
	const helpers = {
		request: async ({ uri, body }: { uri: string; body: string }) => {
			const answer = await fetch(uri, { method: 'POST', body });
			return { statusCode: answer.status, body: await answer.text() };
		},
	};
	const button = (data: IDataObject) =>
		new Imap4Message().methods.credentialTest.imap4Login.call(
			{ helpers } as unknown as ICredentialTestFunctions,
			{
				id: '1',
				name: 'x',
				type: 'imap4AppOnlyApi',
				data: { host: server.host, port: server.port, ...(data as Record<string, string>) },
			},
		);
	expect(await button(client())).toMatchObject({ status: 'OK' });
	expect(await button(client({ clientSecret: 'wrong' }))).toEqual({
		status: 'Error',
		message: expect.stringContaining('Check Client ID and Client Secret') as string,
	});
});

describe('a token that is refused says what to do, and shows no secret', () => {
	test.each<[string, () => IDataObject, RegExp]>([
		[
			'client secret',
			() => client({ clientSecret: 'wr0ng-s' }),
			/invalid_client: AADSTS1: No\.\. Check Client ID/,
		],
		['scope of a client', () => client({ scope: 'other' }), /invalid_scope.*Check Scope/],
		[
			'scope of a service account',
			() => serviceAccount({ scope: 'other' }),
			/Domain-wide delegation/,
		],
		[
			'issuer',
			() => serviceAccount({ serviceAccountKey: JSON.stringify({ ...KEY, client_email: 'x@y' }) }),
			/invalid_grant.*clock of the n8n host/,
		],
		[
			'token server',
			() => client({ accessTokenUrl: 'http://127.0.0.1:1/token' }),
			/No access token from 127\.0\.0\.1:1/,
		],
	])('%s', async (_what, credential, expected) => {
		const { message, description, text } = await errorOf(run(await mailServer(), credential()));
		expect(`${message} ${description}`).toMatch(expected);
		for (const secret of ['wr0ng-s', clientSecret, privateKey.slice(40, 80), 'Trace ID'])
			expect(text).not.toContain(secret);
	});
});

describe('a token server that repeats what it was sent', () => {
	test.each<[string, (more: IDataObject) => IDataObject, string]>([
		['client secret', client, 'client_secret'],
		['assertion', serviceAccount, 'assertion'],
	])('%s', async (_what, credential, field) => {
		clientSecret = `p&w ${randomUUID()}`;
		words = (form) => `Wrong: ${form.get(field)}, in ${form.toString()} ${'x'.repeat(300)}`;
		const server = await mailServer();
		const { text } = await errorOf(run(server, credential({ scope: 'none' })));
		const sent = asked[0]?.get(field) ?? '';
		expect(text).toContain('Wrong: ***');
		for (const start of [sent, encodeURIComponent(sent)])
			expect(text).not.toContain(start.slice(0, 20));
	});
});

describe('the presets', () => {
	test('Microsoft: client credentials with the scope .default, at the tenant', () => {
		const { options, grant } = accountOf('imap4AppOnlyApi', {
			provider: 'microsoft',
			tenant: 'example.onmicrosoft.com',
			clientId: 'id',
			clientSecret: 's',
			user: SHARED,
			host: 'left.over.example',
			security: 'none',
		});
		expect(options).toMatchObject({ host: 'outlook.office365.com', port: 993, security: 'tls' });
		expect(options.auth).toMatchObject({ user: SHARED });
		expect(grant).toMatchObject({
			tokenUrl: 'https://login.microsoftonline.com/example.onmicrosoft.com/oauth2/v2.0/token',
			scope: 'https://outlook.office365.com/.default',
		});
	});

	test('Google: a service account with the scope of all mail', () => {
		const data = { provider: 'google', user: USER, serviceAccountKey: JSON.stringify(KEY) };
		const { options, grant } = accountOf('imap4AppOnlyApi', data);
		expect(options).toMatchObject({ host: 'imap.gmail.com', port: 993, security: 'tls' });
		expect(grant).toMatchObject({
			tokenUrl: 'https://oauth2.googleapis.com/token',
			scope: 'https://mail.google.com/',
			user: USER,
		});
	});
});

test('another secret or another user is another identity; another token is not', async () => {
	const identity = (more: IDataObject) =>
		accountOf('imap4AppOnlyApi', client({ host: 'x.example', security: 'tls', ...more })).identity;
	const all = [identity({}), identity({ clientSecret: 'x' }), identity({ user: SHARED })];
	expect(new Set(all).size).toBe(3);
	await jsonOf(run(await mailServer(), client()));
	expect(identity({})).toBe(all[0]);
});

describe('bad input', () => {
	test.each<[IDataObject, RegExp]>([
		[{ provider: 'microsoft', tenant: 'common' }, /"Tenant".*"common"/],
		[{ provider: 'microsoft', tenant: 'a/../b' }, /"Tenant"/],
		[{ provider: 'microsoft', tenant: '' }, /"Tenant".* is empty/],
		[{ clientSecret: '' }, /"Client Secret".* is empty/],
		[{ user: '' }, /"User".* is empty/],
		[{ provider: 'yahoo' }, /"Provider"/],
		[{ accessTokenUrl: 'http://login.example.com/token' }, /must begin with https/],
		[{ accessTokenUrl: 'token' }, /must be a URL/],
		[{ provider: 'google', serviceAccountKey: privateKey }, /it is not JSON/],
		[{ provider: 'google', serviceAccountKey: '{"client_email":"x"}' }, /no private_key/],
	])('%j', (more, message) => {
		expect(() => accountOf('imap4AppOnlyApi', client({ host: 'x.example', ...more }))).toThrow(
			message,
		);
	});
});
