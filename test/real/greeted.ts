import type { ChildProcess } from 'node:child_process';
import { connect } from 'node:net';

/** Milliseconds a server may take to begin; they need some 50. */
const PATIENCE = 10_000;

/**
 * Waits until a server that was just started greets.
 * @throws Error with what it said instead
 */
export async function greeted(child: ChildProcess, host: string, port: number): Promise<void> {
	let said = '';
	let gone: string | undefined;
	child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
	child.once('error', (error) => (gone = error.message));
	child.once('exit', (code, signal) => (gone ??= `it ended with ${signal ?? code}: ${said}`));
	for (const end = Date.now() + PATIENCE; Date.now() < end;) {
		if (gone !== undefined) throw new Error(gone);
		if ((await firstOctets(host, port)).startsWith('* OK')) return;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	throw new Error(`it did not greet within ${PATIENCE} ms: ${said}`);
}

/** Ends a process that was started here, and waits until it has ended. */
export async function ended(
	child: ChildProcess,
	signal: NodeJS.Signals = 'SIGTERM',
): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
	const end = new Promise((resolve) => child.once('exit', resolve));
	child.kill(signal);
	await end;
}

function firstOctets(host: string, port: number): Promise<string> {
	return new Promise((resolve) => {
		const socket = connect(port, host);
		socket.once('data', (chunk) => {
			resolve(chunk.toString());
			socket.destroy();
		});
		socket.once('error', () => resolve(''));
		socket.once('close', () => resolve(''));
	});
}
