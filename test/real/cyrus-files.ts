import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { libraryFolders, reasonOf, unpackedPackages } from './debian-packages';

const run = promisify(execFile);

/** A Cyrus to be run. */
export interface CyrusFiles {
	/** Folder of its programs. */
	programs: string;
	saslpasswd: string;
	version: string;
	environment: Record<string, string>;
}

const INSTALLED = { programs: '/usr/lib/cyrus/bin', saslpasswd: '/usr/sbin/saslpasswd2' };

/**
 * The Cyrus to test with: the installed one, else one unpacked from Debian's packages. The
 * environment variable IMAP4_TEST_CYRUS demands one of the two (`installed`, `unpacked`) or `none`.
 * @throws Error that says why there is none
 */
export async function findCyrus(): Promise<CyrusFiles> {
	const demanded = process.env.IMAP4_TEST_CYRUS;
	if (demanded === 'none') throw new Error('IMAP4_TEST_CYRUS says none');
	if (demanded !== 'unpacked' && existsSync(join(INSTALLED.programs, 'imapd')))
		return withVersion({ ...INSTALLED, environment: {} });
	if (demanded === 'installed') throw new Error('Cyrus is not installed');
	try {
		const root = await unpackedPackages({
			name: 'cyrus',
			packages: ['cyrus-imapd', 'cyrus-common', 'sasl2-bin'],
			// For scanning mail, which imapd does not do.
			without: ['libclamav12'],
		});
		return await withVersion({
			programs: join(root, INSTALLED.programs),
			saslpasswd: join(root, INSTALLED.saslpasswd),
			environment: { LD_LIBRARY_PATH: (await libraryFolders(root)).join(':') },
		});
	} catch (error) {
		throw new Error(
			`Cyrus is not installed, and cannot be unpacked from Debian's packages (${reasonOf(error)})`,
			{ cause: error },
		);
	}
}

async function withVersion(files: Omit<CyrusFiles, 'version'>): Promise<CyrusFiles> {
	const env = { ...process.env, ...files.environment };
	const { stdout } = await run(join(files.programs, 'master'), ['-V'], { env });
	return { ...files, version: /\d+(\.\d+)+/.exec(stdout)?.[0] ?? stdout.trim() };
}
