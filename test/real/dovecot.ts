import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Certificates } from './certificates';
import type { DovecotPorts } from './dovecot-config';
import { dovecotConfig, STRANGE_ADDRESS } from './dovecot-config';
import type { DovecotFiles } from './dovecot-files';
import { makeOwnFolder, removeForsakenFolders } from './own-folders';
import { unprivileged } from './unprivileged';

/** How to reach the Dovecot of this run. Every user name gets in with the one password. */
export interface DovecotAddress {
	host: string;
	/** Here Dovecot takes clients for strangers, and forbids passwords in clear text. */
	strangeHost: string;
	ports: DovecotPorts;
	password: string;
	version: string;
}

export interface RunningDovecot {
	address: DovecotAddress;
	stop(): Promise<void>;
}

/** Milliseconds it may take to begin; it needs some 50. */
const PATIENCE = 10_000;

/** @throws Error that tells what Dovecot said if it doesn't come up */
export async function startDovecot(
	files: DovecotFiles,
	{ server }: Certificates,
): Promise<RunningDovecot> {
	await removeForsakenFolders();
	const account = await unprivileged();
	const owner = process.getuid?.() === 0 ? account : undefined;
	const folder = await makeOwnFolder(owner);
	const write = async (name: string, text: string): Promise<string> => {
		const path = join(folder, name);
		await writeFile(path, text, { mode: 0o600 });
		if (owner) await chown(path, owner.uid, owner.gid);
		return path;
	};
	const address: DovecotAddress = {
		host: '127.0.0.1',
		strangeHost: STRANGE_ADDRESS,
		ports: { plain: await freePort(), tls: await freePort() },
		password: randomBytes(12).toString('hex'),
		version: files.version,
	};
	const config = await write(
		'dovecot.conf',
		dovecotConfig({
			folder,
			user: account.user,
			group: account.group,
			password: address.password,
			ports: address.ports,
			certificate: await write('server.pem', server.cert),
			key: await write('server.key', server.key),
			libexec: files.libexec,
			plugins: files.plugins,
		}),
	);
	const child = spawn(files.dovecot, ['-F', '-c', config], {
		...(owner ? { uid: owner.uid, gid: owner.gid } : {}),
		cwd: folder,
		env: { PATH: process.env.PATH, ...files.environment },
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	const stop = async (): Promise<void> => {
		if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
			const ended = new Promise((resolve) => child.once('exit', resolve));
			child.kill('SIGTERM');
			await ended;
		}
		await rm(folder, { recursive: true, force: true });
	};
	try {
		await greeted(child, address);
		return { address, stop };
	} catch (error) {
		const log = await readFile(join(folder, 'dovecot.log'), 'utf8').catch(() => '');
		await stop();
		throw new Error(`Dovecot does not start: ${(error as Error).message}\n${log}`, {
			cause: error,
		});
	}
}

/** A port that nobody uses at the moment; Dovecot takes no 0 for "any". */
async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, STRANGE_ADDRESS, resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

async function greeted(child: ChildProcess, { host, ports }: DovecotAddress): Promise<void> {
	let said = '';
	let gone: string | undefined;
	child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
	child.once('error', (error) => (gone = error.message));
	child.once('exit', (code, signal) => (gone ??= `it ended with ${signal ?? code}: ${said}`));
	for (const end = Date.now() + PATIENCE; Date.now() < end;) {
		if (gone !== undefined) throw new Error(gone);
		if ((await firstOctets(host, ports.plain)).startsWith('* OK')) return;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	throw new Error(`it did not greet within ${PATIENCE} ms: ${said}`);
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
