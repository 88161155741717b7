/** Runs what a page offers to paste, on the account of the examples with some more messages in it. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IConnections, IDataObject, INode, INodeExecutionData } from 'n8n-workflow';
import { NodeTypeRegistry, outputOf, runWorkflow } from '../../demo/run-workflow';
import { fill, PASSWORD, TARGET_USER, USER } from '../../docs/generator/example-account';
import { packageNodes, PACKAGE_NAME } from '../../docs/generator/package-nodes';
import { CREDENTIAL_TYPES, type Authentication } from '../../nodes/shared/account/authentication';
import { closeIdleConnections } from '../../nodes/shared/account/connection-pool';
import { credentialTypes } from '../nodes/credential-types';
import { inputNode } from '../nodes/input-node';
import { MemoryServer, type Account } from '../server';
import { addLetters } from './letters';

export interface Pasted {
	nodes: Array<Pick<INode, 'name' | 'type' | 'typeVersion' | 'position' | 'parameters'>>;
	connections: IConnections;
}

/** A mailbox of several people, which an application opens without a person who signs in. */
const SHARED_USER = 'sales@example.com';

export interface Shown {
	/** What the last node put out. */
	items: INodeExecutionData[];
	json: IDataObject[];
	/** What it put out at its error output. */
	failed: IDataObject[];
	account: Account;
	target: Account;
}

export interface Options {
	/** Capabilities that the server has besides the usual ones. */
	offers?: readonly string[];
	/** UID of a message that the server does not return. */
	unreadable?: number;
}

export async function runPasted(
	{ nodes, connections }: Pasted,
	{ offers = [], unreadable }: Options = {},
): Promise<Shown> {
	const server = await MemoryServer.start({
		quotaBytes: 100 * 1024,
		isAdministrator: () => true,
		tokenOwner: (token) => (token.startsWith('token ') ? SHARED_USER : undefined),
		capabilities: { add: offers },
		faults: {
			on: ({ tag, line }) =>
				unreadable !== undefined && fetches(line, unreadable)
					? `${tag} NO The message is damaged\r\n`
					: undefined,
		},
	});
	const tokens = await tokenServer();
	try {
		const account = server.addAccount(USER, PASSWORD);
		fill(account);
		addLetters(account);
		server.addAccount(SHARED_USER, PASSWORD).mailbox('INBOX').append('Subject: An order\r\n\r\n');
		const target = server.addAccount(TARGET_USER, PASSWORD);
		target.create('Archive');
		const types = await packageNodes();
		const followed = new Set(
			Object.values(connections).flatMap(({ main = [] }) =>
				main.flatMap((output) => (output ?? []).map(({ node }) => node)),
			),
		);
		const start = nodes.find(({ name }) => !followed.has(name));
		const end = nodes.find(({ name }) => !(name in connections));
		if (!start || !end) throw new Error('The nodes go round in a circle');
		const run = await runWorkflow({
			nodeTypes: new NodeTypeRegistry(
				{
					'test.start': inputNode,
					...Object.fromEntries(
						types.map(({ type }) => [`${PACKAGE_NAME}.${type.description.name}`, type]),
					),
				},
				credentialTypes,
			),
			credentials: credentials(server, tokens),
			startNode: start.type.endsWith('Trigger') ? start.name : 'Start',
			workflow: {
				name: 'Pasted',
				nodes: [
					{
						id: 'start',
						name: 'Start',
						type: 'test.start',
						typeVersion: 1,
						position: [-220, 0],
						parameters: {},
					},
					...nodes.map((node, index) => ({
						...node,
						id: `${index}`,
						parameters: { authentication: 'plain', ...node.parameters },
						credentials: Object.fromEntries(
							[...Object.values(CREDENTIAL_TYPES), 'imap4TargetApi'].map((type) => [
								type,
								{ id: type, name: type },
							]),
						),
					})),
				],
				connections: {
					Start: { main: [[{ node: start.name, type: 'main', index: 0 }]] },
					...connections,
				},
			},
		});
		if (run.error) throw run.error;
		const items = outputOf(run, end.name);
		const failed = outputOf(run, end.name, 1).map(({ json }) => json);
		return { items, json: items.map(({ json }) => json), failed, account, target };
	} finally {
		await closeIdleConnections();
		await server.stop();
		tokens.close();
	}
}

function fetches(line: string, uid: number): boolean {
	const [, set = ''] = /^UID FETCH (\S+) /.exec(line) ?? [];
	return set.split(',').some((range) => {
		const [from = 0, to = from] = range.split(':').map(Number);
		return from <= uid && uid <= to;
	});
}

function credentials({ host, port }: MemoryServer, tokens: Server) {
	const data = { host, port, security: 'none', user: USER, password: PASSWORD };
	const more: Partial<Record<Authentication, IDataObject>> = {
		n8n: { secure: false },
		appOnly: {
			provider: 'other',
			accessTokenUrl: `http://127.0.0.1:${(tokens.address() as AddressInfo).port}`,
			clientId: 'app',
			clientSecret: randomUUID(),
			scope: 'imap',
		},
	};
	return [
		...Object.entries(CREDENTIAL_TYPES).map(([authentication, type]) => ({
			id: type,
			name: type,
			type,
			data: { ...data, ...(more[authentication as Authentication] as Record<string, string>) },
		})),
		{
			id: 'imap4TargetApi',
			name: 'imap4TargetApi',
			type: 'imap4TargetApi',
			data: { ...data, user: TARGET_USER },
		},
	];
}

/** Gives out tokens by client credentials (RFC 6749 §4.4). */
async function tokenServer(): Promise<Server> {
	const server = createServer((request, response) => {
		let form = '';
		request.on('data', (chunk) => (form += chunk));
		request.on('end', () => {
			const granted = new URLSearchParams(form).get('grant_type') === 'client_credentials';
			response.writeHead(granted ? 200 : 400, { 'content-type': 'application/json' });
			response.end(
				JSON.stringify(
					granted
						? { access_token: `token ${randomUUID()}`, expires_in: 3600, token_type: 'Bearer' }
						: { error: 'invalid_grant' },
				),
			);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return server;
}
