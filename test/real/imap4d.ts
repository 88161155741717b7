/** GNU Mailutils' imap4d, which speaks on its standard input and output as the user that starts it. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { libraryFolders, reasonOf, unpackedPackages } from './debian-packages';

const run = promisify(execFile);

/** Those of its libraries that Debian has in packages of their own. */
const PACKAGES = [
	...['mailutils-imap4d', 'mailutils-common', 'libmailutils9', 'libgsasl18', 'libgssglue1'],
	...['libntlm0', 'libmariadb3', 'libpq5', 'libldap-2.5-0', 'libwrap0', 'libgdbm6'],
];

export interface Imap4d {
	/** Program and arguments; each connection starts one, for an account that nobody else has. */
	command: string[];
	stop(): Promise<void>;
}

/** @returns what starts servers with a mailbox of their own. @throws Error that says why there is none */
export async function findImap4d(): Promise<() => Promise<Imap4d>> {
	try {
		const root = await unpackedPackages({ name: 'mailutils', packages: PACKAGES });
		const libraries = (await libraryFolders(root)).join(':');
		const program = join(root, 'usr/sbin/imap4d');
		const environment = { ...process.env, LD_LIBRARY_PATH: libraries };
		await run(program, ['--version'], { env: environment });
		return () => prepare(program, libraries);
	} catch (error) {
		throw new Error(`imap4d cannot be unpacked from Debian's packages (${reasonOf(error)})`, {
			cause: error,
		});
	}
}

async function prepare(program: string, libraries: string): Promise<Imap4d> {
	const folder = await mkdtemp(join(tmpdir(), 'imap4-mailutils-'));
	await mkdir(join(folder, 'mail'));
	await writeFile(join(folder, 'INBOX'), '');
	const config = join(folder, 'imap4d.conf');
	await writeFile(
		config,
		`preauth stdio;
		mailbox { mailbox-pattern "${folder}/INBOX"; mailbox-type mbox; };
		namespace personal { prefix "" { directory "${folder}/mail"; delimiter "/"; mailbox-type mbox; }; };
		logging { syslog no; };\n`,
	);
	const start = [program, '--inetd', '--preauth', `--config-file=${config}`];
	return {
		command: ['env', `LD_LIBRARY_PATH=${libraries}`, ...start],
		stop: () => rm(folder, { recursive: true, force: true }),
	};
}
