import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Folders of one run each. Their names tell the process they belong to, so that what a run that
 * crashed has left behind can be told from what another run is using.
 */
const NAME = /^imap4-(?:dovecot|cyrus|courier)-(\d+)-/;

/** @param owner whom the folder shall belong to, if not to this process's user */
export async function makeOwnFolder(
	server: 'dovecot' | 'cyrus' | 'courier',
	owner?: { uid: number; gid: number },
): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), `imap4-${server}-${process.pid}-`));
	for (const name of ['run', 'state', 'users', 'public']) await mkdir(join(folder, name));
	if (owner) {
		for (const name of ['', 'run', 'state', 'users', 'public'])
			await chown(join(folder, name), owner.uid, owner.gid);
	}
	return folder;
}

/** Ends servers that crashed runs have left running, and removes those runs' folders. */
export async function removeForsakenFolders(): Promise<void> {
	for (const name of await readdir(tmpdir())) {
		const pid = Number(NAME.exec(name)?.[1]);
		const folder = join(tmpdir(), name);
		if (!pid || isRunning(pid) || !(await isOurs(folder))) continue;
		const master = Number(
			await readFile(join(folder, 'run', 'master.pid'), 'utf8').catch(() => ''),
		);
		// The number may be another program's by now: only a server of that very folder is ended.
		if (master && (await commandLine(master)).includes(folder)) {
			// Courier's is the program that keeps its namespace, which nothing else ends.
			process.kill(master, name.startsWith('imap4-courier') ? 'SIGKILL' : 'SIGTERM');
			// A master without its children may spin for ever; that must not hold up the next run.
			if (!(await ended(master, 5000))) process.kill(master, 'SIGKILL');
			await ended(master, 5000);
		}
		await rm(folder, { recursive: true, force: true });
	}
}

/** @returns whether it ended in time, in milliseconds */
async function ended(pid: number, limit: number): Promise<boolean> {
	const end = performance.now() + limit;
	while (isRunning(pid) && performance.now() < end)
		await new Promise((resolve) => setTimeout(resolve, 10));
	return !isRunning(pid);
}

async function isOurs(folder: string): Promise<boolean> {
	const uid = process.getuid?.();
	return uid === 0 || (await stat(folder)).uid === uid;
}

async function commandLine(pid: number): Promise<string> {
	return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
