import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Certificates } from './certificates';
import { answerAccounts } from './courier-accounts';
import type { CourierPorts } from './courier-config';
import { ACCOUNTS_FOLDER, courierScript } from './courier-config';
import type { CourierFiles } from './courier-files';
import { freePort } from './free-port';
import { ended, greeted } from './greeted';
import { makeOwnFolder, removeForsakenFolders } from './own-folders';
import { unprivileged } from './unprivileged';

/** How to reach the Courier of this run. Every user name gets in with the one password. */
export interface CourierAddress {
	host: string;
	ports: CourierPorts;
	password: string;
	version: string;
}

export interface RunningCourier {
	address: CourierAddress;
	stop(): Promise<void>;
}

/** @throws Error if it doesn't come up */
export async function startCourier(
	{ root, version }: CourierFiles,
	{ server }: Certificates,
): Promise<RunningCourier> {
	await removeForsakenFolders();
	const owner = await unprivileged();
	const folder = await makeOwnFolder('courier', owner);
	const write = async (name: string, text: string): Promise<string> => {
		const path = join(folder, name);
		await writeFile(path, text, { mode: 0o600 });
		await chown(path, owner.uid, owner.gid);
		return path;
	};
	const address: CourierAddress = {
		host: '127.0.0.1',
		ports: { plain: await freePort(), tls: await freePort() },
		password: randomBytes(12).toString('hex'),
		version,
	};
	const accounts = await answerAccounts({
		socket: join(folder, ACCOUNTS_FOLDER, 'socket'),
		homes: join(folder, 'users'),
		password: address.password,
		uid: owner.uid,
		gid: owner.gid,
	});
	const certificate = await write('server.pem', server.cert + server.key);
	const script = await write(
		'courier.sh',
		courierScript({ folder, root, ports: address.ports, certificate, owner }),
	);
	// With its first process all others of the namespace end.
	const namespace = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child'];
	const child = spawn('unshare', [...namespace, 'sh', script], {
		cwd: folder,
		env: { PATH: process.env.PATH },
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	await write(join('run', 'master.pid'), `${child.pid}`);
	const stop = async (): Promise<void> => {
		// unshare lets no other signal end it.
		await ended(child, 'SIGKILL');
		await new Promise((resolve) => accounts.close(resolve));
		await rm(folder, { recursive: true, force: true });
	};
	try {
		await greeted(child, address.host, address.ports.plain);
		return { address, stop };
	} catch (error) {
		await stop();
		throw new Error(`Courier does not start: ${(error as Error).message}`, { cause: error });
	}
}
