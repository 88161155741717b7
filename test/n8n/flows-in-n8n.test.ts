/** Our nodes between n8n's own, in a full n8n: what only its own nodes and its engine show. */
import { randomBytes } from 'node:crypto';
import type { IConnections, INode, INodeParameters, IRun } from 'n8n-workflow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { credentialOf, withCredential } from '../../demo/account';
import type { RealN8n } from '../../demo/n8n/real-n8n';
import { MemoryServer } from '../server';
import { preparedN8n } from './prepared-n8n';

const [USER, PASSWORD] = ['anna@example.com', 'secret'];

let server: MemoryServer;
let n8n: RealN8n;
beforeAll(async () => {
	server = await MemoryServer.start();
	server.addAccount(USER, PASSWORD);
	n8n = await preparedN8n();
});
afterAll(async () => {
	await n8n?.dispose();
	await server.stop();
});

const path = (value: string) => ({ __rl: true, mode: 'path', value });

function node(
	name: string,
	type: string,
	parameters: INodeParameters,
	more?: Partial<INode>,
): INode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters, ...more };
}

const ours = (name: string, of: string, parameters: INodeParameters, more?: Partial<INode>) =>
	node(name, `n8n-nodes-imap4.${of}`, parameters, more);
const theirs = (name: string, of: string, typeVersion: number, parameters: INodeParameters) =>
	node(name, `n8n-nodes-base.${of}`, parameters, { typeVersion });

/** @param links e.g. `['Loop', 1, 'Move']`: from, its output, to */
function connected(links: ReadonlyArray<[from: string, output: number, to: string]>): IConnections {
	const connections: IConnections = {};
	for (const [from, output, to] of links) {
		const main = ((connections[from] ??= { main: [] }).main ??= []);
		while (main.length <= output) main.push([]);
		main[output]?.push({ node: to, type: 'main', index: 0 });
	}
	return connections;
}

async function execute(nodes: INode[], ...links: Parameters<typeof connected>[0]): Promise<IRun> {
	const id = randomBytes(8).toString('hex');
	const { host, port } = server;
	const login = { host, port, security: 'none', user: USER, password: PASSWORD } as const;
	const credential = credentialOf(login, `c${id}`, `Account ${id}`);
	await n8n.importCredentials([credential]);
	const start = theirs('Start', 'manualTrigger', 1, {});
	const workflow = { name: id, nodes: [start, ...nodes], connections: connected(links) };
	await n8n.importWorkflows([{ ...withCredential(workflow, credential), id }]);
	return n8n.execute(id);
}

function fill(name: string, count: number) {
	const mailbox = server.account(USER).create(name);
	for (let n = 1; n <= count; n++) {
		mailbox.append(`From: bert@example.org\r\nSubject: m${n}\r\n\r\nText\r\n`);
	}
	return mailbox;
}

/** Every run of a node, its items of one output. */
const runsOf = (run: IRun, name: string, output = 0) =>
	(run.data.resultData.runData[name] ?? []).map(({ data }) =>
		(data?.main?.[output] ?? []).map(({ json }) => json),
	);

test('Get Many reads a mailbox page by page in a loop of If and Limit', async () => {
	const mailbox = fill('Pages', 12);
	const run = await execute(
		[
			ours('Page', 'imap4Message', {
				...{ resource: 'message', operation: 'getMany', mailbox: path('Pages'), limit: 5 },
				...{ returnCursor: true, cursor: '={{ $json.nextCursor }}' },
			}),
			ours('Mark', 'imap4Message', {
				...{ resource: 'message', operation: 'markAsRead', keepInputFields: true },
			}),
			theirs('One', 'limit', 1, { maxItems: 1 }),
			theirs('More', 'if', 2.2, {
				conditions: {
					options: { version: 2, caseSensitive: true, leftValue: '', typeValidation: 'loose' },
					combinator: 'and',
					conditions: [
						{
							id: '1',
							leftValue: '={{ $json.nextCursor }}',
							rightValue: '',
							operator: { type: 'string', operation: 'notEmpty', singleValue: true },
						},
					],
				},
			}),
		],
		['Start', 0, 'Page'],
		['Page', 0, 'Mark'],
		['Mark', 0, 'One'],
		['One', 0, 'More'],
		['More', 0, 'Page'],
	);
	expect(run.data.resultData.error?.message).toBeUndefined();
	expect(runsOf(run, 'Page').map(({ length }) => length)).toEqual([5, 5, 2]);
	expect(mailbox.messages.filter(({ flags }) => flags.has('\\Seen'))).toHaveLength(12);
});

test('Copy with Retry On Fail and an error output copies once, and Loop Over Items knows where its items are from', async () => {
	fill('Source', 5);
	const copies = fill('Copies', 0);
	const tries = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
	const run = await execute(
		[
			ours('Get', 'imap4Message', {
				...{ resource: 'message', operation: 'getMany', mailbox: path('Source'), order: 'oldest' },
			}),
			ours(
				'Copy',
				'imap4Message',
				{
					...{ resource: 'message', operation: 'copy' },
					destination: path('={{ $json.subject === "m1" ? "Nowhere" : "Copies" }}'),
				},
				{ ...tries, onError: 'continueErrorOutput' },
			),
			theirs('Loop', 'splitInBatches', 3, { batchSize: 3, options: {} }),
			ours('Mark', 'imap4Message', { resource: 'message', operation: 'markAsRead' }),
			theirs('From', 'set', 3.4, {
				assignments: {
					assignments: [
						{ id: '1', name: 'of', type: 'string', value: '={{ $("Get").item.json.subject }}' },
					],
				},
				includeOtherFields: true,
				options: {},
			}),
		],
		['Start', 0, 'Get'],
		['Get', 0, 'Copy'],
		['Copy', 0, 'Loop'],
		['Loop', 1, 'Mark'],
		['Mark', 0, 'From'],
		['From', 0, 'Loop'],
	);
	expect(run.data.resultData.error?.message).toBeUndefined();
	expect(runsOf(run, 'Copy', 1)).toMatchObject([[{ subject: 'm1' }]]);
	expect(copies.messages.map(({ flags }) => flags.has('\\Seen'))).toEqual([true, true, true, true]);
	const all = runsOf(run, 'From').flat();
	expect(all.map(({ uid, of }) => `${Number(uid)} ${String(of)}`)).toEqual([
		'1 m2',
		'2 m3',
		'3 m4',
		'4 m5',
	]);
});
