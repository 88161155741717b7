/** The Test button of the credentials. */
import type {
	ICredentialTestFunctions,
	IDataObject,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { describe, expect, inject, test } from 'vitest';
import { Imap4Message } from '../../nodes/Imap4Message/Imap4Message.node';
import { PASSWORD, startServer, USER } from './run-node';

const certificates = inject('certificates');
const { imap4Login } = new Imap4Message().methods.credentialTest;

function button(type: string, data: IDataObject): Promise<INodeCredentialTestResult> {
	return imap4Login.call({} as ICredentialTestFunctions, {
		id: '1',
		name: 'x',
		type,
		data: { user: USER, password: PASSWORD, ...(data as Record<string, string>) },
	});
}

describe('Test', () => {
	test('each kind of account', async () => {
		const plain = await startServer();
		const tls = await startServer({ tls: certificates.server });
		const startTls = await startServer({ starttls: certificates.server });
		const caCertificate = certificates.ca;
		const at = ({ host, port }: typeof plain) => ({ host, port });
		const success = ({ host, port }: typeof plain) => ({
			status: 'OK',
			message: `Logged in as ${USER} at ${host}:${port}. The server is In-memory IMAP4 server.`,
		});
		expect(await button('imap4PlainApi', at(plain))).toEqual(success(plain));
		expect(await button('imap4SslApi', { ...at(tls), caCertificate })).toEqual(success(tls));
		expect(await button('imap4StartTlsApi', { ...at(startTls), caCertificate })).toEqual(
			success(startTls),
		);
		expect(tls.connections.total).toBe(1);
		expect(tls.commands.map(({ name }) => name).at(-1)).toBe('LOGOUT');
	});

	test('a server that refuses ID is named by its greeting', async () => {
		const server = await startServer({
			faults: {
				on: ({ tag, line }) => (line.startsWith('ID') ? `${tag} BAD <b>no</b>\r\n` : undefined),
			},
		});
		const { status, message } = await button('imap4PlainApi', {
			host: server.host,
			port: server.port,
		});
		expect(status).toBe('OK');
		expect(message).toMatch(/^Logged in as .+ at 127\.0\.0\.1:\d+\. The server is \S.+\.$/);
		expect(message).not.toContain('<b>');
	});

	test('a certificate that is not known says where to enter it', async () => {
		const { host, port } = await startServer({ tls: certificates.selfSigned });
		expect(await button('imap4SslApi', { host, port })).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('turn on "TLS Options"') as string,
		});
	});

	test('a wrong password', async () => {
		const { host, port } = await startServer();
		const { status, message } = await button('imap4PlainApi', { host, port, password: 'wrong-1' });
		expect(status).toBe('Error');
		expect(message).toContain('The login was refused: the server says:');
		expect(message).toContain('[AUTHENTICATIONFAILED]');
		expect(message).not.toContain('wrong-1');
	});

	test.each<[string, string, object, RegExp]>([
		[
			'TLS, found clear text',
			'imap4SslApi',
			{},
			/does not speak TLS on this port\. This port is not encrypted/,
		],
		[
			'clear text, found TLS',
			'imap4PlainApi',
			{ tls: certificates.server },
			/speaks TLS from the first byte/,
		],
		['STARTTLS, none there', 'imap4StartTlsApi', {}, /does not offer STARTTLS\. .*SSL\/TLS/],
		[
			'an unknown authority',
			'imap4SslApi',
			{ tls: certificates.server },
			/issued by an authority that is not trusted here\. .*fingerprint/,
		],
		[
			'a self-signed certificate',
			'imap4SslApi',
			{ tls: certificates.selfSigned },
			/self-signed\. .*fingerprint/,
		],
		[
			'no login in clear text',
			'imap4PlainApi',
			{ starttls: certificates.server, allowPlaintextLogin: false },
			/STARTTLS credential/,
		],
	])('%s', async (_name, type, options, said) => {
		const { host, port } = await startServer(options);
		expect(await button(type, { host, port })).toEqual({
			status: 'Error',
			message: expect.stringMatching(said) as string,
		});
	});

	test('a pinned certificate, and another in its place', async () => {
		const { host, port } = await startServer({ tls: certificates.selfSigned });
		const { X509Certificate } = await import('node:crypto');
		const fingerprint = new X509Certificate(certificates.selfSigned.cert).fingerprint256;
		expect(await button('imap4SslApi', { host, port, fingerprint })).toMatchObject({
			status: 'OK',
		});
		const other = new X509Certificate(certificates.server.cert).fingerprint256;
		expect(await button('imap4SslApi', { host, port, fingerprint: other })).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('not the pinned one') as string,
		});
	});
});
