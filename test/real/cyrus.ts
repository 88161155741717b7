import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Certificates } from './certificates';
import type { CyrusPorts, CyrusSettings } from './cyrus-config';
import { cyrusConfig, HASHED_USER, imapdConfig, PASSWORD_SOCKET, PASSWORDS } from './cyrus-config';
import type { CyrusFiles } from './cyrus-files';
import { answerPasswords } from './cyrus-passwords';
import { freePort } from './free-port';
import { ended, greeted } from './greeted';
import { makeOwnFolder, removeForsakenFolders } from './own-folders';
import { unprivileged } from './unprivileged';

/** How to reach the Cyrus of this run. Every user name gets in with the one password. */
export interface CyrusAddress {
	host: string;
	ports: CyrusPorts;
	password: string;
	version: string;
}

export interface RunningCyrus {
	address: CyrusAddress;
	stop(): Promise<void>;
}

/** @throws Error if it doesn't come up */
export async function startCyrus(
	files: CyrusFiles,
	{ server }: Certificates,
): Promise<RunningCyrus> {
	await removeForsakenFolders();
	const account = await unprivileged();
	const owner = process.getuid?.() === 0 ? account : undefined;
	const folder = await makeOwnFolder('cyrus', owner);
	const write = async (name: string, text: string): Promise<string> => {
		const path = join(folder, name);
		await writeFile(path, text, { mode: 0o600 });
		if (owner) await chown(path, owner.uid, owner.gid);
		return path;
	};
	const address: CyrusAddress = {
		host: '127.0.0.1',
		ports: {
			plain: await freePort(),
			tls: await freePort(),
			hashed: await freePort(),
			dotted: await freePort(),
		},
		password: randomBytes(12).toString('hex'),
		version: files.version,
	};
	const settings: CyrusSettings = {
		folder,
		user: account.user,
		group: account.group,
		programs: files.programs,
		ports: address.ports,
		certificate: await write('server.pem', server.cert),
		key: await write('server.key', server.key),
	};
	// Where its processes tell one another what IDLE is to tell; Debian's package makes the folder.
	const sockets = join(folder, 'state', 'socket');
	await mkdir(sockets);
	if (owner) await chown(sockets, owner.uid, owner.gid);
	const config = await write('imapd.conf', imapdConfig(settings));
	const services = await write('cyrus.conf', cyrusConfig(settings));
	const process_ = {
		...(owner ? { uid: owner.uid, gid: owner.gid } : {}),
		cwd: folder,
		env: { PATH: process.env.PATH, ...files.environment },
	};
	const keeping = spawn(
		files.saslpasswd,
		['-p', '-c', '-f', join(folder, PASSWORDS), '-u', 'localhost', HASHED_USER],
		{ ...process_, stdio: ['pipe', 'ignore', 'ignore'] },
	);
	keeping.stdin?.end(address.password);
	await once(keeping, 'exit');
	const passwords = await answerPasswords(join(folder, PASSWORD_SOCKET), address.password);
	const child = spawn(
		join(files.programs, 'master'),
		['-C', config, '-M', services, '-p', join(folder, 'run', 'master.pid')],
		{ ...process_, stdio: ['ignore', 'ignore', 'pipe'] },
	);
	const stop = async (): Promise<void> => {
		await ended(child);
		await new Promise((resolve) => passwords.close(resolve));
		await rm(folder, { recursive: true, force: true });
	};
	try {
		await greeted(child, address.host, address.ports.plain);
		return { address, stop };
	} catch (error) {
		await stop();
		throw new Error(`Cyrus does not start: ${(error as Error).message}`, { cause: error });
	}
}
