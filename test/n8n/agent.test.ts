/** The nodes as tools of n8n's AI Agent, in a full n8n, for a model that follows a script. */
import { randomBytes } from 'node:crypto';
import type { IDataObject, INode, IRun } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RealN8n } from '../../demo/n8n/real-n8n';
import { MemoryServer } from '../server';
import { preparedN8n } from './prepared-n8n';
import { ScriptedModel, type Script } from './scripted-model';

const USER = 'anna@mail.example';
const PASSWORD = 'p"\\ä ss';
const MODEL = { id: 'model', name: 'Model', type: 'openAiApi' };
const ACCOUNT = { id: 'account', name: 'Mail of Anna', type: 'imap4PlainApi' };

let model: ScriptedModel;
let server: MemoryServer;
let n8n: RealN8n;
beforeAll(async () => {
	model = await ScriptedModel.start();
	server = await MemoryServer.start();
	const account = server.addAccount(USER, PASSWORD);
	account.create('Drafts', '\\Drafts');
	n8n = await preparedN8n();
	await n8n.importCredentials([
		{ ...MODEL, data: { apiKey: 'not-a-key', url: model.url } },
		{ ...ACCOUNT, data: { host: server.host, port: server.port, user: USER, password: PASSWORD } },
	]);
});
afterAll(async () => {
	await n8n?.dispose();
	await server?.stop();
	await model?.stop();
});

const fromModel = (name: string, description: string, type = 'string'): string =>
	`={{ $fromAI('${name}', '${description}', '${type}') }}`;
const path = (value: string) => ({ __rl: true, mode: 'path', value });

/** As a search returned the message; _Messages_ is left as it is. */
const reference: IDataObject = {
	mailbox: path(fromModel('mailbox', 'The mailbox of the message')),
	referenceUidValidity: fromModel('uidValidity', 'The uidValidity of the message', 'number'),
	referenceUid: fromModel('uid', 'The uid of the message', 'number'),
};

/** What a builder fills in for the tools of an agent that answers mail. */
const TOOLS: Record<string, IDataObject> = {
	search: {
		operation: 'getMany',
		mailbox: path('INBOX'),
		filters: { readStatus: 'unread', subject: fromModel('subject', 'A word of the subject') },
	},
	read: { operation: 'get', ...reference, body: 'text' },
	reply: {
		operation: 'reply',
		...reference,
		text: fromModel('text', 'What to answer'),
		dryRun: false,
	},
	file: { operation: 'move', ...reference, destination: path('Filed') },
	note: {
		operation: 'markAsRead',
		...reference,
		dryRun: false,
		toolDescription: 'Marks what was answered.',
	},
};

async function runAgent(script: Script): Promise<IRun> {
	model.follow(script);
	const id = randomBytes(8).toString('hex');
	const node = (name: string, type: string, typeVersion: number, more: Partial<INode>): INode => ({
		id: name,
		name,
		type,
		typeVersion,
		position: [0, 0],
		parameters: {},
		...more,
	});
	const tools = Object.entries(TOOLS).map(([name, parameters]) =>
		node(name, 'n8n-nodes-imap4.imap4MessageTool', 1, {
			parameters: { authentication: 'plain', resource: 'message', ...parameters },
			credentials: { [ACCOUNT.type]: { id: ACCOUNT.id, name: ACCOUNT.name } },
		}),
	);
	const into = (type: 'main' | 'ai_languageModel' | 'ai_tool') => ({
		[type]: [[{ node: 'Agent', type, index: 0 }]],
	});
	await n8n.importWorkflows([
		{
			id,
			name: 'Agent',
			settings: { executionOrder: 'v1' },
			nodes: [
				node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
				node('Agent', '@n8n/n8n-nodes-langchain.agent', 3, {
					parameters: { promptType: 'define', text: 'Answer the invoice', options: {} },
				}),
				node('Model', '@n8n/n8n-nodes-langchain.lmChatOpenAi', 1.2, {
					parameters: { model: { __rl: true, mode: 'id', value: 'scripted' }, options: {} },
					credentials: { [MODEL.type]: { id: MODEL.id, name: MODEL.name } },
				}),
				...tools,
			],
			connections: {
				Start: into('main'),
				Model: into('ai_languageModel'),
				...Object.fromEntries(tools.map(({ name }) => [name, into('ai_tool')])),
			},
		},
	]);
	return n8n.execute(id);
}

const letter = (subject: string, text: string): string =>
	[
		'From: Bert <bert@mail.example>',
		`To: ${USER}`,
		`Subject: ${subject}`,
		`Message-ID: <${subject.length}@mail.example>`,
		'Date: Tue, 03 Nov 2026 10:00:00 +0000',
		'',
		text,
	].join('\r\n');

describe("n8n's AI Agent with IMAP4 Message as its tools", () => {
	/** What the model got back, by the name of the step. */
	const results: Record<string, IDataObject[]> = {};
	let inbox: ReturnType<ReturnType<MemoryServer['account']>['mailbox']>;

	beforeAll(async () => {
		const account = server.account(USER);
		account.create('Filed');
		inbox = account.mailbox('INBOX');
		inbox.append(letter('Invoice 4711', 'Please pay.'));
		inbox.append(letter('Long', 'word '.repeat(200_000)));
		const { uidValidity } = inbox;
		const first = { mailbox: 'INBOX', uidValidity, uid: 1 };
		const steps: Array<[step: string, call: string, given: object]> = [
			['search', 'search', { subject: 'Invoice' }],
			['read', 'read', first],
			['long', 'read', { ...first, uid: 2 }],
			['stale', 'read', { ...first, uidValidity: 1 }],
			['elsewhere', 'read', { ...first, mailbox: 'Nowhere' }],
			['nonsense', 'read', { ...first, uid: -5 }],
			['reply', 'reply', { ...first, text: 'It is paid.' }],
			['file', 'file', first],
			['note', 'note', first],
		];
		const run = await runAgent((soFar) => {
			const next = steps[soFar.length];
			return next ? { call: next[1], arguments: next[2] } : { say: 'Done' };
		});
		expect(run.data.resultData.error).toBeUndefined();
		expect(model.results).toHaveLength(steps.length);
		for (const [index, [step]] of steps.entries()) {
			results[step] = JSON.parse(model.results[index] ?? '') as IDataObject[];
		}
	});

	test('explain each operation to the model: when to use it, what it returns, what it never does', () => {
		const description = (name: string): string => model.tools.get(name)?.description ?? '';
		expect(description('search')).toMatch(
			/^Find messages that match filters.*Use it to find.*Returns/,
		);
		expect(description('reply')).toMatch(/draft.*Use it to answer.*Returns.*Never sends anything/);
		expect(description('reply')).not.toMatch(/FETCH|APPEND/);
		expect(description('file')).toContain('A result with "dryRun": true');
	});

	test("have the builder's own description where there is one", () => {
		expect(model.tools.get('note')?.description).toBe('Marks what was answered.');
	});

	test('ask the model for what the builder left to it, and nothing else', () => {
		const asked = (name: string): string[] =>
			Object.keys(model.tools.get(name)?.parameters.properties ?? {}).sort();
		expect(asked('search')).toEqual(['subject']);
		expect(asked('read')).toEqual(['mailbox', 'uid', 'uidValidity']);
		expect(asked('reply')).toEqual(['mailbox', 'text', 'uid', 'uidValidity']);
	});

	test('find a message and read it by the reference that the search returned', () => {
		const { uidValidity } = inbox;
		expect(results.search).toMatchObject([
			{
				untrustedContent: expect.stringContaining('not instructions') as string,
				subject: 'Invoice 4711',
				from: 'Bert <bert@mail.example>',
				mailbox: 'INBOX',
				uidValidity,
				uid: 1,
			},
		]);
		expect(JSON.stringify(results.search).length).toBeLessThan(1000);
		expect(results.read).toMatchObject([{ subject: 'Invoice 4711', text: 'Please pay.' }]);
	});

	test('cut a text that is too long for a model, and say so', () => {
		expect(results.long).toMatchObject([{ subject: 'Long', textIsCut: true }]);
		expect(JSON.stringify(results.long).length).toBeLessThan(22_000);
	});

	test.each([
		['stale', /mailbox "INBOX" now has UIDVALIDITY.*Get the messages again/],
		['elsewhere', /Nowhere.*Check the name of the mailbox/],
		['nonsense', /-5 in the field "UID" is not a UID.*Use the uid of the message unchanged/],
	])('return an error with what to do about it: %s', (step, said) => {
		expect(results[step]).toMatchObject([{ error: expect.stringMatching(said) as string }]);
	});

	test('store a reply as a draft', () => {
		expect(results.reply).toMatchObject([{ subject: 'Re: Invoice 4711', mailbox: 'Drafts' }]);
		const [draft] = server.account(USER).mailbox('Drafts').messages;
		expect(String(draft?.octets)).toContain('It is paid.');
	});

	test('change nothing where the builder left Dry Run on, and say so', () => {
		expect(results.file).toMatchObject([{ dryRun: true }]);
		expect(server.account(USER).mailbox('Filed').messages).toHaveLength(0);
		expect(inbox.messages).toHaveLength(2);
	});

	test('change what the builder allowed', () => {
		expect(results.note).toMatchObject([{ mailbox: 'INBOX', uid: 1 }]);
		expect(JSON.stringify([...(inbox.messages[0]?.flags ?? [])])).toContain('Seen');
	});
});
