import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type tls from 'node:tls';
import { expect, inject, onTestFinished, test } from 'vitest';
import type { MemoryServerOptions } from './index';
import { MemoryServer } from './index';
import { RawClient } from './raw-client';
import type { Secured } from './raw-tls';
import { overStartTls, overTls } from './raw-tls';

async function started(options: MemoryServerOptions = {}): Promise<MemoryServer> {
	const server = await MemoryServer.start(options);
	onTestFinished(() => server.stop());
	server.addAccount('ann', 'secret');
	server.addAccount('a=n,n', 's\u00e9cret');
	return server;
}

/** One SCRAM login by the letter of RFC 5802 §3; what a test wants wrong is given. */
interface Attempt {
	name?: 'SCRAM-SHA-1' | 'SCRAM-SHA-256' | 'SCRAM-SHA-1-PLUS' | 'SCRAM-SHA-256-PLUS';
	user?: string;
	password?: string;
	header?: string;
	binding?: Buffer;
	nonce?: string;
}

/** @returns the tagged answer, and whether the server proved itself */
async function attempt(
	client: RawClient,
	{ name = 'SCRAM-SHA-256', user = 'ann', password = 'secret', header = 'n,,', ...more }: Attempt,
): Promise<{ answer: string; proven?: boolean }> {
	const digest = name.includes('256') ? 'sha256' : 'sha1';
	const hmac = (key: Buffer, text: string): Buffer => createHmac(digest, key).update(text).digest();
	const say = async (text: string): Promise<string> => {
		client.write(`${text}\r\n`);
		return (await client.until(/\r\n$/)).trimEnd();
	};
	const base64 = (text: string): string => Buffer.from(text).toString('base64');
	const bare = `n=${user},r=fyko+d2lbbFgONRv9qkxdawL`;
	const first = await say(`a AUTHENTICATE ${name} ${base64(header + bare)}`);
	if (!first.startsWith('+')) return { answer: first };
	const serverFirst = Buffer.from(first.slice(2), 'base64').toString();
	const [, nonce, salt, count] = /^r=(.+),s=(.+),i=(\d+)$/.exec(serverFirst) as string[] as [
		string,
		string,
		string,
		string,
	];
	expect(nonce.startsWith('fyko+d2lbbFgONRv9qkxdawL')).toBe(true);
	const length = createHash(digest).digest().length;
	const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(count), length, digest);
	const clientKey = hmac(salted, 'Client Key');
	const bound = Buffer.concat([Buffer.from(header), more.binding ?? Buffer.alloc(0)]);
	const withoutProof = `c=${bound.toString('base64')},r=${more.nonce ?? nonce}`;
	const message = `${bare},${serverFirst},${withoutProof}`;
	const signature = hmac(createHash(digest).update(clientKey).digest(), message);
	const proof = Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] as number)));
	const last = await say(base64(`${withoutProof},p=${proof.toString('base64')}`));
	if (!last.startsWith('+')) return { answer: last };
	const verifier = hmac(hmac(salted, 'Server Key'), message).toString('base64');
	const proven = Buffer.from(last.slice(2), 'base64').toString() === `v=${verifier}`;
	return { answer: await say(''), proven };
}

const FAILED = { answer: expect.stringMatching(/^a NO \[AUTHENTICATIONFAILED\]/) as string };

test.each(['SCRAM-SHA-1', 'SCRAM-SHA-256'] as const)('%s: both prove themselves', async (name) => {
	const client = await RawClient.connect(await started());
	const { answer, proven } = await attempt(client, { name });
	expect(answer).toMatch(/^a OK \[CAPABILITY /);
	expect(proven).toBe(true);
});

test('names with = and , are escaped', async () => {
	const client = await RawClient.connect(await started());
	const { answer } = await attempt(client, { user: 'a=3Dn=2Cn', password: 's\u00e9cret' });
	expect(answer).toMatch(/^a OK /);
});

test.each<[string, Attempt]>([
	['a wrong password', { password: 'wrong' }],
	['a user who does not exist', { user: 'nobody' }],
	['another nonce', { nonce: 'mine' }],
	['something bound without TLS', { binding: Buffer.from('x') }],
	['a binding demanded of a mechanism without', { header: 'p=tls-exporter,,' }],
])('refused: %s', async (_what, given) => {
	const client = await RawClient.connect(await started());
	expect(await attempt(client, given)).toEqual(FAILED);
});

test('acts as another', async () => {
	const client = await RawClient.connect(await started({ mayActAs: () => true }));
	expect((await attempt(client, { header: 'n,a=a=3Dn=2Cn,' })).answer).toMatch(/^a OK /);
	const plain = await RawClient.connect(await started());
	const { answer } = await attempt(plain, { header: 'n,a=a=3Dn=2Cn,' });
	expect(answer).toMatch(/^a NO \[AUTHORIZATIONFAILED\]/);
});

async function secured(maxVersion: tls.SecureVersion = 'TLSv1.3'): Promise<Secured> {
	const { server: certificate } = inject('certificates');
	return overTls(await started({ tls: certificate }), { maxVersion });
}

const exported = (socket: tls.TLSSocket): Buffer =>
	socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
const endPoint = (socket: tls.TLSSocket): Buffer =>
	createHash('sha256')
		.update((socket.getPeerCertificate() as tls.DetailedPeerCertificate).raw)
		.digest();

test.each(['SCRAM-SHA-1-PLUS', 'SCRAM-SHA-256-PLUS'] as const)(
	'%s binds to the TLS connection or to the certificate',
	async (name) => {
		for (const [type, bindingOf] of [
			['tls-exporter', exported],
			['tls-server-end-point', endPoint],
		] as const) {
			const { client, socket } = await secured();
			const given = { name, header: `p=${type},,`, binding: bindingOf(socket) };
			expect((await attempt(client, given)).answer).toMatch(/^a OK /);
		}
	},
);

test('tls-unique before TLS 1.3 only', async () => {
	const name = 'SCRAM-SHA-256-PLUS';
	const header = 'p=tls-unique,,';
	const old = await secured('TLSv1.2');
	const given = { name, header, binding: old.socket.getFinished() } as const;
	expect((await attempt(old.client, given)).answer).toMatch(/^a OK /);
	const { client, socket } = await secured();
	expect(await attempt(client, { name, header, binding: socket.getFinished() })).toEqual(FAILED);
});

test('a binding to another connection is refused', async () => {
	const [one, other] = [await secured(), await secured()];
	const header = 'p=tls-exporter,,';
	const binding = exported(other.socket);
	expect(await attempt(one.client, { name: 'SCRAM-SHA-256-PLUS', header, binding })).toEqual(
		FAILED,
	);
});

test('who could bind and says it was not offered is refused where it is', async () => {
	const { client } = await secured();
	expect(await attempt(client, { header: 'y,,' })).toEqual(FAILED);
	const clear = await RawClient.connect(await started());
	expect((await attempt(clear, { header: 'y,,' })).answer).toMatch(/^a OK /);
});

test('-PLUS is offered under TLS only, with STARTTLS too', async () => {
	const { server: certificate } = inject('certificates');
	const server = await started({ starttls: certificate });
	const clear = await RawClient.connect(server);
	expect((await clear.untagged('CAPABILITY'))[0]).not.toContain('-PLUS');
	const name = 'SCRAM-SHA-256-PLUS';
	expect((await attempt(clear, { name })).answer).toMatch(/^a NO Unsupported/);
	const { client, socket } = await overStartTls(server);
	expect((await client.untagged('CAPABILITY'))[0]).toContain(` AUTH=${name}`);
	const given = { name, header: 'p=tls-exporter,,', binding: exported(socket) } as const;
	expect((await attempt(client, given)).answer).toMatch(/^a OK /);
});
