import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IRun } from 'n8n-workflow';
import type { Credential } from '../n8n-core/credentials';
import type { WorkflowFile } from '../run-workflow';
import { n8nEnvironment } from './environment';
import { placePackage } from './package-files';
import { freePort } from './ports';
import { anyOwner, N8nRest, type Owner } from './rest';

/** A workflow as the editor exports it, with the id under which it is imported and executed. */
export type ImportedWorkflow = WorkflowFile & { id: string };

interface Finished {
	code: number | null;
	stdout: string;
	stderr: string;
}

const START_DEADLINE_MS = 120_000;
const STOP_DEADLINE_MS = 10_000;
const HEALTH_INTERVAL_MS = 200;

/**
 * A full n8n of its own, with this package installed in it as a community package: an empty database in a temporary
 * folder, which `dispose()` removes. Commands run headless, one process each; `startEditor()`
 * starts the server beside them.
 */
export class RealN8n {
	private server: ChildProcess | undefined;
	private serverLog = '';
	private readonly running = new Set<ChildProcess>();

	private constructor(
		private readonly program: string,
		readonly userFolder: string,
		private readonly env: NodeJS.ProcessEnv,
		private readonly editorPort: number,
	) {}

	/**
	 * @param program n8n's `bin/n8n`, see scripts/n8n-install.mjs
	 * @param editorPort a free port of the system's choice when left out
	 * @param settings n8n's own environment variables, beside those of {@link n8nEnvironment}
	 */
	static async prepare(
		program: string,
		{ editorPort, settings = {} }: { editorPort?: number; settings?: NodeJS.ProcessEnv } = {},
	): Promise<RealN8n> {
		const userFolder = mkdtempSync(join(tmpdir(), 'n8n-nodes-imap4-'));
		try {
			await placePackage(userFolder);
			const port = editorPort ?? (await freePort());
			const env = n8nEnvironment(userFolder, randomBytes(24).toString('hex'), port);
			return new RealN8n(program, userFolder, { ...env, ...settings }, port);
		} catch (error) {
			rmSync(userFolder, { recursive: true, force: true });
			throw error;
		}
	}

	get address(): string {
		return `http://127.0.0.1:${this.editorPort}`;
	}

	/**
	 * Credentials in clear: n8n encrypts them on import.
	 *
	 * @throws {Error} when n8n refuses them
	 */
	async importCredentials(credentials: readonly Credential[]): Promise<void> {
		await this.importFile('import:credentials', credentials);
	}

	/** @throws {Error} when n8n refuses them */
	async importWorkflows(workflows: readonly ImportedWorkflow[]): Promise<void> {
		await this.importFile(
			'import:workflow',
			workflows.map((workflow) => ({ active: false, ...workflow })),
		);
	}

	/**
	 * Runs a workflow from its manual trigger, as `n8n execute` does.
	 *
	 * @returns the run with every node's output; a workflow that failed is a run with `status: 'error'`
	 * @throws {Error} when there is no run at all, with the end of n8n's output: no such workflow, an unknown node type
	 */
	async execute(id: string): Promise<IRun> {
		const { stdout, stderr, code } = await this.run('execute', `--id=${id}`, '--rawOutput');
		// Log lines come first; the run is the JSON from the first line that is a brace alone.
		const start = /^\{$/m.exec(stdout);
		if (start === null)
			throw new Error(`n8n execute ended with code ${code}:\n${lastLines(stdout + stderr)}`);
		return JSON.parse(stdout.slice(start.index, stdout.lastIndexOf('\n}') + 2)) as IRun;
	}

	/**
	 * Starts n8n's server and waits until it is healthy.
	 *
	 * @param owner created in the fresh instance, and logged in
	 * @throws {Error} when it ends or is not healthy within two minutes
	 */
	async startEditor(owner: Owner = anyOwner()): Promise<N8nRest> {
		const rest = await this.start();
		await rest.setUpOwner(owner);
		return rest;
	}

	/** Starts n8n's server and waits until it is healthy; nobody is logged in. @throws {Error} as startEditor */
	async start(): Promise<N8nRest> {
		const server = await this.spawn(['start']);
		this.server = server.child;
		this.serverLog = server.file;
		const ended = server.finished.then(({ code, stdout, stderr }) => {
			throw new Error(`n8n ended with code ${code}:\n${lastLines(stdout + stderr)}`);
		});
		// After the start an end is dispose()'s doing, or shows in the next request.
		ended.catch(() => undefined);
		await Promise.race([this.healthy(), ended]);
		return new N8nRest(this.address);
	}

	/**
	 * Starts a worker of the queue mode, for which `settings` must name the database and Redis.
	 * @returns what ends it at once
	 */
	async startWorker(): Promise<() => Promise<void>> {
		const { child } = await this.spawn(['worker', '--concurrency=5'], {
			N8N_PORT: String(await freePort()),
		});
		return async () => {
			if (child.exitCode !== null || child.signalCode !== null) return;
			const closed = new Promise((resolve) => child.once('close', resolve));
			child.kill('SIGKILL');
			await closed;
		};
	}

	/** Of the running server. */
	get pid(): number | undefined {
		return this.server?.pid;
	}

	/** What the running server has printed. */
	log(): string {
		return readFileSync(this.serverLog, 'utf8');
	}

	/** Ends the server at once, as a power failure would; what it has written stays. */
	async kill(): Promise<void> {
		const { server } = this;
		this.server = undefined;
		if (!server || server.exitCode !== null || server.signalCode !== null) return;
		const closed = new Promise((resolve) => server.once('close', resolve));
		server.kill('SIGKILL');
		await closed;
	}

	/** Ends everything that was started and removes the temporary folder. */
	async dispose(): Promise<void> {
		await Promise.all([...this.running].map(stop));
		this.server = undefined;
		rmSync(this.userFolder, { recursive: true, force: true, maxRetries: 5 });
	}

	/** Resolves when the server has ended by itself; never when it was not started. */
	serverEnd(): Promise<void> {
		return new Promise((resolve) => this.server?.once('close', () => resolve()));
	}

	private async importFile(command: string, content: unknown): Promise<void> {
		const file = join(this.userFolder, `${randomBytes(6).toString('hex')}.json`);
		writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
		try {
			const { code, stdout, stderr } = await this.run(command, `--input=${file}`);
			if (code !== 0)
				throw new Error(`n8n ${command} ended with code ${code}:\n${lastLines(stdout + stderr)}`);
		} finally {
			rmSync(file);
		}
	}

	private async run(...args: string[]): Promise<Finished> {
		const { finished } = await this.spawn(args);
		return finished;
	}

	private async spawn(
		args: string[],
		more: NodeJS.ProcessEnv = {},
	): Promise<{ child: ChildProcess; finished: Promise<Finished>; file: string }> {
		// Each process listens for task runners, the commands too; a port that is taken ends it.
		const env = { ...this.env, ...more, N8N_RUNNERS_BROKER_PORT: String(await freePort()) };
		// n8n ends before a pipe has taken all that it printed; a file takes it at once.
		const file = join(this.userFolder, `${randomBytes(6).toString('hex')}.out`);
		const out = openSync(file, 'w');
		const child = spawn(process.execPath, [this.program, ...args], {
			cwd: this.userFolder,
			env,
			stdio: ['ignore', out, 'pipe'],
		});
		closeSync(out);
		this.running.add(child);
		let stderr = '';
		child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
		const finished = new Promise<Finished>((resolve, reject) => {
			child.once('error', reject);
			child.once('close', (code) => {
				this.running.delete(child);
				const stdout = readFileSync(file, 'utf8');
				rmSync(file, { force: true });
				resolve({ code, stdout, stderr });
			});
		});
		return { child, finished, file };
	}

	private async healthy(): Promise<void> {
		for (let waited = 0; waited < START_DEADLINE_MS; waited += HEALTH_INTERVAL_MS) {
			// /healthz answers before the REST routes are mounted; /healthz/readiness waits for the database.
			const ready = await fetch(`${this.address}/healthz/readiness`).catch(() => undefined);
			if (ready?.ok === true && (await fetch(`${this.address}/rest/settings`)).ok) return;
			await new Promise((resolve) => setTimeout(resolve, HEALTH_INTERVAL_MS));
		}
		throw new Error(`n8n was not ready within ${START_DEADLINE_MS / 1000} s`);
	}
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-20).join('\n');

function stop(child: ChildProcess): Promise<void> {
	return new Promise((resolve) => {
		if (child.exitCode !== null || child.signalCode !== null) return resolve();
		const kill = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
		child.once('close', () => {
			clearTimeout(kill);
			resolve();
		});
		child.kill('SIGTERM');
	});
}
