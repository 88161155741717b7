/**
 * A real n8n whose workflow begins with IMAP4 Message Trigger, on Dovecot, killed (SIGKILL) at random moments
 * while messages arrive: stored, copied and moved in. Then it runs undisturbed until it is quiet, and
 * every message is looked for in the executions.
 *
 *   npm run soak:killed -- --minutes 10 --delivery acknowledged
 *   npm run soak:killed -- --minutes 10 --delivery received --durable
 *   npm run soak:killed -- --minutes 10 --delivery received --durable --wait
 *
 * `acknowledged`: every message is acknowledged by an execution that succeeded, none is left behind.
 * `received --durable`: with n8n's durable poll cursors every message is in exactly one execution.
 * `received`: tells how many messages n8n's own saving of the cursor has cost, or given twice.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { INode } from 'n8n-workflow';
import { credentialOf, withCredential, type Account } from '../../demo/account';
import { RealN8n } from '../../demo/n8n/real-n8n';
import type { N8nRest, Owner } from '../../demo/n8n/rest';
import type { WorkflowFile } from '../../demo/run-workflow';
import { Imap4, UidSet } from '../../engine/index';
import { ACKNOWLEDGED } from '../../nodes/shared/message/acknowledgement';
import { makeCertificates } from '../real/certificates';
import { startDovecot } from '../real/dovecot';
import { findDovecot } from '../real/dovecot-files';

/** What makes n8n keep a poll's cursor and its execution in one transaction. */
const DURABLE = {
	N8N_SCHEDULER_ENABLED: 'true',
	N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true',
	N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'true',
	N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true',
};
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Each of its times is a minute apart from itself, as n8n wants it; together they poll every 5 s. */
const POLL_TIMES = Array.from({ length: 12 }, (_, index) => ({
	mode: 'custom',
	cronExpression: `${index * 5} * * * * *`,
}));
/** Milliseconds that the last polls are waited for; what is not acknowledged comes again after a minute. */
const QUIET = { acknowledged: 5 * MINUTE, received: 3 * MINUTE };

const owner: Owner = {
	email: 'owner@mail.example',
	firstName: 'Soak',
	lastName: 'Owner',
	password: `Owner1-${randomBytes(6).toString('hex')}`,
};

interface Options {
	minutes: number;
	acknowledged: boolean;
	durable: boolean;
	/** Whether each poll waits for new mail (IDLE). */
	wait: boolean;
	/** Whether to print what n8n has printed since its last start. */
	verbose: boolean;
}

function readOptions(): Options {
	const { values } = parseArgs({
		options: {
			minutes: { type: 'string', default: '10' },
			delivery: { type: 'string', default: 'acknowledged' },
			durable: { type: 'boolean', default: false },
			wait: { type: 'boolean', default: false },
			verbose: { type: 'boolean', default: false },
		},
	});
	const { minutes, delivery, durable, wait, verbose } = values;
	if (!(Number(minutes) > 0)) throw new Error('--minutes takes a number above 0');
	if (delivery !== 'acknowledged' && delivery !== 'received') {
		throw new Error('--delivery takes "acknowledged" or "received"');
	}
	return {
		minutes: Number(minutes),
		acknowledged: delivery === 'acknowledged',
		durable,
		wait,
		verbose,
	};
}

function workflowOf({ acknowledged, wait }: Options): WorkflowFile {
	const trigger = {
		id: 'trigger',
		name: 'On New Message',
		type: 'n8n-nodes-imap4.imap4MessageTrigger',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: {
			event: 'messageReceived',
			pollTimes: { item: POLL_TIMES },
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
class Arrivals {
	readonly subjects: string[] = [];

	constructor(private readonly imap: Imap4) {}

	async one(): Promise<void> {
		const subject = `message ${this.subjects.length}`;
		const octets = `Subject: ${subject}\r\nMessage-ID: <${randomBytes(8).toString('hex')}@mail.example>\r\n\r\ntext\r\n`;
		const way = randomInt(3);
		if (way === 0) {
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

async function main(): Promise<void> {
	const options = readOptions();
	const certificates = await makeCertificates();
	const dovecot = await startDovecot(await findDovecot(), certificates);
	const { installN8n } = await import('../../scripts/n8n-install.mjs');
	const n8n = await RealN8n.prepare(await installN8n(), {
		settings: options.durable ? DURABLE : {},
	});
	try {
		const { host, ports, password } = dovecot.address;
		const account: Account = {
			...{ host, port: ports.plain, user: 'soak', password },
			security: 'none',
		};
		const imap = await Imap4.connect({ ...account, auth: { user: 'soak', password } });
		await imap.createMailbox('Elsewhere');
		const id = await activate(n8n, workflowOf(options), account);
		const arrivals = new Arrivals(imap);
		const kills = await disturb(n8n, arrivals, options.minutes * MINUTE);
		console.log(`${arrivals.subjects.length} messages arrived, n8n was killed ${kills} times`);
		const rest = await n8n.start();
		await rest.logIn(owner);
		await untilQuiet(imap, options);
		await judge(rest, id, arrivals.subjects, imap, options);
		if (process.exitCode || options.verbose) console.log(n8n.log());
		await imap.logout();
	} finally {
		await n8n.dispose();
		await dovecot.stop();
	}
}

/** @returns the workflow's id */
async function activate(n8n: RealN8n, file: WorkflowFile, account: Account): Promise<string> {
	const credential = credentialOf(account, 'soak', 'Soak');
	await n8n.importCredentials([credential]);
	const rest = await n8n.startEditor(owner);
	const workflow = withCredential(file, credential);
	const { id, versionId } = await rest.request<{ id: string; versionId: string }>(
		'POST',
		'/workflows',
		workflow,
	);
	await rest.request('POST', `/workflows/${id}/activate`, { versionId });
	// With the publication service the trigger is set up a moment later.
	await sleep(10 * SECOND);
	return id;
}

/** @returns how often n8n was killed */
async function disturb(n8n: RealN8n, arrivals: Arrivals, duration: number): Promise<number> {
	const end = Date.now() + duration;
	let kills = 0;
	let arriving = true;
	const arrival = (async () => {
		while (arriving) {
			await arrivals.one();
			await sleep(randomInt(100, 1_500));
		}
	})();
	while (Date.now() < end) {
		await sleep(Math.min(randomInt(1 * SECOND, 20 * SECOND), Math.max(0, end - Date.now())));
		// Half of them just when it polls, or hands the items on.
		if (randomInt(2) === 0) await sleep(5 * SECOND - (Date.now() % (5 * SECOND)) + randomInt(400));
		await n8n.kill();
		kills++;
		await sleep(randomInt(0, 3 * SECOND));
		await n8n.start();
	}
	arriving = false;
	await arrival;
	await n8n.kill();
	return kills;
}

async function untilQuiet(imap: Imap4, { acknowledged }: Options): Promise<void> {
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

async function judge(
	rest: N8nRest,
	workflowId: string,
	subjects: readonly string[],
	imap: Imap4,
	{ acknowledged, durable }: Options,
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

const sleep = (milliseconds: number): Promise<void> =>
	new Promise((resolve) => setTimeout(resolve, milliseconds));

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
