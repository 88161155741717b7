/**
 * One run of bench/large-flow.ts in a process of its own: the nodes on n8n's engine, n8n's engine alone with the
 * items that the nodes gave, or a script of imapflow's. Prints its figures as JSON.
 */
import '../demo/n8n-core/environment';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { ImapFlow, type FetchMessageObject } from 'imapflow';
import { simpleParser } from 'mailparser';
import type {
	IDataObject,
	INodeExecutionData,
	INodeType,
	ITaskDataConnections,
} from 'n8n-workflow';
import { NodeTypeRegistry, packageNodeTypes, runWorkflow } from '../demo/run-workflow';

export interface LargeJob {
	kind: 'nodes' | 'n8n' | 'imapflow';
	/** 100,000 messages listed, flagged and moved, or 5,000 bodies read and decoded. */
	work: 'list' | 'bodies';
	account: { host: string; port: number; user: string; password: string };
	/** Folder of the package, and of what the nodes gave. */
	root: string;
	folder: string;
}

export interface LargeResult {
	items: number;
	/** Milliseconds of processor time, and on the clock. */
	cpu: number;
	ms: number;
	/** Bytes at most, of the whole process. */
	memory: number;
	/** By node: the longest time, in milliseconds, in which nothing else had its turn. */
	blocks: Record<string, number>;
}

const MOVED = { __rl: true, mode: 'path', value: 'Moved' };
const STEPS: Record<LargeJob['work'], Array<{ name: string } & IDataObject>> = {
	list: [
		{
			name: 'Get',
			type: 'imap4Message',
			resource: 'message',
			operation: 'getMany',
			returnAll: true,
		},
		{
			name: 'Flag',
			type: 'imap4Flags',
			resource: 'flag',
			operation: 'add',
			systemFlags: ['\\Seen'],
		},
		{
			name: 'Move',
			type: 'imap4Message',
			resource: 'message',
			operation: 'move',
			destination: MOVED,
		},
	],
	bodies: [
		{
			...{ name: 'Get', type: 'imap4Message', resource: 'message', operation: 'getMany' },
			...{ returnAll: true, body: 'both' },
		},
	],
};

async function main(): Promise<void> {
	const job = JSON.parse(process.argv[2] ?? '') as LargeJob;
	const before = process.cpuUsage();
	const start = performance.now();
	const { items, blocks, save } = job.kind === 'imapflow' ? await script(job) : await flow(job);
	const { user, system } = process.cpuUsage(before);
	const result: LargeResult = {
		...{ items, blocks, cpu: (user + system) / 1000, ms: performance.now() - start },
		memory: process.resourceUsage().maxRSS * 1024,
	};
	await save?.();
	console.log(JSON.stringify(result));
	process.exit();
}

interface Done {
	items: number;
	blocks: Record<string, number>;
	/** Keeps what the nodes gave, once all has been measured. */
	save?: () => Promise<void>;
}

async function flow({ kind, work, account, root, folder }: LargeJob): Promise<Done> {
	const steps = STEPS[work];
	const blocks: Record<string, number> = {};
	const types = await packageNodeTypes(root);
	const nodeTypes = Object.fromEntries(
		steps.map(({ name, type }) => {
			const own = types.getByNameAndVersion(`n8n-nodes-imap4.${type as string}`);
			const node = kind === 'nodes' ? own : givingAgain(own, `${folder}/${name}.jsonl`);
			return [`bench.${name}`, watched(node, (ms) => (blocks[name] = ms))];
		}),
	);
	const { host, port, user, password } = account;
	const data = { host, port, user, password };
	const run = await runWorkflow({
		nodeTypes: new NodeTypeRegistry(nodeTypes, types.credentialTypes),
		credentials: [{ id: '1', name: 'Account', type: 'imap4PlainApi', data }],
		startNode: 'Get',
		workflow: {
			name: 'Large',
			nodes: steps.map(({ name, type: _type, ...parameters }, index) => ({
				...{ id: name, name, type: `bench.${name}`, typeVersion: 1 },
				position: [index * 200, 0] as [number, number],
				credentials: { imap4PlainApi: { id: '1', name: 'Account' } },
				parameters: {
					authentication: 'plain',
					mailbox: { ...MOVED, value: 'INBOX' },
					...parameters,
				},
			})),
			connections: Object.fromEntries(
				steps.slice(1).map(({ name }, index) => {
					const to = { node: name, type: 'main' as const, index: 0 };
					return [steps[index]?.name ?? '', { main: [[to]] }];
				}),
			),
		},
	});
	if (run.error) throw run.error;
	const outputs = run.nodes.map(({ node, output }) => ({ node, items: output[0] ?? [] }));
	const save = async (): Promise<void> => {
		for (const { node, items } of outputs) {
			const file = createWriteStream(`${folder}/${node}.jsonl`);
			for (const { json } of items) file.write(`${JSON.stringify(json)}\n`);
			await finished(file.end());
		}
	};
	const items = Math.min(...outputs.map((output) => output.items.length));
	return { items, blocks, ...(kind === 'nodes' ? { save } : {}) };
}

/** A node that does nothing but give the same items: what n8n itself needs for them. */
function givingAgain(node: INodeType, file: string): INodeType {
	const copy = Object.create(node) as INodeType;
	copy.execute = async function () {
		const items: INodeExecutionData[] = [];
		for await (const line of createInterface({ input: createReadStream(file) }))
			items.push({ json: JSON.parse(line) as IDataObject, pairedItem: { item: 0 } });
		const input: ITaskDataConnections['main'][number] = this.getInputData();
		if (input.length === items.length)
			for (const [index, item] of items.entries()) item.pairedItem = { item: index };
		return [items];
	};
	return copy;
}

function watched(node: INodeType, report: (ms: number) => void): INodeType {
	const copy = Object.create(node) as INodeType;
	copy.execute = async function () {
		const watch = new LoopWatch();
		try {
			return await (node.execute as NonNullable<INodeType['execute']>).call(this);
		} finally {
			report(await watch.end());
		}
	};
	return copy;
}

/** The longest block, without the time in which other processes had the processor. */
class LoopWatch {
	private longest = 0;
	private last = now();
	private readonly timer = setInterval(() => this.look(), 5);

	private look(): void {
		const at = now();
		this.longest = Math.max(this.longest, Math.min(at[0] - this.last[0], at[1] - this.last[1]));
		this.last = at;
	}

	async end(): Promise<number> {
		await new Promise((resolve) => setTimeout(resolve, 20));
		clearInterval(this.timer);
		return this.longest;
	}
}

/** Milliseconds on the clock, and of processor time. */
function now(): [number, number] {
	const { user, system } = process.cpuUsage();
	return [performance.now(), (user + system) / 1000];
}

async function script({ work, account }: LargeJob): Promise<Done> {
	const { host, port, user, password } = account;
	const imap = new ImapFlow({
		...{ host, port, secure: false, doSTARTTLS: false, logger: false },
		...{ auth: { user, pass: password }, disableCompression: true, disableAutoIdle: true },
	});
	await imap.connect();
	await imap.mailboxOpen('INBOX');
	const watch = new LoopWatch();
	const items: unknown[] = [];
	if (work === 'bodies') {
		const options = { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true };
		for await (const { uid, source } of imap.fetch('1:*', { source: true }, { uid: true })) {
			const { subject, from, to, date, text, html } = await simpleParser(source as Buffer, options);
			items.push({ uid, subject, from: from?.text, to, date, text, html });
		}
	} else {
		const query = {
			...{ uid: true, flags: true, internalDate: true, size: true, envelope: true },
			...{ bodyStructure: true, headers: ['references'] },
		};
		for await (const message of imap.fetch('1:*', query, { uid: true }))
			items.push(simple(message));
		await imap.messageFlagsAdd('1:*', ['\\Seen'], { uid: true });
		await imap.messageMove('1:*', 'Moved', { uid: true });
	}
	const blocks = { script: await watch.end() };
	await imap.logout();
	return { items: items.length, blocks };
}

/** As the nodes simplify it. */
function simple({ uid, flags, internalDate, size, envelope, ...more }: FetchMessageObject): object {
	const text = (people: Array<{ name?: string; address?: string }> = []): string =>
		people.map(({ name, address }) => (name ? `${name} <${address}>` : address)).join(', ');
	const { subject, date, messageId, inReplyTo, from, to, cc, replyTo } = envelope ?? {};
	return {
		...{ uid, subject, date, messageId, inReplyTo, size, internalDate },
		...{ from: text(from), to: text(to), cc: text(cc), replyTo: text(replyTo) },
		...{ flags: [...(flags ?? [])], references: more.headers?.toString() },
		hasAttachments: (more.bodyStructure?.childNodes ?? []).some(
			({ disposition }) => disposition === 'attachment',
		),
	};
}

main().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
