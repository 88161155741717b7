import { createHmac } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import type { MemoryServerOptions } from './index';
import { MemoryServer, signedTokenOwner } from './index';
import { RawClient } from './raw-client';
import { prepared } from './sasl/prepared';

async function connected(
	options: MemoryServerOptions = {},
): Promise<{ server: MemoryServer; client: RawClient }> {
	const server = await MemoryServer.start(options);
	onTestFinished(() => server.stop());
	for (const user of ['ann', 'bob', 'boss']) server.addAccount(user, 'secret');
	server.account('bob').create('Of Bob');
	return { server, client: await RawClient.connect(server) };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const bossOnly: MemoryServerOptions = { mayActAs: (user) => user === 'boss' };

async function offered(client: RawClient): Promise<string[]> {
	const [line = ''] = await client.untagged('CAPABILITY');
	return line.split(' ').filter((name) => name.startsWith('AUTH=') || name === 'LOGINDISABLED');
}

test('offered in clear text: what needs neither TLS nor settings', async () => {
	const { client } = await connected();
	const names = ['SCRAM-SHA-256', 'SCRAM-SHA-1', 'CRAM-MD5', 'PLAIN', 'LOGIN'];
	expect(await offered(client)).toEqual(names.map((name) => `AUTH=${name}`));
});

test('the mechanisms named are offered, and no others let in', async () => {
	const { client } = await connected({ mechanisms: ['CRAM-MD5'] });
	expect(await offered(client)).toEqual(['AUTH=CRAM-MD5']);
	const [answer] = await client.send(`AUTHENTICATE PLAIN ${base64('\0ann\0secret')}`);
	expect(answer).toMatch(/^NO Unsupported/);
});

test('without passwords in clear text nothing is offered there, but what was named', async () => {
	const { client } = await connected({ allowPlaintextLogin: false });
	expect(await offered(client)).toEqual(['LOGINDISABLED']);
	const named = await connected({ allowPlaintextLogin: false, mechanisms: ['PLAIN', 'CRAM-MD5'] });
	expect(await offered(named.client)).toEqual(['AUTH=CRAM-MD5', 'LOGINDISABLED']);
	const [answer] = await named.client.send('AUTHENTICATE PLAIN');
	expect(answer).toMatch(/^NO \[PRIVACYREQUIRED\]/);
});

test('LOGINDISABLED by itself', async () => {
	const { client } = await connected({ loginCommand: false });
	expect(await offered(client)).toContain('LOGINDISABLED');
	expect(await client.send('LOGIN ann secret')).toEqual([expect.stringMatching(/^NO /)]);
	const [answer] = await client.send(`AUTHENTICATE PLAIN ${base64('\0ann\0secret')}`);
	expect(answer).toMatch(/^OK \[CAPABILITY /);
});

test('PLAIN without SASL-IR answers an empty challenge', async () => {
	const { client } = await connected();
	client.write('a AUTHENTICATE PLAIN\r\n');
	expect(await client.until(/\r\n$/)).toBe('+ \r\n');
	client.write(`${base64('\0ann\0secret')}\r\n`);
	expect(await client.until(/\r\n$/)).toMatch(/^a OK /);
});

test('PLAIN: who may acts as another, and sees their mailboxes', async () => {
	const { client } = await connected(bossOnly);
	await client.send(`AUTHENTICATE PLAIN ${base64('bob\0boss\0secret')}`);
	expect(await client.untagged('LIST "" "Of *"')).toHaveLength(1);
});

test.each([
	['nobody was given the right', 'bob\0ann\0secret'],
	['there is no such user', 'nobody\0boss\0secret'],
])('PLAIN: not as another if %s', async (_why, message) => {
	const { client } = await connected(bossOnly);
	const [answer] = await client.send(`AUTHENTICATE PLAIN ${base64(message)}`);
	expect(answer).toMatch(/^NO \[AUTHORIZATIONFAILED\]/);
});

test('the LOGIN mechanism asks for user, then password', async () => {
	const { client } = await connected();
	client.write('a AUTHENTICATE LOGIN\r\n');
	expect(await client.until(/\r\n$/)).toBe('+ VXNlcm5hbWU6\r\n');
	client.write(`${base64('ann')}\r\n`);
	expect(await client.until(/\r\n$/)).toBe('+ UGFzc3dvcmQ6\r\n');
	client.write(`${base64('secret')}\r\n`);
	expect(await client.until(/\r\n$/)).toMatch(/^a OK /);
});

test.each(['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-256'])('%s is cancelled by *', async (name) => {
	const { client } = await connected();
	client.write(`a AUTHENTICATE ${name}\r\n`);
	await client.until(/^\+ .*\r\n$/);
	client.write('*\r\n');
	expect(await client.until(/\r\n$/)).toMatch(/^a BAD .*cancelled/);
	expect(await client.send('LOGIN ann secret')).toEqual([expect.stringMatching(/^OK/)]);
});

test('CRAM-MD5: the digest of its challenge lets in, another does not', async () => {
	const { client } = await connected();
	for (const [password, answer] of [
		['wrong', /^a NO \[AUTHENTICATIONFAILED\]/],
		['secret', /^a OK /],
	] as const) {
		client.write('a AUTHENTICATE CRAM-MD5\r\n');
		const challenge = (await client.until(/\r\n$/)).slice(2);
		const digest = createHmac('md5', password).update(Buffer.from(challenge, 'base64'));
		client.write(`${base64(`ann ${digest.digest('hex')}`)}\r\n`);
		expect(await client.until(/\r\n$/)).toMatch(answer);
	}
});

test('CRAM-MD5 has no initial response', async () => {
	const { client } = await connected();
	expect(await client.send('AUTHENTICATE CRAM-MD5 YQ==')).toEqual([expect.stringMatching(/^BAD/)]);
});

const tokens: MemoryServerOptions = {
	tokenOwner: (token) => ({ 'of ann': 'ann' })[token],
};

test.each([
	['XOAUTH2', 'user=ann\x01auth=Bearer of ann\x01\x01'],
	['OAUTHBEARER', 'n,a=ann,\x01host=h\x01port=143\x01auth=Bearer of ann\x01\x01'],
	['OAUTHBEARER', 'n,,\x01auth=Bearer of ann\x01\x01'],
])('%s lets in who has a token', async (name, message) => {
	const { client } = await connected(tokens);
	expect(await offered(client)).toContain(`AUTH=${name}`);
	const [answer] = await client.send(`AUTHENTICATE ${name} ${base64(message)}`);
	expect(answer).toMatch(/^OK /);
});

test.each([
	['XOAUTH2', 'user=bob\x01auth=Bearer of ann\x01\x01', '401', ''],
	['OAUTHBEARER', 'n,a=bob,\x01auth=Bearer of ann\x01\x01', 'invalid_token', '\x01'],
	['OAUTHBEARER', 'n,a=ann,\x01auth=Bearer other\x01\x01', 'invalid_token', '\x01'],
])('%s: the reason is a challenge before the NO', async (name, message, status, answer) => {
	const { client } = await connected(tokens);
	client.write(`a AUTHENTICATE ${name} ${base64(message)}\r\n`);
	const challenge = await client.until(/^\+ .*\r\n$/);
	const reason: unknown = JSON.parse(Buffer.from(challenge.slice(2), 'base64').toString());
	expect(reason).toMatchObject({ status });
	client.write(`${base64(answer)}\r\n`);
	expect(await client.until(/\r\n$/)).toMatch(/^a NO \[AUTHENTICATIONFAILED\]/);
});

test('a signed token names its user, while it is valid and as it was signed', () => {
	const token = (claims: object, key = 'key'): string => {
		const part = (value: object): string =>
			Buffer.from(JSON.stringify(value)).toString('base64url');
		const signed = `${part({ alg: 'HS256' })}.${part(claims)}`;
		return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
	};
	const ownerOf = signedTokenOwner('key');
	const now = Date.now() / 1000;
	expect(ownerOf(token({ sub: 'ann', exp: now + 60 }))).toBe('ann');
	expect(ownerOf(token({ sub: 'ann', exp: now - 60 }))).toBeUndefined();
	expect(ownerOf(token({ sub: 'ann', nbf: now + 60 }))).toBeUndefined();
	expect(ownerOf(token({ sub: 'ann' }, 'another key'))).toBeUndefined();
	expect(ownerOf('of ann')).toBeUndefined();
});

test('PROXYAUTH: from then on the session is the other user’s', async () => {
	const { client } = await connected(bossOnly);
	await client.send('LOGIN boss secret');
	expect(await client.untagged('LIST "" "Of *"')).toEqual([]);
	expect(await client.send('PROXYAUTH bob')).toEqual([expect.stringMatching(/^OK /)]);
	expect(await client.untagged('LIST "" "Of *"')).toHaveLength(1);
	await client.send('PROXYAUTH ann');
	expect(await client.untagged('LIST "" "Of *"')).toEqual([]);
});

test.each([
	['ann', 'bob', /^NO \[AUTHORIZATIONFAILED\]/],
	['boss', 'nobody', /^NO \[AUTHORIZATIONFAILED\]/],
])('PROXYAUTH is refused to %s for %s', async (user, other, answer) => {
	const { client } = await connected(bossOnly);
	await client.send(`LOGIN ${user} secret`);
	expect((await client.send(`PROXYAUTH ${other}`))[0]).toMatch(answer);
});

test('PROXYAUTH is unknown where no one may act as another, and comes before SELECT', async () => {
	const { client } = await connected();
	await client.send('LOGIN ann secret');
	expect((await client.send('PROXYAUTH bob'))[0]).toMatch(/^BAD .*unknown command/);
	const { client: boss } = await connected(bossOnly);
	await boss.send('LOGIN boss secret');
	await boss.send('SELECT INBOX');
	expect((await boss.send('PROXYAUTH bob'))[0]).toMatch(/^BAD .*not allowed in state/);
});

test.each([
	['I\u00adX', 'IX'],
	['\u00aa', 'a'],
	['\u2168', 'IX'],
	['a\u00a0b', 'a b'],
	['user', 'user'],
	['USER', 'USER'],
])('%j is prepared as %j (RFC 4013 §3)', (text, wanted) => {
	expect(prepared(text)).toBe(wanted);
});
