import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, inject, test } from 'vitest';
import type { ConnectOptions } from '../../engine/index';
import { Imap4, Imap4AbortError, Imap4Error } from '../../engine/index';
import type { MemoryServerOptions, Step } from '../server';
import { MemoryServer, ScriptedServer } from '../server';
import { onEachServer } from './on-each-server';

const { ca, server: certificate, otherHost, selfSigned } = inject('certificates');
const stopped: { stop(): Promise<void> }[] = [];

afterEach(async () => {
	for (const server of stopped.splice(0)) await server.stop();
});

/** The error of a connection that must not come about. */
async function failure(options: ConnectOptions): Promise<Imap4Error> {
	const outcome = await Imap4.connect({
		host: '127.0.0.1',
		timeouts: { connect: 5000, greeting: 5000, command: 5000 },
		...options,
	}).catch((error: unknown) => error);
	if (outcome instanceof Imap4) {
		outcome.destroy();
		throw new Error('It connects');
	}
	if (!(outcome instanceof Imap4Error)) throw outcome;
	return outcome;
}

async function memoryServer(options: MemoryServerOptions): Promise<MemoryServer> {
	const server = await MemoryServer.start(options);
	server.addAccount('ann', 'secret');
	stopped.push(server);
	return server;
}

async function scripted(...steps: Step[]): Promise<ScriptedServer> {
	const server = await ScriptedServer.start(steps);
	stopped.push(server);
	return server;
}

describe('no connection', () => {
	test('nothing listens on the port', async () => {
		const listener = createServer();
		await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
		const { port } = listener.address() as AddressInfo;
		await new Promise((resolve) => listener.close(resolve));
		for (const security of ['tls', 'starttls', 'none'] as const) {
			const error = await failure({ port, security });
			expect(error).toBeInstanceOf(Imap4AbortError);
			expect(error.code).toBe('CONNECTION_REFUSED');
			expect(error.message).toContain(`127.0.0.1:${port}`);
		}
	});

	test.each(['ENOTFOUND', 'EAI_AGAIN'])('the name cannot be resolved (%s)', async (code) => {
		const error = await failure({
			host: 'mail.invalid',
			port: 993,
			lookup: (_name, _options, callback) =>
				callback(Object.assign(new Error(`getaddrinfo ${code}`), { code }), '', 4),
		});
		expect(error).toMatchObject({ code: 'HOST_NOT_FOUND' });
		expect(error.message).toContain('mail.invalid');
	});

	test('the server says nothing', async () => {
		const { port } = await scripted({ expect: /never/ });
		const error = await failure({ port, security: 'none', timeouts: { greeting: 100 } });
		expect(error).toMatchObject({ code: 'TIMEOUT' });
		const silentTls = await failure({ port, security: 'tls', timeouts: { connect: 100 } });
		expect(silentTls).toMatchObject({ code: 'TIMEOUT' });
	});

	test('options of TLS that cannot be used are refused before anything is connected', async () => {
		const { key, cert } = certificate;
		for (const tls of [
			{ ca: 'no certificate' },
			{ ca: [ca, ''] },
			{ cert: 'no certificate', key },
			{ cert, key: 'no key' },
			{ cert, key: otherHost.key },
			{ minVersion: 'TLSv9' as 'TLSv1.3' },
			{ fingerprint256: 'AB:CD' },
		]) {
			for (const security of ['tls', 'starttls'] as const) {
				const error = await failure({ port: 1, security, tls });
				expect(error.code, JSON.stringify(Object.keys(tls))).toBe('ARGUMENT');
				expect(error.message).not.toContain('PRIVATE KEY');
			}
		}
	});

	test('a timeout of 0, a port that is none', async () => {
		for (const name of ['connect', 'greeting', 'command'] as const)
			expect(await failure({ timeouts: { [name]: 0 } })).toMatchObject({ code: 'ARGUMENT' });
		for (const port of [0, -1, 65536, 1.5])
			expect(await failure({ port })).toMatchObject({ code: 'ARGUMENT' });
	});

	test.each([
		['closes without a word', '', 'CONNECTION_LOST'],
		['closes within the greeting', '* OK hel', 'CONNECTION_LOST'],
		['speaks another protocol', '220 mail.example ESMTP\r\n', 'PROTOCOL'],
		['speaks HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'PROTOCOL'],
		['greets with NO', '* NO not today\r\n', 'PROTOCOL'],
		['says BYE', '* BYE too many connections\r\n', 'BYE'],
	])('the server %s', async (_what, send, code) => {
		const { port } = await scripted({ send, close: true });
		const error = await failure({ port, security: 'none' });
		expect(error).toBeInstanceOf(Imap4AbortError);
		expect(error.code).toBe(code);
		if (code === 'BYE') expect(error.serverText).toBe('too many connections');
	});

	test('the server goes away later: the command fails, and says during which', async () => {
		const { port } = await scripted(
			{ send: '* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n' },
			{ expect: /NOOP/, close: true },
		);
		const imap = await Imap4.connect({ host: '127.0.0.1', port, security: 'none' });
		const [noop, list] = await Promise.allSettled([imap.noop(), imap.list()]);
		expect(noop).toMatchObject({ reason: { code: 'CONNECTION_LOST', command: 'NOOP' } });
		expect(list).toMatchObject({ reason: { code: 'CONNECTION_LOST' } });
		expect(imap.closedBy?.code).toBe('CONNECTION_LOST');
	});
});

onEachServer((bench) => {
	const doors = (security: 'tls' | 'starttls'): ConnectOptions => ({
		host: bench.running.host,
		port: bench.running.port(security),
		security,
		auth: bench.running.freshAccount(),
	});

	test('TLS on a port that speaks clear text', async () => {
		const port = bench.running.port('none');
		const error = await failure({ port, security: 'tls', tls: { ca } });
		expect(error).toMatchObject({ name: 'Imap4AbortError', code: 'TLS_EXPECTED' });
		expect(error.message).toContain(String(port));
	});

	test('clear text on a port that speaks TLS', async () => {
		const port = bench.running.port('tls');
		const errors = await Promise.all(
			(['none', 'starttls'] as const).map((security) =>
				failure({ port, security, timeouts: { greeting: 10_000 } }),
			),
		);
		for (const error of errors) {
			expect(error).toMatchObject({ name: 'Imap4AbortError', code: 'CLEAR_TEXT_EXPECTED' });
			expect(error.message).toContain('speaks TLS from the first byte');
		}
	});

	describe.each(['tls', 'starttls'] as const)('%s', (security) => {
		test('an authority that is not trusted', async () => {
			const error = await failure(doors(security));
			expect(error).toMatchObject({ name: 'Imap4AbortError', code: 'TLS_CERTIFICATE' });
			expect(error.message).toMatch(/authority that is not trusted/);
		});

		test('a name that the certificate does not have', async () => {
			const error = await failure({
				...doors(security),
				tls: { ca, serverName: 'elsewhere.example' },
			});
			expect(error.code).toBe('TLS_CERTIFICATE');
			expect(error.message).toMatch(/another host.*elsewhere\.example/);
		});

		test('another name that the certificate has', async () => {
			const imap = await Imap4.connect({
				...doors(security),
				tls: { ca, serverName: 'localhost' },
			});
			expect(imap.state).toBe('authenticated');
			await imap.logout();
		});

		test('the pinned certificate needs no authority', async () => {
			const { fingerprint256 } = new X509Certificate(certificate.cert);
			for (const fingerprint of [
				fingerprint256,
				fingerprint256.replaceAll(':', '').toLowerCase(),
			]) {
				const tls = { fingerprint256: fingerprint };
				const imap = await Imap4.connect({ ...doors(security), tls });
				expect(imap.secure).toBe(true);
				await imap.logout();
			}
		});

		test('another certificate than the pinned one, although its authority is trusted', async () => {
			const { fingerprint256 } = new X509Certificate(otherHost.cert);
			const error = await failure({ ...doors(security), tls: { ca, fingerprint256 } });
			expect(error.code).toBe('TLS_CERTIFICATE');
			// The one shown is told, so that it can be compared and pinned.
			expect(error.message).toContain(new X509Certificate(certificate.cert).fingerprint256);
		});

		test('any certificate, if that is what was asked for', async () => {
			const imap = await Imap4.connect({ ...doors(security), tls: { rejectUnauthorized: false } });
			expect(imap.secure).toBe(true);
			await imap.logout();
		});
	});
});

describe.each(['tls', 'starttls'] as const)('certificates over %s', (security) => {
	const serve = (identity: typeof certificate): Promise<MemoryServer> =>
		memoryServer(security === 'tls' ? { tls: identity } : { starttls: identity });
	const auth = { user: 'ann', password: 'secret' };

	test('for another host', async () => {
		const server = await serve(otherHost);
		const error = await failure({ port: server.port, security, tls: { ca }, auth });
		expect(error.code).toBe('TLS_CERTIFICATE');
		expect(error.message).toMatch(/another host/);
		expect(server.commands.map(({ name }) => name)).not.toContain('LOGIN');
		expect(server.commands.map(({ name }) => name)).not.toContain('AUTHENTICATE');
	});

	test('a TLS version that the server does not speak', async () => {
		const server = await serve({ ...certificate, ...{ maxVersion: 'TLSv1.2' } });
		const tls = { ca, minVersion: 'TLSv1.3' } as const;
		const error = await failure({ port: server.port, security, tls, auth });
		expect(error).toMatchObject({ name: 'Imap4AbortError', code: 'TLS_FAILED' });
	});

	test('self-signed', async () => {
		const server = await serve(selfSigned);
		const error = await failure({ port: server.port, security, tls: { ca }, auth });
		expect(error.code).toBe('TLS_CERTIFICATE');
		expect(error.message).toMatch(/self-signed/);
		const imap = await Imap4.connect({
			host: '127.0.0.1',
			port: server.port,
			security,
			tls: { ca: selfSigned.cert },
			auth,
		});
		expect(imap.state).toBe('authenticated');
		imap.destroy();
	});
});

describe('STARTTLS is required', () => {
	const auth = { user: 'ann', password: 'secret' };

	test('and not offered: nothing secret is sent', async () => {
		const server = await memoryServer({});
		const error = await failure({ port: server.port, security: 'starttls', auth });
		expect(error).toMatchObject({ name: 'Imap4AbortError', code: 'STARTTLS' });
		expect(server.commands.map(({ name }) => name).filter((name) => name !== 'CAPABILITY')).toEqual(
			[],
		);
		await expect.poll(() => server.connections.open).toBe(0);
	});

	test('and the server is logged in already (PREAUTH)', async () => {
		const server = await memoryServer({
			starttls: certificate,
			greeting: 'PREAUTH',
			preauthUser: 'ann',
		});
		const error = await failure({ port: server.port, security: 'starttls', auth, tls: { ca } });
		expect(error).toMatchObject({ name: 'Imap4AbortError', code: 'STARTTLS' });
		expect(server.commands).toEqual([]);
	});

	test.each([
		['refused', 'NO not now\r\n'],
		['followed by clear text', 'OK go on\r\n* OK [ALERT] injected\r\n'],
	])('and %s', async (_what, answer) => {
		const server = await scripted(
			{ send: '* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n' },
			{ expect: /STARTTLS\r\n/, send: (received) => `${received.split(' ')[0]} ${answer}` },
		);
		const error = await failure({ port: server.port, security: 'starttls', auth, tls: { ca } });
		expect(error).toMatchObject({ name: 'Imap4AbortError', code: 'STARTTLS' });
		expect(server.received.join('')).not.toContain('secret');
		expect(server.received.join('')).toMatch(/^\w+ STARTTLS\r\n$/);
	});
});

describe('LOGINDISABLED', () => {
	test('on the in-memory server: nothing is sent, and over TLS the login works', async () => {
		const server = await memoryServer({ starttls: certificate, allowPlaintextLogin: false });
		const auth = { user: 'ann', password: 'secret' };
		const options = { host: '127.0.0.1', port: server.port, tls: { ca } };
		for (const mechanism of [undefined, 'LOGIN command'] as const) {
			const error = await failure({ ...options, security: 'none', auth: { ...auth, mechanism } });
			expect(error).not.toBeInstanceOf(Imap4AbortError);
			expect(error.code).toBe('LOGIN_DISABLED');
		}
		expect(JSON.stringify(server.commands)).not.toMatch(/secret|LOGIN|AUTHENTICATE/);
		const imap = await Imap4.connect({ ...options, security: 'starttls', auth });
		expect(imap.state).toBe('authenticated');
		imap.destroy();
	});

	const dovecot = inject('dovecot');
	test.skipIf('missing' in dovecot)(
		`on Dovecot${'missing' in dovecot ? ` (left out: ${dovecot.missing})` : ''}`,
		async () => {
			if ('missing' in dovecot) return;
			const sent: string[] = [];
			const options: ConnectOptions = {
				host: dovecot.strangeHost,
				port: dovecot.ports.plain,
				tls: { ca },
				trace: ({ direction, text }) => void (direction === 'send' && sent.push(text)),
			};
			const auth = { user: 'ann', password: dovecot.password };
			const demanded = { ...auth, mechanism: 'LOGIN command' as const };
			const error = await failure({ ...options, security: 'none', auth: demanded });
			expect(error.code).toBe('LOGIN_DISABLED');
			expect(sent.join('\n')).not.toMatch(/LOGIN|AUTHENTICATE/);
			// SCRAM and CRAM-MD5 keep the password to themselves, so they may be used in clear text.
			const clear = await Imap4.connect({ ...options, security: 'none', auth });
			expect(sent).toContainEqual(expect.stringMatching(/AUTHENTICATE S?CRAM-/));
			clear.destroy();
			const imap = await Imap4.connect({ ...options, security: 'starttls', auth });
			expect(imap.state).toBe('authenticated');
			imap.destroy();
		},
	);
});
