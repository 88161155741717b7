import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { reasonOf } from './debian-packages';
import { unpackedDovecot } from './dovecot-unpacked';

const run = promisify(execFile);

/** A Dovecot to be run, and what it needs to be told where it isn't installed. */
export interface DovecotFiles {
	/** The program. */
	dovecot: string;
	version: string;
	/** Where its programs and its plugins are, if not where the package was built for. */
	libexec?: string;
	plugins?: string;
	environment?: Record<string, string>;
}

const INSTALLED = '/usr/sbin/dovecot';

/**
 * The Dovecot to test with: the installed one, else one unpacked from Debian's packages. The
 * environment variable IMAP4_TEST_DOVECOT demands one of the two (`installed`, `unpacked`) or
 * `none`.
 * @throws Error that says why there is none
 */
export async function findDovecot(): Promise<DovecotFiles> {
	const demanded = process.env.IMAP4_TEST_DOVECOT;
	if (demanded === 'none') throw new Error('IMAP4_TEST_DOVECOT says none');
	if (demanded !== 'unpacked' && existsSync(INSTALLED))
		return { dovecot: INSTALLED, version: await versionOf(INSTALLED) };
	if (demanded === 'installed') throw new Error('Dovecot is not installed');
	try {
		const files = await unpackedDovecot();
		return { ...files, version: await versionOf(files.dovecot, files.environment) };
	} catch (error) {
		throw new Error(
			`Dovecot is not installed, and cannot be unpacked from Debian's packages (${reasonOf(error)})`,
			{ cause: error },
		);
	}
}

async function versionOf(dovecot: string, environment?: Record<string, string>): Promise<string> {
	const { stdout } = await run(dovecot, ['--version'], { env: { ...process.env, ...environment } });
	return stdout.trim();
}
