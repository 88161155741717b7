import { expect, inject, onTestFinished, test } from 'vitest';
import { CERTIFIED_USER } from '../real/certificates';
import type { MemoryServerOptions } from './index';
import { MemoryServer } from './index';
import { RawClient, loggedIn } from './raw-client';
import { overStartTls, overTls } from './raw-tls';

const { server: certificate, client: certified, selfSigned, ca } = inject('certificates');

async function started(options: MemoryServerOptions): Promise<MemoryServer> {
	const server = await MemoryServer.start({ clientAuthority: ca, ...options });
	onTestFinished(() => server.stop());
	for (const user of [CERTIFIED_USER, 'localhost', 'bob']) server.addAccount(user, 'secret');
	return server;
}

const asBob = Buffer.from('bob').toString('base64');

test('the common name of a certificate lets in, with TLS from the start or later', async () => {
	for (const [option, connect] of [
		['tls', overTls],
		['starttls', overStartTls],
	] as const) {
		const { client } = await connect(await started({ [option]: certificate }), certified);
		expect((await client.untagged('CAPABILITY'))[0]).toContain(' AUTH=EXTERNAL');
		expect((await client.send('AUTHENTICATE EXTERNAL ='))[0]).toMatch(/^OK/);
	}
});

test('no certificate, or one the authority has not signed: refused', async () => {
	const server = await started({ tls: certificate });
	for (const shown of [{}, selfSigned]) {
		const { client } = await overTls(server, shown);
		const [answer] = await client.send('AUTHENTICATE EXTERNAL =');
		expect(answer).toMatch(/^NO \[AUTHENTICATIONFAILED\]/);
	}
});

test('as another only who may', async () => {
	const refusing = await overTls(await started({ tls: certificate }), certified);
	const [refused] = await refusing.client.send(`AUTHENTICATE EXTERNAL ${asBob}`);
	expect(refused).toMatch(/^NO \[AUTHORIZATIONFAILED\]/);
	const server = await started({ tls: certificate, mayActAs: (user) => user === CERTIFIED_USER });
	const { client } = await overTls(server, certified);
	expect((await client.send(`AUTHENTICATE EXTERNAL ${asBob}`))[0]).toMatch(/^OK/);
});

test('not offered in clear text, nor without an authority', async () => {
	const clear = await RawClient.connect(await started({ starttls: certificate }));
	expect((await clear.send('AUTHENTICATE EXTERNAL ='))[0]).toMatch(/^NO Unsupported/);
	const { server } = await loggedIn([], { starttls: certificate });
	const { client } = await overStartTls(server, certified);
	expect((await client.send('AUTHENTICATE EXTERNAL ='))[0]).toMatch(/^NO Unsupported/);
});
