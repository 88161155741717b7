/** The workflows of workflows/ in a real n8n, prepared as a user prepares them after importing. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject, IRun } from 'n8n-workflow';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { pollEvery } from '../../demo/n8n/polling';
import type { RealN8n } from '../../demo/n8n/real-n8n';
import type { N8nRest } from '../../demo/n8n/rest';
import type { Credential, WorkflowFile } from '../../demo/run-workflow';
import { readWorkflow, type WorkflowName } from '../../demo/workflows';
import { preparedN8n } from './prepared-n8n';
import { executionsOf, executionStopped, startExecution } from './server-runs';

const servers = {
	Dovecot: inject('dovecot'),
	Cyrus: inject('cyrus'),
	Courier: inject('courier'),
};

/** A `describe` for what needs all of these servers; left out, with the reason, where one is missing. */
export function workflowOn(...names: ReadonlyArray<keyof typeof servers>): typeof describe.skip {
	const missing = names.find((name) => 'missing' in servers[name]);
	const server = missing && servers[missing];
	if (!server || !('missing' in server)) return describe as typeof describe.skip;
	console.log(`Left out: workflows in n8n on ${missing}, because ${server.missing}`);
	return describe.skip;
}

/** What is chosen in an IMAP4 node: the way to log in, and the credential. */
export interface LogIn {
	authentication: string;
	credential: Credential;
}

export interface Preparation {
	/** For the IMAP4 nodes, by their names. */
	logIn: (node: string) => LogIn;
	/** Credentials of other types, by the names of the nodes. */
	others?: Readonly<Record<string, Credential>>;
	/** Values to write into the JSON of the first Edit Fields node. */
	settings?: object;
	/** Anything else that is changed. */
	change?: (workflow: WorkflowFile) => void;
}

const isOwn = (type: string): boolean => type.startsWith('n8n-nodes-imap4.');

/** @throws {Error} when `settings` are given and no node takes them */
function prepared(
	name: WorkflowName,
	{ logIn, others = {}, settings, change }: Preparation,
): WorkflowFile {
	const workflow = readWorkflow(name);
	for (const node of workflow.nodes.filter(({ type }) => isOwn(type))) {
		const { authentication, credential } = logIn(node.name);
		node.parameters.authentication = authentication;
		node.credentials = { [credential.type]: { id: credential.id, name: credential.name } };
	}
	for (const [name, { type, id, name: label }] of Object.entries(others)) {
		const node = workflow.nodes.find((one) => one.name === name);
		if (!node) throw new Error(`There is no node "${name}"`);
		node.credentials = { ...node.credentials, [type]: { id, name: label } };
	}
	if (settings) {
		const node = workflow.nodes.find(({ parameters }) => parameters.mode === 'raw');
		if (!node) throw new Error(`The workflow ${name} has no node with settings`);
		const given = JSON.parse(node.parameters.jsonOutput as string) as object;
		node.parameters.jsonOutput = JSON.stringify({ ...given, ...settings });
	}
	change?.(workflow);
	return workflow;
}

/** All that a file of tests runs: imported together, since each command of n8n takes seconds. */
export class WorkflowRuns {
	private readonly workflows: Array<WorkflowFile & { id: string }> = [];
	private readonly credentials = new Map<string, Credential>();

	private rest: N8nRest | undefined;

	/**
	 * With an n8n of its own, which starts before the first test of the file and ends after the last.
	 *
	 * @param settings n8n's environment variables
	 * @param prepare what has to be there before credentials are imported
	 */
	static ofThisFile({
		settings = {},
		prepare,
	}: {
		settings?: NodeJS.ProcessEnv;
		prepare?: () => Promise<void>;
	} = {}): WorkflowRuns {
		const runs = new WorkflowRuns();
		let n8n: RealN8n | undefined;
		beforeAll(async () => {
			await prepare?.();
			n8n = await preparedN8n(settings);
			await runs.start(n8n);
		});
		afterAll(() => n8n?.dispose());
		return runs;
	}

	/** To be called before the first test. @returns executes it, as often as it is called */
	add(name: WorkflowName, preparation: Preparation): () => Promise<WorkflowOutcome> {
		const { id, nodes } = this.take(name, preparation);
		const trigger = nodes.find(({ type }) => /trigger$/i.test(type))?.name ?? '';
		return async () => this.outcomeOf(await startExecution(this.server, id, trigger));
	}

	/** To be called before the first test. Its trigger polls every 5 s once it is active. */
	addTriggered(name: WorkflowName, preparation: Preparation): TriggeredWorkflow {
		const change = (workflow: WorkflowFile): void => {
			for (const { parameters } of workflow.nodes) {
				if (parameters.pollTimes) parameters.pollTimes = pollEvery(5);
			}
			preparation.change?.(workflow);
		};
		const { id } = this.take(name, { ...preparation, change });
		return {
			activate: () => this.server.activate(id),
			outcomes: async () => {
				const executions = await executionsOf(this.server, id);
				return Promise.all(executions.map((one) => this.outcomeOf(one)));
			},
		};
	}

	/** Waits until an execution that waited for somebody has ended. */
	async ended({ executionId }: WorkflowOutcome): Promise<WorkflowOutcome> {
		for (;;) {
			const outcome = await this.outcomeOf(executionId);
			if (outcome.status !== 'waiting') return outcome;
			await sleep(200);
		}
	}

	private get server(): N8nRest {
		if (!this.rest) throw new Error('n8n is not started');
		return this.rest;
	}

	private async outcomeOf(executionId: string): Promise<WorkflowOutcome> {
		return new WorkflowOutcome(await executionStopped(this.server, executionId), executionId);
	}

	private take(name: WorkflowName, preparation: Preparation): WorkflowFile & { id: string } {
		const logIn = (node: string): LogIn => {
			const chosen = preparation.logIn(node);
			this.credentials.set(chosen.credential.id, chosen.credential);
			return chosen;
		};
		for (const credential of Object.values(preparation.others ?? {})) {
			this.credentials.set(credential.id, credential);
		}
		const id = randomBytes(8).toString('hex');
		const workflow = { ...prepared(name, { ...preparation, logIn }), id };
		this.workflows.push(workflow);
		return workflow;
	}

	private async start(n8n: RealN8n): Promise<void> {
		await n8n.importCredentials([...this.credentials.values()]);
		await n8n.importWorkflows(this.workflows);
		this.rest = await n8n.startEditor();
	}
}

/** A workflow that its trigger starts. */
export interface TriggeredWorkflow {
	activate(): Promise<void>;
	/** Of its executions so far that have ended or wait for somebody, the oldest first. */
	outcomes(): Promise<WorkflowOutcome[]>;
}

/** What came of one execution. */
export class WorkflowOutcome {
	constructor(
		private readonly run: IRun,
		readonly executionId: string,
	) {}

	get status(): string {
		return this.run.status;
	}

	/** Words of the error that ended it, and the node; undefined if none did. */
	get error(): string | undefined {
		const { error, lastNodeExecuted } = this.run.data.resultData;
		if (!error) return undefined;
		const more = 'description' in error && error.description ? ` ${error.description}` : '';
		return `${lastNodeExecuted}: ${error.message}${more}`;
	}

	hasRun(node: string): boolean {
		return this.run.data.resultData.runData[node] !== undefined;
	}

	/** The items of all runs of `node`, none if it did not run. */
	items(node: string, output = 0): IDataObject[] {
		const runs = this.run.data.resultData.runData[node] ?? [];
		return runs.flatMap((one) => (one.data?.main?.[output] ?? []).map(({ json }) => json));
	}

	/** The binary field `name` of the first item of `node`. */
	binary(node: string, name = 'data'): IDataObject | undefined {
		const [item] = this.run.data.resultData.runData[node]?.at(-1)?.data?.main?.[0] ?? [];
		return item?.binary?.[name];
	}
}
