import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { build } from 'esbuild';

export const ROOT = join(__dirname, '..');
const FOLDER = join(ROOT, '.cache', 'bench');

/** The compiled programs of the bench, so that no process it measures carries a compiler. */
export const program = (name: string): string => join(FOLDER, `${name}.js`);

/** The name under which {@link program} finds another checkout's client process. */
export const CLIENT_BEFORE = 'before/client-process';

/**
 * Compiles the programs that run in processes of their own.
 * @param before another checkout, whose client speaks to its own engine
 */
export async function buildPrograms(before?: string): Promise<void> {
	if (before !== undefined) await buildClientBefore(before);
	for (const name of ['client-process', 'replay-server', 'delay-proxy', 'large-flow-process'])
		await compile(join(__dirname, `${name}.ts`), program(name));
}

/** Compiles one program, with what it imports of this project. */
export async function compile(source: string, outfile: string): Promise<void> {
	await build({
		entryPoints: [source],
		outfile,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node20.19',
		packages: 'external',
		logLevel: 'warning',
	});
}

async function buildClientBefore(checkout: string): Promise<void> {
	await compile(join(checkout, 'bench', 'client-process.ts'), program(CLIENT_BEFORE));
}

export interface RunningServer {
	port: number;
	stop(): Promise<void>;
}

/** Starts a server program, which prints the port it listens on. */
export async function startServer(name: string, ...args: string[]): Promise<RunningServer> {
	const child = spawn(process.execPath, [program(name), ...args], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const [printed] = (await once(child.stdout, 'data')) as [Buffer];
	return { port: Number(printed.toString()), stop: () => stopped(child) };
}

async function stopped(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = once(child, 'exit');
	child.kill('SIGTERM');
	await ended;
}
