import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A Dovecot to be run, and what it needs to be told where it isn't installed. */
export interface DovecotFiles {
	/** The program. */
	dovecot: string;
	version: string;
	libexec?: string;
	plugins?: string;
	environment?: Record<string, string>;
}

const INSTALLED = '/usr/sbin/dovecot';

/** The Dovecot to test with. @throws Error that says why there is none */
export async function findDovecot(): Promise<DovecotFiles> {
	if (!existsSync(INSTALLED)) throw new Error('Dovecot is not installed');
	const { stdout } = await run(INSTALLED, ['--version']);
	return { dovecot: INSTALLED, version: stdout.trim() };
}
