/** How long a message takes from its delivery to the execution that it starts, in a full n8n. */
import type { INodeParameters } from 'n8n-workflow';
import { credentialOf, withCredential } from '../demo/account';
import type { Credential } from '../demo/n8n-core/credentials';
import { DURABLE, pollEvery } from '../demo/n8n/polling';
import { RealN8n } from '../demo/n8n/real-n8n';
import type { N8nRest } from '../demo/n8n/rest';
import type { WorkflowFile } from '../demo/run-workflow';
import { Imap4 } from '../engine/index';
import type { DovecotAddress } from '../test/real/dovecot';

const SECOND = 1_000;
const EVERY_MINUTE = { item: [{ mode: 'everyMinute' }] };
const EVERY_30_SECONDS = pollEvery(30);
const OWN = 'n8n-nodes-imap4.imap4MessageTrigger';

interface Contender {
	name: string;
	type: string;
	parameters: INodeParameters;
}

const waiting = (pollTimes: INodeParameters): INodeParameters => ({
	...{ event: 'messageReceived', pollTimes },
	options: { waitForNew: true },
});
const CONTENDERS: readonly Contender[] = [
	{
		name: 'Email Trigger (IMAP)',
		type: 'n8n-nodes-base.emailReadImap',
		parameters: { mailbox: 'INBOX', postProcessAction: 'read', format: 'simple', options: {} },
	},
	{ name: 'waiting, polls every minute', type: OWN, parameters: waiting(EVERY_MINUTE) },
	{ name: 'waiting, polls every 30 s', type: OWN, parameters: waiting(EVERY_30_SECONDS) },
	{
		name: 'polls every minute',
		type: OWN,
		parameters: { event: 'messageReceived', pollTimes: EVERY_MINUTE },
	},
];

/** @returns the lines of a table */
export async function measureLatency(
	program: string,
	dovecot: DovecotAddress,
	messages: number,
): Promise<string[]> {
	const lines = [
		'| n8n | Trigger | Messages | In no execution | In more than one | Median (s) | 95 % (s) | Worst (s) |',
		'|---|---|---:|---:|---:|---:|---:|---:|',
	];
	for (const durable of [false, true]) {
		const n8n = await RealN8n.prepare(program, { settings: durable ? DURABLE : {} });
		try {
			const found = await measureIn(n8n, dovecot, messages, durable ? 'durable' : 'plain');
			for (const line of found) {
				lines.push(`| ${durable ? 'durable poll cursors' : 'as it comes'} | ${line} |`);
				console.log(lines.at(-1));
			}
		} finally {
			await n8n.dispose();
		}
	}
	return lines;
}

interface Run extends Contender {
	id: string;
	imap: Imap4;
}

async function measureIn(
	n8n: RealN8n,
	{ host, ports, password }: DovecotAddress,
	messages: number,
	label: string,
): Promise<string[]> {
	const accounts = CONTENDERS.map((contender, index) => {
		const account = { host, port: ports.plain, security: 'none' as const, password };
		return { contender, account: { ...account, user: `${label}${index}` } };
	});
	await n8n.importCredentials(
		accounts.map(({ contender, account }) =>
			contender.type === OWN
				? credentialOf(account, account.user, account.user)
				: foreignCredential(account),
		),
	);
	const rest = await n8n.startEditor();
	const runs: Run[] = [];
	for (const { contender, account } of accounts) {
		const { user } = account;
		const imap = await Imap4.connect({ ...account, auth: { user, password } });
		const workflow = workflowOf(contender, user);
		const own = contender.type === OWN;
		const file = own ? withCredential(workflow, credentialOf(account, user, user)) : workflow;
		const id = await rest.addWorkflow(file);
		await rest.activate(id);
		runs.push({ ...contender, id, imap });
	}
	// Until each has polled once by schedule.
	await sleep(75 * SECOND);
	const sent = new Map<string, number>();
	for (let n = 0; n < messages; n++) {
		await sleep(300 + Math.random() * 2_400);
		const subject = `message ${n}`;
		sent.set(subject, Date.now());
		await Promise.all(runs.map(({ imap }) => append(imap, subject)));
	}
	await sleep(75 * SECOND);
	const lines: string[] = [];
	for (const { name, id, imap } of runs) {
		lines.push(`${name} | ${await judge(rest, id, sent)}`);
		await imap.logout();
	}
	return lines;
}

async function append(imap: Imap4, subject: string): Promise<void> {
	await imap.append('INBOX', `From: anna@example.com\r\nSubject: ${subject}\r\n\r\ntext\r\n`);
}

/** Of n8n's own type. */
function foreignCredential(account: {
	host: string;
	port: number;
	user: string;
	password: string;
}): Credential {
	const data = { ...account, secure: false, allowUnauthorizedCerts: false };
	return { id: account.user, name: account.user, type: 'imap', data };
}

function workflowOf({ type, parameters }: Contender, user: string): WorkflowFile {
	const trigger = {
		...{ id: 'trigger', name: 'Trigger', type, parameters },
		typeVersion: type === OWN ? 1 : 2,
		position: [0, 0] as [number, number],
		...(type === OWN ? {} : { credentials: { imap: { id: user, name: user } } }),
	};
	const done = {
		...{ id: 'done', name: 'Done', type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} },
		position: [220, 0] as [number, number],
	};
	return {
		name: user,
		nodes: [trigger, done],
		connections: { Trigger: { main: [[{ node: 'Done', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1', saveDataSuccessExecution: 'all' },
	};
}

interface Execution {
	id: string;
	startedAt: string;
}

interface RunData {
	resultData?: {
		runData?: Record<
			string,
			Array<{ data?: { main?: Array<Array<{ json: { subject?: string } }>> } }>
		>;
	};
}

async function judge(
	rest: N8nRest,
	workflowId: string,
	sent: ReadonlyMap<string, number>,
): Promise<string> {
	const { parse } = await import('flatted');
	const started = new Map<string, number[]>();
	for (const { id, startedAt } of await executionsOf(rest, workflowId)) {
		const { data } = await rest.request<{ data: string }>('GET', `/executions/${id}`);
		const runs = (parse(data) as RunData).resultData?.runData?.Trigger ?? [];
		for (const { json } of runs.flatMap((run) => run.data?.main?.[0] ?? [])) {
			const { subject = '' } = json;
			started.set(subject, [...(started.get(subject) ?? []), Date.parse(startedAt)]);
		}
	}
	const took: number[] = [];
	let lost = 0;
	let twice = 0;
	for (const [subject, at] of sent) {
		const [first, ...more] = (started.get(subject) ?? []).sort((a, b) => a - b);
		if (first === undefined) lost++;
		else took.push((first - at) / SECOND);
		if (more.length > 0) twice++;
	}
	took.sort((a, b) => a - b);
	const at = (part: number): string => (took[Math.ceil(took.length * part) - 1] ?? NaN).toFixed(2);
	return [sent.size, lost, twice, at(0.5), at(0.95), at(1)].join(' | ');
}

async function executionsOf(rest: N8nRest, workflowId: string): Promise<Execution[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const all: Execution[] = [];
	for (let cursor = ''; ;) {
		const { results, nextCursor } = await rest.request<{
			results: Execution[];
			nextCursor: string | null;
		}>('GET', `/executions?filter=${filter}&limit=50${cursor}`);
		all.push(...results);
		if (nextCursor === null) return all;
		cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
	}
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
