/** The OAuth2 credential: tokens used, renewed when refused, kept, and shown nowhere. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accountOf } from '../../nodes/shared/account/account';
import type { MemoryServer } from '../server';
import { errorOf, jsonOf, mail, startServer, USER } from './run-node';

let tokenServer: Server;
let asked: URLSearchParams[];
let answer: { status: number; body: object };
beforeEach(async () => {
	asked = [];
	answer = { status: 200, body: { access_token: 'fresh-token', token_type: 'Bearer' } };
	tokenServer = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk) => (body += chunk));
		request.on('end', () => {
			asked.push(new URLSearchParams(body));
			response.writeHead(answer.status, { 'content-type': 'application/json' });
			response.end(JSON.stringify(answer.body));
		});
	});
	await new Promise<void>((resolve) => tokenServer.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise((resolve) => tokenServer.close(resolve)));

async function mailServer(): Promise<MemoryServer> {
	const server = await startServer({
		tokenOwner: (token) => (token === 'fresh-token' ? USER : undefined),
	});
	server.account(USER).mailbox('INBOX').append(mail('By token'));
	return server;
}

const withToken = (server: MemoryServer, token: string | undefined, more: object = {}) =>
	({
		node: 'imap4Message',
		operation: 'getMany',
		server,
		authentication: 'oAuth2',
		credential: {
			provider: 'other',
			security: 'none',
			clientId: 'client',
			clientSecret: 'client-secret',
			grantType: 'authorizationCode',
			authentication: 'body',
			accessTokenUrl: `http://127.0.0.1:${(tokenServer.address() as AddressInfo).port}/token`,
			oauthTokenData: {
				...(token === undefined ? {} : { access_token: token }),
				refresh_token: 'refresh-secret',
				token_type: 'Bearer',
			},
			...more,
		},
	}) as const;

test('a valid token logs in, and none is asked for', async () => {
	const server = await mailServer();
	expect(await jsonOf(withToken(server, 'fresh-token'))).toMatchObject([{ subject: 'By token' }]);
	expect(asked).toEqual([]);
});

test('an expired token is renewed once, for all items and batches', async () => {
	const server = await mailServer();
	server.account(USER).create('Other');
	const outputs = await jsonOf({
		...withToken(server, 'stale-token'),
		items: [{ box: 'INBOX' }, { box: 'Other' }, { box: 'INBOX' }],
		parameters: { mailbox: { __rl: true, mode: 'path', value: '={{ $json.box }}' } },
	});
	expect(outputs).toHaveLength(2);
	expect(asked.map((body) => body.get('refresh_token'))).toEqual(['refresh-secret']);
	expect(server.connections.total).toBe(2);
});

test('a credential that has no token yet gets one first', async () => {
	const server = await mailServer();
	expect(await jsonOf(withToken(server, undefined))).toHaveLength(1);
	expect(asked).toHaveLength(1);
	expect(server.connections.total).toBe(1);
});

test('a grant that was revoked asks to connect again; a token the server refuses is an error', async () => {
	const server = await mailServer();
	answer = { status: 400, body: { error: 'invalid_grant' } };
	const revoked = await errorOf(withToken(server, 'stale-token'));
	expect(revoked.message + revoked.description).toMatch(/reconnect/i);
	answer = { status: 200, body: { access_token: 'foreign-token', token_type: 'Bearer' } };
	const refused = await errorOf(withToken(server, 'stale-token'));
	expect(refused.message).toContain('AUTHENTICATIONFAILED');
	for (const { text } of [revoked, refused]) {
		for (const secret of ['stale-token', 'foreign-token', 'refresh-secret', 'client-secret']) {
			expect(text).not.toContain(secret);
			expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, 12));
		}
	}
});

describe('the presets', () => {
	test.each([
		['google', 'imap.gmail.com'],
		['microsoft', 'outlook.office365.com'],
	])('%s is at %s, always over TLS', (provider, host) => {
		const { options } = accountOf('imap4OAuth2Api', {
			provider,
			user: USER,
			oauthTokenData: { access_token: 'x' },
			// Left over from when another provider was chosen.
			host: 'other.example',
			port: 143,
			security: 'none',
		});
		expect(options).toMatchObject({ host, port: 993, security: 'tls' });
	});

	test('each token is an identity of its own', () => {
		const identity = (access_token: string) =>
			accountOf('imap4OAuth2Api', {
				provider: 'google',
				user: USER,
				oauthTokenData: { access_token },
			}).identity;
		expect(identity('a')).not.toBe(identity('b'));
	});
});
