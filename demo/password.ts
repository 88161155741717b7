import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { UsageError } from './command-line';

/**
 * The password of the user's account: from IMAP4_PASSWORD, else from the terminal, where it is not
 * shown while it is typed.
 *
 * @throws {UsageError} when there is neither, or it is empty
 */
export async function askPassword(user: string, host: string): Promise<string> {
	const password =
		process.env.IMAP4_PASSWORD ?? (await fromTerminal(`Password of ${user} at ${host}: `));
	if (password === '') throw new UsageError('The password is empty');
	return password;
}

async function fromTerminal(question: string): Promise<string> {
	if (!process.stdin.isTTY) {
		throw new UsageError('There is no terminal to ask for the password: set IMAP4_PASSWORD');
	}
	process.stderr.write(question);
	const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
	const terminal = createInterface({ input: process.stdin, output: unseen, terminal: true });
	const stopped = new AbortController();
	terminal.once('SIGINT', () => stopped.abort());
	terminal.once('close', () => stopped.abort());
	try {
		return await terminal.question('', { signal: stopped.signal });
	} catch {
		throw new UsageError('No password was given');
	} finally {
		terminal.close();
		process.stderr.write('\n');
	}
}
