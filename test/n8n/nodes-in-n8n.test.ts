/**
 * The package in a full n8n, as a user installs it: credentials entered and tested in its REST
 * interface, workflows executed headless, over TLS with an authority of the tests' own.
 */
import { randomBytes } from 'node:crypto';
import type { IRun } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { credentialOf, withCredential, type Account } from '../../demo/account';
import { chain } from '../../demo/n8n/chain';
import type { RealN8n } from '../../demo/n8n/real-n8n';
import type { N8nRest } from '../../demo/n8n/rest';
import type { WorkflowFile } from '../../demo/run-workflow';
import { Imap4 } from '../../engine/index';
import { MemoryServer } from '../server';
import { preparedN8n } from './prepared-n8n';

const certificates = inject('certificates');
const dovecot = inject('dovecot');

const freshUser = () => `u${randomBytes(6).toString('hex')}`;
const tls = { security: 'tls', ca: certificates.ca } as const;

/** Where a user without mail comes from. */
interface MailServer {
	name: string;
	freshAccount(): Account;
}

let memory: MemoryServer;
const mailServers: MailServer[] = [
	{
		name: 'the in-memory server',
		freshAccount: () => {
			const [user, password] = [freshUser(), 'p"\\ä ss'];
			memory.addAccount(user, password);
			return { ...tls, host: memory.host, port: memory.port, user, password };
		},
	},
];
if ('missing' in dovecot) {
	console.log(`Left out: the nodes in n8n on Dovecot, because ${dovecot.missing}`);
} else {
	const { host, ports, password } = dovecot;
	mailServers.push({
		name: 'Dovecot',
		freshAccount: () => ({ ...tls, host, port: ports.tls, user: freshUser(), password }),
	});
}

let n8n: RealN8n;
let rest: N8nRest;
beforeAll(async () => {
	memory = await MemoryServer.start({ tls: certificates.server, quotaBytes: 1024 ** 2 });
	n8n = await preparedN8n();
	rest = await n8n.startEditor();
});
afterAll(async () => {
	await n8n?.dispose();
	await memory.stop();
});

/** What the last run of `node` put out. */
const outputOf = (run: IRun, node: string) =>
	(run.data.resultData.runData[node]?.at(-1)?.data?.main?.[0] ?? []).map(({ json }) => json);

async function execute(workflow: WorkflowFile, account: Account): Promise<IRun> {
	const id = randomBytes(8).toString('hex');
	const credential = credentialOf(account, `c${id}`, `Account ${id}`);
	await n8n.importCredentials([credential]);
	await n8n.importWorkflows([{ ...withCredential(workflow, credential), id }]);
	return n8n.execute(id);
}

describe.each(mailServers)('on $name', ({ freshAccount }) => {
	test('the Test button logs in, and names the cause when it cannot', async () => {
		const account = freshAccount();
		const { type, data } = credentialOf(account, '', '');
		expect(await rest.testCredential(type, data)).toMatchObject({
			status: 'OK',
			message: expect.stringContaining(
				`Logged in as ${account.user} at ${account.host}:${account.port}.`,
			) as string,
		});

		const noAuthority = await rest.testCredential(type, { ...data, caCertificate: '' });
		expect(noAuthority).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/certificate/i) as string,
		});
	});

	test('the three nodes change a mailbox, and the server has it so', async () => {
		const account = freshAccount();
		const mailbox = { __rl: true, mode: 'path', value: 'Prüfung "1"' };
		const run = await execute(
			chain(
				'Three nodes',
				{
					name: 'Create',
					type: 'n8n-nodes-imap4.imap4Message',
					parameters: {
						resource: 'message',
						operation: 'create',
						mailbox,
						createIfMissing: true,
						source: 'raw',
						raw: 'From: anna@mail.example\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nHallo',
					},
				},
				{
					name: 'Star',
					type: 'n8n-nodes-imap4.imap4Flags',
					parameters: {
						resource: 'flag',
						operation: 'add',
						messages: 'input',
						systemFlags: ['\\Flagged'],
						keywords: 'tested',
					},
				},
				{
					name: 'Get Many',
					type: 'n8n-nodes-imap4.imap4Message',
					parameters: { resource: 'message', operation: 'getMany', mailbox, returnAll: true },
				},
				{
					name: 'Mailboxes',
					type: 'n8n-nodes-imap4.imap4Mailbox',
					parameters: { resource: 'mailbox', operation: 'getMany', returnAll: true },
				},
			),
			account,
		);
		expect(run.data.resultData.error).toBeUndefined();
		expect(run.status).toBe('success');
		expect(outputOf(run, 'Get Many')).toMatchObject([{ subject: 'Grüße' }]);
		expect(JSON.stringify(outputOf(run, 'Mailboxes'))).toContain('Prüfung \\"1\\"');

		const { host, port, user, password } = account;
		await using imap = await Imap4.connect({
			host,
			port,
			security: 'tls',
			tls: { ca: certificates.ca },
			auth: { user, password },
		});
		const { exists } = await imap.open('Prüfung "1"', { readOnly: true });
		expect(exists).toBe(1);
		expect(await imap.selected.search({ flagged: true, keyword: 'tested' })).toHaveLength(1);
	});

	test("n8n's own IMAP credential logs in, as it does for n8n's Email Trigger", async () => {
		const { host, port, user, password } = freshAccount();
		const data = { host, port, user, password, secure: true };
		const selfSigned = { ...data, allowUnauthorizedCerts: true };
		expect(await rest.testCredential('imap', selfSigned)).toMatchObject({ status: 'OK' });
		const inbox = { __rl: true, mode: 'path', value: 'INBOX' };
		const node = (name: string, parameters: object) => ({
			name,
			type: 'n8n-nodes-imap4.imap4Message',
			parameters: { authentication: 'n8n', resource: 'message', mailbox: inbox, ...parameters },
		});
		const workflow = chain(
			'Own credential',
			node('Create', { operation: 'create', source: 'raw', raw: 'Subject: Hello\r\n\r\nText' }),
			node('Get', { operation: 'get', body: 'text' }),
		);
		const run = async (fields: Record<string, unknown>): Promise<IRun> => {
			const id = randomBytes(8).toString('hex');
			await n8n.importCredentials([
				{ id: `c${id}`, name: `IMAP ${id}`, type: 'imap', data: fields as never },
			]);
			const nodes = workflow.nodes.map((one) => ({
				...one,
				...(one.type.startsWith('n8n-nodes-imap4')
					? { credentials: { imap: { id: `c${id}`, name: `IMAP ${id}` } } }
					: {}),
			}));
			await n8n.importWorkflows([{ ...workflow, nodes, id }]);
			return n8n.execute(id);
		};
		const done = await run(selfSigned);
		expect(done.data.resultData.error).toBeUndefined();
		expect(outputOf(done, 'Get')).toMatchObject([{ subject: 'Hello', text: 'Text' }]);

		// As n8n does, a certificate that nobody vouches for is refused unless it is allowed.
		const refused = await run({ ...data, allowUnauthorizedCerts: false });
		expect(refused.status).toBe('error');
		expect(JSON.stringify(refused.data.resultData.error)).toMatch(/certificate/i);
	});

	test('access rights, quota, namespaces, annotations, server', async () => {
		const account = freshAccount();
		const inbox = { __rl: true, mode: 'path', value: 'INBOX' };
		// Not "anyone": on Dovecot the mailbox would be listed for the accounts of all other tests.
		const reader = freshUser();
		const node = (name: string, type: string, resource: string, parameters: object) => ({
			name,
			type: `n8n-nodes-imap4.${type}`,
			parameters: { resource, ...parameters },
			// What one of them puts out is not one item for the next.
			executeOnce: true,
		});
		const run = await execute(
			chain(
				'Five nodes',
				node('Set Rights', 'imap4Acl', 'access', {
					operation: 'set',
					mailbox: inbox,
					identifier: reader,
					rightsFrom: 'role',
					role: 'reader',
				}),
				node('Rights', 'imap4Acl', 'access', { operation: 'getMany', mailbox: inbox }),
				node('Quota', 'imap4Quota', 'quota', { operation: 'getMany', mailbox: inbox }),
				node('Namespaces', 'imap4Namespace', 'namespace', { operation: 'getMany' }),
				node('Annotate', 'imap4Annotation', 'annotation', {
					operation: 'set',
					place: 'mailbox',
					mailbox: inbox,
					entry: '/private/comment',
					value: 'Grüße',
				}),
				node('Annotation', 'imap4Annotation', 'annotation', {
					operation: 'get',
					place: 'mailbox',
					mailbox: inbox,
					entry: '/private/comment',
				}),
				node('Server', 'imap4Server', 'server', { operation: 'getInfo' }),
			),
			account,
		);
		expect(run.data.resultData.error).toBeUndefined();
		expect(outputOf(run, 'Set Rights')).toMatchObject([{ before: '', changed: true }]);
		expect(outputOf(run, 'Rights').map(({ identifier }) => identifier)).toContain(reader);
		expect(outputOf(run, 'Quota')).toContainEqual(
			expect.objectContaining({ mailbox: 'INBOX', resource: 'STORAGE' }),
		);
		expect(outputOf(run, 'Namespaces')).toContainEqual({
			kind: 'personal',
			prefix: '',
			delimiter: '/',
		});
		expect(outputOf(run, 'Annotation')).toMatchObject([{ value: 'Grüße', via: 'METADATA' }]);
		expect(outputOf(run, 'Server')).toMatchObject([{ user: account.user, encrypted: true }]);
	});

	test('a workflow that fails says which mailbox and what to do', async () => {
		const run = await execute(
			chain('Fails', {
				name: 'Get Many',
				type: 'n8n-nodes-imap4.imap4Message',
				parameters: {
					resource: 'message',
					operation: 'getMany',
					mailbox: { __rl: true, mode: 'path', value: 'Nowhere' },
				},
			}),
			freshAccount(),
		);
		expect(run.status).toBe('error');
		expect(run.data.resultData.lastNodeExecuted).toBe('Get Many');
		expect(JSON.stringify(run.data.resultData.error)).toContain('Nowhere');
	});
});

test('a wrong password is named by the Test button, and shown nowhere', async () => {
	const account = mailServers[0]?.freshAccount() as Account;
	const secret = 'not-the-password';
	const { type, data } = credentialOf({ ...account, password: secret }, '', '');
	const answer = await rest.testCredential(type, data);
	expect(answer).toMatchObject({
		status: 'Error',
		message: expect.stringMatching(/login was refused/i) as string,
	});
	expect(JSON.stringify(answer)).not.toContain(secret);
});

test.each([
	[
		{ provider: 'google' },
		/^https:\/\/accounts\.google\.com\/o\/oauth2\/v2\/auth\?/,
		{ scope: 'https://mail.google.com/', access_type: 'offline' },
	],
	[
		{ provider: 'microsoft', tenant: 'contoso.example' },
		/^https:\/\/login\.microsoftonline\.com\/contoso\.example\/oauth2\/v2\.0\/authorize\?/,
		{ scope: 'https://outlook.office.com/IMAP.AccessAsUser.All offline_access' },
	],
	[
		{
			provider: 'other',
			otherAuthUrl: 'https://id.mail.example/authorize',
			otherAccessTokenUrl: 'https://id.mail.example/token',
			otherScope: 'mail',
			host: 'imap.mail.example',
			port: 993,
		},
		/^https:\/\/id\.mail\.example\/authorize\?/,
		{ scope: 'mail' },
	],
])('the OAuth2 credential leads to the provider: %j', async (fields, address, parameters) => {
	const { id } = await rest.request<{ id: string }>('POST', '/credentials', {
		name: `OAuth2 ${fields.provider}`,
		type: 'imap4OAuth2Api',
		data: { user: 'anna@mail.example', clientId: 'client-4711', clientSecret: 'x', ...fields },
	});
	const uri = await rest.request<string>('GET', `/oauth2-credential/auth?id=${id}`);
	expect(uri).toMatch(address);
	expect(Object.fromEntries(new URL(uri).searchParams)).toMatchObject({
		client_id: 'client-4711',
		response_type: 'code',
		...parameters,
	});
});

test('n8n lists the nodes under the names of package.json', async () => {
	const types = (await (
		await fetch(`${n8n.address}/types/nodes.json`, { headers: rest.headers })
	).json()) as Array<{
		name: string;
		usableAsTool?: boolean;
	}>;
	const ours = types.map(({ name }) => name).filter((name) => name.startsWith('n8n-nodes-imap4.'));
	expect(ours).toEqual(
		expect.arrayContaining([
			'n8n-nodes-imap4.imap4Mailbox',
			'n8n-nodes-imap4.imap4Message',
			'n8n-nodes-imap4.imap4Flags',
		]),
	);
});
