/**
 * IMAP servers that npm has, fetched once per user into a cache folder, since they bring an outdated
 * tree of dependencies that no contributor needs: WildDuck's imap-core with the handlers of its own tests,
 * which keep mail in memory, and hoodiecrow-imap.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo, Server, Socket } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const WILDDUCK = '1.46.1';
/** Milliseconds after which npm is given up. */
const PATIENCE = 120_000;
/** What imap-core and its handlers import; WildDuck itself has five hundred packages besides. */
const DEPENDENCIES = {
	'base32.js': '0.1.0',
	gelf: '2.0.1',
	he: '1.2.0',
	'hoodiecrow-imap': '2.1.0',
	'html-to-text': '9.0.5',
	'iconv-lite': '0.7.0',
	libbase64: '1.3.0',
	libmime: '5.3.7',
	libqp: '2.1.1',
	nodemailer: '7.0.9',
	'punycode.js': '2.3.1',
	'wild-config': '1.7.1',
};

/** @returns what requires a module of that folder. @throws Error without npm or a network */
export async function npmServers(): Promise<NodeJS.Require> {
	const cache =
		process.env.N8N_NODES_IMAP4_CACHE ??
		join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'n8n-nodes-imap4');
	const folder = join(cache, `imap-servers-${WILDDUCK}`);
	if (!existsSync(folder)) await install(cache, folder);
	return createRequire(join(folder, 'package.json'));
}

async function install(cache: string, folder: string): Promise<void> {
	await mkdir(cache, { recursive: true });
	const work = await mkdtemp(join(cache, 'fetching-'));
	const npm = (...args: string[]) =>
		run('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund'], {
			...{ cwd: work, timeout: PATIENCE },
			shell: process.platform === 'win32',
		});
	try {
		const manifest = { name: 'imap-servers', private: true, dependencies: DEPENDENCIES };
		await writeFile(join(work, 'package.json'), JSON.stringify(manifest));
		await npm('install');
		await npm('pack', `wildduck@${WILDDUCK}`);
		await run('tar', ['-xzf', `wildduck-${WILDDUCK}.tgz`], { cwd: work });
		await rename(join(work, 'package'), join(work, 'wildduck'));
		await rename(work, folder);
	} finally {
		await rm(work, { recursive: true, force: true });
	}
}

interface Listening {
	listen(port: number, host: string, done: () => void): void;
	/** Where the listening socket is. */
	server: Server;
}

type Done = (error: unknown, result: unknown) => void;

interface TestServer extends Listening {
	notifier: Notifier;
	onOpen(path: string, session: unknown, callback: Done): void;
	onCreate(path: string, session: unknown, callback: Done): void;
}

interface Notifier {
	folders: Map<string, object>;
	addEntries(...args: unknown[]): void;
}

export interface NpmServer {
	host: string;
	port: number;
	user: string;
	password: string;
	stop(): Promise<void>;
}

export async function startWildDuck(require: NodeJS.Require): Promise<NpmServer> {
	type Factory = (options: object) => TestServer;
	const start = require('./wildduck/imap-core/test/test-server.js') as Factory;
	const quiet = { info: () => false, debug: () => false, error: () => false };
	const server = start({ logger: quiet, ignoreSTARTTLS: true, secure: false });
	// The handlers know a mailbox by its path, which SELECT does not pass on; a UIDVALIDITY has 32 bits.
	const { onOpen, onCreate } = server;
	server.onOpen = function (path, session, callback) {
		onOpen.call(this, path, session, (error, result) =>
			callback(error, typeof result === 'object' ? { ...result, _id: path } : result),
		);
	};
	server.onCreate = function (path, session, callback) {
		onCreate.call(this, path, session, (error, result) => {
			Object.assign(notifier.folders.get(path) ?? {}, { uidValidity: 1 });
			callback(error, result);
		});
	};
	// The handlers of its tests still name the user first, or second.
	const { notifier } = server;
	const addEntries = notifier.addEntries.bind(notifier);
	const known = (name: unknown): name is string =>
		typeof name === 'string' && notifier.folders.has(name);
	notifier.addEntries = (...args) => {
		const [entries, done] = args.slice(-2);
		addEntries(args.find(known), entries, done);
	};
	return listening(server, { user: 'testuser', password: 'pass' });
}

export async function startHoodiecrow(require: NodeJS.Require): Promise<NpmServer> {
	const start = require('hoodiecrow-imap') as (options: object) => Listening;
	const plugins = [
		...['ID', 'STARTTLS', 'SASL-IR', 'AUTH-PLAIN', 'NAMESPACE', 'IDLE', 'ENABLE', 'CONDSTORE'],
		...['LITERALPLUS', 'UNSELECT', 'SPECIAL-USE', 'CREATE-SPECIAL-USE', 'UIDPLUS', 'MOVE'],
	];
	const storage = {
		INBOX: { messages: [] },
		'': { separator: '/', folders: { Elsewhere: {} } },
	};
	const server = start({ plugins, storage });
	return listening(server, { user: 'testuser', password: 'testpass' });
}

async function listening(
	server: Listening,
	account: Pick<NpmServer, 'user' | 'password'>,
): Promise<NpmServer> {
	const host = '127.0.0.1';
	await new Promise<void>((resolve) => server.listen(0, host, resolve));
	const { port } = server.server.address() as AddressInfo;
	const sockets = new Set<Socket>();
	server.server.on('connection', (socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
	});
	return {
		...{ host, port, ...account },
		async stop() {
			for (const socket of sockets) socket.destroy();
			await new Promise<void>((resolve) => server.server.close(() => resolve()));
		},
	};
}
