/** What the soaks of the trigger in a full n8n share: the workflow, the mail that arrives, and the judgement. */
import { randomBytes, randomInt } from 'node:crypto';
import type { INode } from 'n8n-workflow';
import { credentialOf, withCredential, type Account } from '../../demo/account';
import type { Credential } from '../../demo/n8n-core/credentials';
import { pollEvery } from '../../demo/n8n/polling';
import type { RealN8n } from '../../demo/n8n/real-n8n';
import { anyOwner, type N8nRest } from '../../demo/n8n/rest';
import type { WorkflowFile } from '../../demo/run-workflow';
import { type Imap4, UidSet } from '../../engine/index';
import { ACKNOWLEDGED } from '../../nodes/shared/message/acknowledgement';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
/** Milliseconds that the last polls are waited for; what is not acknowledged comes again after a minute. */
const QUIET = { acknowledged: 5 * MINUTE, received: 3 * MINUTE };

export const owner = anyOwner();

export interface SoakOptions {
	acknowledged: boolean;
	durable: boolean;
	/** Whether each poll waits for new mail (IDLE). */
	wait: boolean;
}

export function workflowOf({ acknowledged, wait }: SoakOptions): WorkflowFile {
	const trigger = {
		id: 'trigger',
		name: 'On New Message',
		type: 'n8n-nodes-imap4.imap4MessageTrigger',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: {
			event: 'messageReceived',
			pollTimes: pollEvery(5),
			delivery: acknowledged ? 'acknowledged' : 'received',
			againAfter: 1,
			...(wait ? { options: { waitForNew: true } } : {}),
		},
	};
	const last: INode = acknowledged
		? {
				id: 'last',
				name: 'Acknowledge',
				type: 'n8n-nodes-imap4.imap4Flags',
				typeVersion: 1,
				position: [220, 0],
				parameters: { resource: 'flag', operation: 'acknowledge', messages: 'input' },
			}
		: {
				id: 'last',
				name: 'Done',
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [220, 0],
				parameters: {},
			};
	return {
		name: 'Soak',
		nodes: [trigger, last],
		connections: { [trigger.name]: { main: [[{ node: last.name, type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1', saveDataSuccessExecution: 'all' },
	};
}

/** Messages arrive in all the ways they do. */
export class Arrivals {
	readonly subjects: string[] = [];

	/** @param deliver how a mail server delivers to INBOX, where there is one to try */
	constructor(
		private readonly imap: Imap4,
		private readonly deliver?: (octets: string) => Promise<void>,
	) {}

	async one(): Promise<void> {
		const subject = `message ${this.subjects.length}`;
		const octets = `Subject: ${subject}\r\nMessage-ID: <${randomBytes(8).toString('hex')}@mail.example>\r\n\r\ntext\r\n`;
		const way = randomInt(this.deliver ? 4 : 3);
		if (way === 3) {
			await this.deliver?.(octets);
		} else if (way === 0) {
			await this.imap.append('INBOX', octets);
		} else {
			const stored = await this.imap.append('Elsewhere', octets, { flags: ['\\Seen'] });
			await this.imap.open('Elsewhere');
			const uid = stored?.uid ?? 0;
			await (way === 1
				? this.imap.selected.copy(UidSet.from(uid), 'INBOX')
				: this.imap.selected.move(UidSet.from(uid), 'INBOX'));
		}
		this.subjects.push(subject);
	}
}

/** @returns the workflow's id */
export async function activate(
	n8n: RealN8n,
	file: WorkflowFile,
	account: Account,
): Promise<string> {
	const credential = credentialOf(account, 'soak', 'Soak');
	await n8n.importCredentials([credential]);
	const id = await addWorkflow(await n8n.startEditor(owner), file, credential);
	// With the publication service the trigger is set up a moment later.
	await sleep(10 * SECOND);
	return id;
}

/** @returns the id of the workflow, which is active */
export async function addWorkflow(
	rest: N8nRest,
	file: WorkflowFile,
	credential: Credential,
): Promise<string> {
	const id = await rest.addWorkflow(withCredential(file, credential));
	await rest.activate(id);
	return id;
}

export async function untilQuiet(imap: Imap4, { acknowledged }: SoakOptions): Promise<void> {
	const end = Date.now() + QUIET[acknowledged ? 'acknowledged' : 'received'];
	while (Date.now() < end) {
		await sleep(10 * SECOND);
		if (!acknowledged) continue;
		const open = await unacknowledged(imap);
		if (open.length === 0) return;
	}
}

/** The trigger has a keyword of its own, which begins with the one of all. */
async function unacknowledged(imap: Imap4): Promise<number[]> {
	const { flags } = await imap.open('INBOX', { readOnly: true });
	const own = flags.find((flag) => flag.startsWith(`${ACKNOWLEDGED}-`));
	return imap.selected.search({ notKeyword: own ?? ACKNOWLEDGED });
}

interface ExecutionSummary {
	id: string;
	status: string;
}

export async function judge(
	rest: N8nRest,
	workflowId: string,
	subjects: readonly string[],
	imap: Imap4,
	{ acknowledged, durable }: SoakOptions,
): Promise<void> {
	const { parse } = await import('flatted');
	const given = new Map<string, string[]>();
	const executions = await allExecutions(rest, workflowId);
	for (const { id, status } of executions) {
		const { data } = await rest.request<{ data: string }>('GET', `/executions/${id}`);
		for (const subject of subjectsGiven(parse(data) as RunData)) {
			given.set(subject, [...(given.get(subject) ?? []), status]);
		}
	}
	const lost = subjects.filter((subject) => !given.has(subject));
	const twice = [...given].filter(([, statuses]) => statuses.length > 1);
	const succeeded = subjects.filter((subject) => given.get(subject)?.includes('success') === true);
	const statuses = executions.map(({ status }) => status);
	const counts = [...new Set(statuses)].map(
		(status) => `${statuses.filter((one) => one === status).length} ${status}`,
	);
	console.log(`${executions.length} executions: ${counts.join(', ')}`);
	console.log(
		`${subjects.length} messages: ${lost.length} in no execution, ${twice.length} in more than one, ${succeeded.length} in one that succeeded`,
	);
	if (lost.length > 0) console.log(`In no execution: ${lost.join(', ')}`);
	if (acknowledged) {
		const open = await unacknowledged(imap);
		console.log(`${open.length} messages are not acknowledged`);
		if (open.length > 0 || succeeded.length < subjects.length) process.exitCode = 1;
	} else if (durable && (lost.length > 0 || twice.length > 0)) {
		process.exitCode = 1;
	}
}

async function allExecutions(rest: N8nRest, workflowId: string): Promise<ExecutionSummary[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const all: ExecutionSummary[] = [];
	let cursor = '';
	for (;;) {
		const { results, nextCursor } = await rest.request<{
			results: ExecutionSummary[];
			nextCursor: string | null;
		}>('GET', `/executions?filter=${filter}&limit=50${cursor}`);
		all.push(...results);
		if (nextCursor === null) return all;
		cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
	}
}

interface RunData {
	resultData?: {
		runData?: Record<
			string,
			Array<{ data?: { main?: Array<Array<{ json: { subject?: string } }> | null> } }>
		>;
	};
	executionData?: {
		nodeExecutionStack?: Array<{
			data?: { main?: Array<Array<{ json: { subject?: string } }> | null> };
		}>;
	};
}

/** What the trigger gave to an execution: of one that was killed it waits in the stack. */
function subjectsGiven(run: RunData): Set<string> {
	const runs = run.resultData?.runData?.['On New Message'] ?? [];
	const stack = run.executionData?.nodeExecutionStack ?? [];
	const items = [...runs, ...stack].flatMap((one) => one.data?.main?.[0] ?? []);
	return new Set(items.flatMap(({ json }) => json.subject ?? []));
}

export const sleep = (milliseconds: number): Promise<void> =>
	new Promise((resolve) => setTimeout(resolve, milliseconds));
