import { spawn } from 'node:child_process';
import { Imap4AbortError } from '../errors';
import type { Transport, TransportHandler } from './transport';

/** The program that is the connection. */
export interface ProcessOptions {
	/** The program; no shell is involved. */
	command: string;
	/** Its arguments. */
	args?: readonly string[];
	/** Its environment; that of this process by default. */
	env?: NodeJS.ProcessEnv;
	/** The folder it starts in. */
	cwd?: string;
}

/**
 * A child process whose standard input and output are the connection, e.g. a server's own imap
 * program, or ssh. Closing the connection ends the process.
 * @throws Imap4AbortError CONNECTION_FAILED if it can't be started
 * @example
 * const transport = await startProcess({ command: process.execPath, args: [imapProgram] });
 * const imap = await Imap4.connect({ transport });
 * await imap.logout();
 */
export async function startProcess({
	command,
	args = [],
	env,
	cwd,
}: ProcessOptions): Promise<Transport> {
	const child = spawn(command, args, { env, cwd, stdio: ['pipe', 'pipe', 'ignore'] });
	const { stdin, stdout } = child;
	await new Promise<void>((resolve, reject) => {
		child.once('spawn', resolve);
		child.once('error', (error) =>
			reject(
				new Imap4AbortError('CONNECTION_FAILED', `${command} cannot be started: ${error.message}`, {
					cause: error,
				}),
			),
		);
	});
	let handler: TransportHandler | undefined;
	// A process that has ended refuses what is written; its end is reported by itself.
	stdin.on('error', () => undefined);
	child.on('error', () => undefined);
	child.once('close', (code, signal) => {
		const failure = code
			? new Imap4AbortError('CONNECTION_LOST', `${command} ended with exit code ${code}`)
			: signal
				? new Imap4AbortError('CONNECTION_LOST', `${command} was ended by ${signal}`)
				: undefined;
		handler?.closed(failure);
	});
	return {
		secure: true,
		start(to) {
			const first = !handler;
			handler = to;
			if (!first) return;
			stdout.on('data', (chunk: Buffer) => handler?.data(chunk));
			stdin.on('drain', () => handler?.drained());
		},
		write: (data) => stdin.write(data),
		pause: () => void stdout.pause(),
		resume: () => void stdout.resume(),
		ref: () => child.ref(),
		unref: () => child.unref(),
		end: () => void stdin.end(),
		destroy() {
			stdin.destroy();
			stdout.destroy();
			child.kill();
		},
	};
}
