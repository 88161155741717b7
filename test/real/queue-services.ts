/** Redis and PostgreSQL for n8n's queue mode, of Debian's packages, each in a temporary folder on loopback. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { libraryFolders, unpackedPackages } from './debian-packages';
import { freePort } from './free-port';
import { unprivileged } from './unprivileged';

const run = promisify(execFile);

const HOST = '127.0.0.1';
/** Milliseconds that a service may take to answer. */
const PATIENCE = 30_000;
const INSTALLED_POSTGRES = '/usr/lib/postgresql/15';

export interface QueueService {
	port: number;
	stop(): Promise<void>;
}

/** @throws Error where there are no packages, or it does not start */
export async function startRedis(): Promise<QueueService> {
	const root = await unpackedPackages({ name: 'redis', packages: ['redis-server', 'redis-tools'] });
	const libraries = await libraryFolders(root);
	const port = await freePort();
	const folder = await mkdtemp(join(tmpdir(), 'imap4-redis-'));
	const options = { port, bind: HOST, dir: folder, save: '', appendonly: 'no' };
	const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]);
	const child = spawn(join(root, 'usr/bin/redis-server'), args, {
		env: { ...process.env, LD_LIBRARY_PATH: libraries.join(':') },
		stdio: 'ignore',
	});
	return running(child, port, 'SIGTERM', folder);
}

/** A database `postgres` of the user `postgres`, for whom loopback needs no password. */
export async function startPostgres(): Promise<QueueService> {
	const { bin, env } = await postgresFiles();
	const { uid, gid } = await unprivileged();
	const port = await freePort();
	const folder = await mkdtemp(join(tmpdir(), 'imap4-postgres-'));
	await chmod(folder, 0o700);
	const identity = process.getuid?.() === 0 ? { uid, gid } : {};
	if (process.getuid?.() === 0) await chown(folder, uid, gid);
	const data = join(folder, 'data');
	const options = { env, cwd: folder, ...identity };
	const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'];
	await run(join(bin, 'initdb'), init, options);
	// What a crash of the machine could cost is of no interest here.
	const settings = [
		`port=${port}`,
		`listen_addresses=${HOST}`,
		'fsync=off',
		'unix_socket_directories=',
	];
	const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
	const child = spawn(join(bin, 'postgres'), args, { ...options, stdio: 'ignore' });
	return running(child, port, 'SIGINT', folder);
}

async function postgresFiles(): Promise<{ bin: string; env: NodeJS.ProcessEnv }> {
	if (existsSync(INSTALLED_POSTGRES)) {
		return { bin: join(INSTALLED_POSTGRES, 'bin'), env: process.env };
	}
	const root = await unpackedPackages({
		name: 'postgresql',
		packages: ['postgresql-15', 'postgresql-client-15'],
	});
	const libraries = await libraryFolders(root);
	return {
		bin: join(root, INSTALLED_POSTGRES, 'bin'),
		env: { ...process.env, LD_LIBRARY_PATH: libraries.join(':') },
	};
}

async function running(
	child: ChildProcess,
	port: number,
	signal: NodeJS.Signals,
	folder: string,
): Promise<QueueService> {
	const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
	const stop = async (): Promise<void> => {
		if (child.exitCode === null) child.kill(signal);
		await ended;
		await rm(folder, { recursive: true, force: true });
	};
	for (let waited = 0; waited < PATIENCE && child.exitCode === null; waited += 100) {
		if (await answers(port)) return { port, stop };
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	await stop();
	throw new Error(`${child.spawnfile} does not start`);
}

function answers(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, HOST);
		socket.once('connect', () => resolve(true));
		socket.once('error', () => resolve(false));
		socket.once('connect', () => socket.destroy());
	});
}
