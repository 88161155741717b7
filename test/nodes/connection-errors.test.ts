/** What a node says when there is no connection or no login, and that it never says the password. */
import net from 'node:net';
import { describe, expect, inject, test } from 'vitest';
import { errorOf, PASSWORD, runNode, runToEnd, startServer, USER } from './run-node';

const certificates = inject('certificates');
const run = { node: 'imap4Mailbox', operation: 'getMany' } as const;

async function closedPort(): Promise<number> {
	const server = net.createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as net.AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

describe('the error of the node', () => {
	test('a closed port', async () => {
		const port = await closedPort();
		const { message, description } = await errorOf({ ...run, server: { host: '127.0.0.1', port } });
		expect(message).toContain(`Nothing accepts connections on 127.0.0.1:${port}`);
		expect(description).toContain('firewall');
	});

	test('a host that does not exist', async () => {
		const { message, description } = await errorOf({
			...run,
			server: { host: 'nowhere.invalid', port: 143 },
		});
		expect(message).toContain('nowhere.invalid cannot be resolved');
		expect(description).toContain('Check the host');
	});

	test('TLS on a port that speaks clear text', async () => {
		const server = await startServer();
		const { message, description } = await errorOf({ ...run, server, authentication: 'ssl' });
		expect(message).toContain('does not speak TLS');
		expect(description).toContain('STARTTLS');
	});

	test('clear text on a port that speaks TLS', async () => {
		const server = await startServer({ tls: certificates.server });
		const { message, description } = await errorOf({ ...run, server });
		expect(message).toContain('speaks TLS from the first byte');
		expect(message).not.toContain('security');
		expect(description).toContain('SSL/TLS credential');
		expect(server.commands).toEqual([]);
	});

	test('STARTTLS where there is none: nothing secret is sent', async () => {
		const server = await startServer();
		const { message } = await errorOf({ ...run, server, authentication: 'startTls' });
		expect(message).toContain('does not offer STARTTLS');
		expect(server.commands.map(({ name }) => name)).not.toContain('AUTHENTICATE');
		expect(server.commands.map(({ name }) => name)).not.toContain('LOGIN');
	});

	test('a certificate that is not trusted, and the ways to trust it', async () => {
		const server = await startServer({ tls: certificates.server });
		const ssl = { ...run, server, authentication: 'ssl' } as const;
		const { message, description } = await errorOf(ssl);
		expect(message).toContain('certificate');
		expect(description).toContain('fingerprint');
		// As a password field or a careless paste has it: blanks in place of line ends.
		for (const caCertificate of [certificates.ca, certificates.ca.replace(/\n/g, ' ')]) {
			expect(await runNode({ ...ssl, credential: { caCertificate } })).toHaveLength(1);
		}
		expect(await runNode({ ...ssl, credential: { ignoreCertificateErrors: true } })).toHaveLength(
			1,
		);
	});

	test('STARTTLS with the right authority', async () => {
		const server = await startServer({
			starttls: certificates.server,
			allowPlaintextLogin: false,
		});
		const output = await runNode({
			...run,
			server,
			authentication: 'startTls',
			credential: { caCertificate: certificates.ca },
		});
		expect(output).toHaveLength(1);
	});

	test('a certificate for another host, unless its name is given', async () => {
		const server = await startServer({ tls: certificates.otherHost });
		const ssl = { ...run, server, authentication: 'ssl' } as const;
		const credential = { caCertificate: certificates.ca };
		const { message, description } = await errorOf({ ...ssl, credential });
		expect(message).toMatch(
			/is for another host \([\w.*-]+(?:, [\w.*-]+)*\), not for 127\.0\.0\.1$/,
		);
		expect(description).toMatch(/one of the names in the certificate.*"Server Name"/);
		const named = { ...credential, serverName: 'mail.example' };
		expect(await runNode({ ...ssl, credential: named })).toHaveLength(1);
	});

	test('a certificate that is out of date', async () => {
		const server = await startServer({ tls: certificates.expired });
		const credential = { caCertificate: certificates.ca };
		const { message, description } = await errorOf({
			...run,
			server,
			authentication: 'ssl',
			credential,
		});
		expect(message).toContain('has expired');
		expect(description).toMatch(/must renew it\. .*clock/);
	});

	test('a certificate that is self-signed', async () => {
		const server = await startServer({ tls: certificates.selfSigned });
		const { message, description } = await errorOf({ ...run, server, authentication: 'ssl' });
		expect(message).toContain('is self-signed');
		expect(description).toMatch(/"Certificate Authority \(PEM\)".*fingerprint/);
	});

	test('a password that is empty', async () => {
		const server = await startServer();
		const { message } = await errorOf({ ...run, server, credential: { password: '' } });
		expect(message).toContain('"Password" of the credential is empty');
		expect(server.connections.total).toBe(0);
	});

	test('a login over clear text that the server forbids', async () => {
		const server = await startServer({ starttls: certificates.server, allowPlaintextLogin: false });
		const { description } = await errorOf({ ...run, server });
		expect(description).toContain('STARTTLS credential');
		expect(server.commands.map(({ line }) => line).join()).not.toContain(PASSWORD);
	});

	test('a wrong password: the words of the server, never the password', async () => {
		const server = await startServer();
		const password = 'topsecret-4711';
		for (const continueOnFail of [false, true]) {
			const end = await runToEnd({ ...run, server, credential: { password }, continueOnFail });
			const all = JSON.stringify(end.nodes) + JSON.stringify(end.error) + String(end.error?.stack);
			expect(all).toContain('AUTHENTICATIONFAILED');
			expect(all).toContain('app password');
			expect(all).not.toContain(password);
			expect(all).not.toContain(Buffer.from(password).toString('base64').slice(0, 12));
		}
	});

	test.each(['user', 'password'])('a line end in the %s is not sent as one', async (field) => {
		const server = await startServer();
		const { message } = await errorOf({
			...run,
			server,
			credential: { [field]: 'x\r\nA1 DELETE INBOX' },
		});
		expect(message).toContain('failed');
		expect(server.commands.map(({ name }) => name)).not.toContain('DELETE');
		expect(server.commands.map(({ tag }) => tag)).not.toContain('A1');
	});

	test.each([
		[{ host: '' }, '"Host"'],
		[{ host: 'imaps://mail.example' }, 'not a URL'],
		[{ user: '' }, '"User"'],
		[{ port: 70_000 }, '"Port"'],
	])('%j is refused before anything is tried', async (credential, said) => {
		const server = await startServer();
		const { message } = await errorOf({ ...run, server, credential });
		expect(message).toContain(said);
		expect(server.connections.total).toBe(0);
	});

	test('Continue On Fail: every item says what failed', async () => {
		const port = await closedPort();
		const output = await runNode({
			...run,
			server: { host: '127.0.0.1', port },
			items: [{}, {}],
			continueOnFail: true,
		});
		expect(output).toEqual(
			[0, 1].map((item) => ({
				json: {
					error: expect.stringContaining('Nothing accepts connections') as string,
					details: expect.stringContaining('firewall') as string,
				},
				pairedItem: { item },
			})),
		);
	});
});

test('an item that fails goes to the error output, where there is one', async () => {
	const server = await startServer();
	const end = await runToEnd({
		node: 'imap4Mailbox',
		operation: 'create',
		server,
		items: [{ name: 'new' }, { name: 'INBOX' }],
		onError: 'continueErrorOutput',
		parameters: { path: '={{ $json.name }}' },
	});
	const [good, bad] = end.nodes.at(-1)?.output ?? [];
	expect(good?.map(({ json }) => json.mailbox)).toEqual(['new']);
	expect(bad?.map(({ json }) => [json.name, json.error])).toEqual([
		['INBOX', expect.stringContaining('ALREADYEXISTS')],
	]);
});

test('the account is known by its user: no item holds the password', async () => {
	const server = await startServer();
	const end = await runToEnd({ ...run, server });
	expect(JSON.stringify(end.nodes)).not.toContain(JSON.stringify(PASSWORD).slice(1, -1));
	expect(JSON.stringify(end.nodes)).not.toContain(USER);
});
