/** Who is not the server that was meant gets no password: RFC 8314 §3.4, RFC 9325. */
import { X509Certificate } from 'node:crypto';
import type tls from 'node:tls';
import { describe, expect, inject, test } from 'vitest';
import type { TlsOptions } from '../../engine/index';
import { nothingUnhandled } from '../engine/client/fake-transport';
import type { Identity } from '../real/certificates';
import { makeCertificates } from '../real/certificates';
import { AUTH, connected, hostile, PASSWORD, refusalOf, stopAfterEach } from './attempt';
import type { HostileServer } from './hostile-server';

nothingUnhandled();
stopAfterEach();

const { ca, server: good, otherHost, selfSigned, expired, client } = inject('certificates');
const fingerprintOf = ({ cert }: Identity): string => new X509Certificate(cert).fingerprint256;

const GREETING = '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n';

function serve(
	security: 'tls' | 'starttls',
	identity: Identity,
	options: tls.TLSSocketOptions & tls.SecureContextOptions = {},
): Promise<HostileServer> {
	if (security === 'tls') {
		return hostile(
			async (end) => {
				end.send(GREETING);
				await end.answer('AUTHENTICATE', '* CAPABILITY IMAP4rev1');
				await end.gone();
			},
			{ ...identity, ...options },
		);
	}
	return hostile(async (end) => {
		end.send('* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n');
		end.send(`${await end.command('STARTTLS')} OK go\r\n`);
		await end.secure(identity, options);
		await end.answer('CAPABILITY', '* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR');
		await end.answer('AUTHENTICATE', '* CAPABILITY IMAP4rev1');
		await end.gone();
	});
}

describe.each(['tls', 'starttls'] as const)('over %s', (security) => {
	async function refused(
		server: HostileServer,
		options: TlsOptions,
		code: string,
		words?: RegExp,
	): Promise<void> {
		const error = await refusalOf(connected(server, { security, tls: options, auth: AUTH }));
		expect(error.code).toBe(code);
		if (words) expect(error.message).toMatch(words);
		await expect.poll(() => server.open).toBe(0);
		// Not even the first command that would go under TLS.
		expect(server.received).toMatch(security === 'tls' ? /^$/ : /^\w+ STARTTLS\r\n$/);
		expect(server.received).not.toContain(PASSWORD);
	}

	test('a certificate that has expired', async () => {
		await refused(await serve(security, expired), { ca }, 'TLS_CERTIFICATE', /expired/);
	});

	test('a self-signed one', async () => {
		await refused(await serve(security, selfSigned), { ca }, 'TLS_CERTIFICATE', /self-signed/);
		await refused(await serve(security, selfSigned), {}, 'TLS_CERTIFICATE', /self-signed/);
	});

	test('one for another host', async () => {
		await refused(await serve(security, otherHost), { ca }, 'TLS_CERTIFICATE', /another host/);
	});

	test('the right one under a name that it is not for', async () => {
		const tls = { ca, serverName: 'mail.example' };
		await refused(await serve(security, good), tls, 'TLS_CERTIFICATE', /mail\.example/);
	});

	test('one of an authority of the same name, which is another', async () => {
		const forged = await makeCertificates();
		await refused(await serve(security, forged.server), { ca }, 'TLS_CERTIFICATE');
	});

	test('one of an authority that is nobody’s', async () => {
		await refused(await serve(security, good), {}, 'TLS_CERTIFICATE', /not trusted/);
	});

	test('one that took the place of the pinned one, although its authority is trusted', async () => {
		const { server: renewed, ca: other } = await makeCertificates();
		const pinned = { fingerprint256: fingerprintOf(good) };
		await refused(
			await serve(security, renewed),
			{ ...pinned, ca: other },
			'TLS_CERTIFICATE',
			new RegExp(fingerprintOf(renewed)),
		);
		await refused(
			await serve(security, renewed),
			{ ...pinned, rejectUnauthorized: false },
			'TLS_CERTIFICATE',
		);
	});

	test.each(['TLSv1', 'TLSv1.1'] as const)('%s', async (version) => {
		const old = { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' } as const;
		await refused(await serve(security, good, old), { ca }, 'TLS_FAILED');
		const anyone = { rejectUnauthorized: false };
		await refused(await serve(security, good, old), anyone, 'TLS_FAILED');
	});

	test('a server below the version that is asked for', async () => {
		const server = await serve(security, good, { maxVersion: 'TLSv1.2' });
		await refused(server, { ca, minVersion: 'TLSv1.3' }, 'TLS_FAILED');
	});

	test.each(['TLSv1.2', 'TLSv1.3'] as const)(
		'a server that demands a certificate, over %s: an error, and with one it works',
		async (version) => {
			const demand = {
				requestCert: true,
				rejectUnauthorized: true,
				ca,
				minVersion: version,
				maxVersion: version,
			};
			const server = await serve(security, good, demand);
			const error = await refusalOf(connected(server, { security, tls: { ca }, auth: AUTH }));
			expect(['TLS_FAILED', 'CONNECTION_LOST']).toContain(error.code);
			await expect.poll(() => server.open).toBe(0);
			expect(server.received).not.toContain(Buffer.from(PASSWORD).toString('base64').slice(0, 12));
			const { cert, key } = client;
			const imap = await connected(server, { security, tls: { ca, cert, key }, auth: AUTH });
			expect(imap.state).toBe('authenticated');
			expect(imap.secure).toBe(true);
		},
	);
});
