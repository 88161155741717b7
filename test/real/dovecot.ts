import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Certificates } from './certificates';
import type { DovecotPorts } from './dovecot-config';
import { dovecotConfig, OAUTH_KEY, oauthConfig, STRANGE_ADDRESS } from './dovecot-config';
import type { DovecotFiles } from './dovecot-files';
import { freePort } from './free-port';
import { ended, greeted } from './greeted';
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
	/** Signs access tokens (HS256). */
	tokenKey: string;
	/** The program that speaks IMAP on its standard input and output, for the user it is told. */
	program: DovecotProgram;
}

export interface DovecotProgram {
	command: string;
	args: string[];
	environment: Record<string, string>;
	/** Folder of Dovecot's programs. */
	libexec: string;
	/** Folder of the users' homes. */
	homes: string;
}

export interface RunningDovecot {
	address: DovecotAddress;
	stop(): Promise<void>;
}

/** @throws Error that tells what Dovecot said if it doesn't come up */
export async function startDovecot(
	files: DovecotFiles,
	{ ca, server }: Certificates,
): Promise<RunningDovecot> {
	await removeForsakenFolders();
	const account = await unprivileged();
	const owner = process.getuid?.() === 0 ? account : undefined;
	const folder = await makeOwnFolder('dovecot', owner);
	const write = async (name: string, text: string): Promise<string> => {
		const path = join(folder, name);
		await writeFile(path, text, { mode: 0o600 });
		if (owner) await chown(path, owner.uid, owner.gid);
		return path;
	};
	const address: DovecotAddress = {
		host: '127.0.0.1',
		strangeHost: STRANGE_ADDRESS,
		ports: { plain: await freePort(STRANGE_ADDRESS), tls: await freePort(STRANGE_ADDRESS) },
		password: randomBytes(12).toString('hex'),
		version: files.version,
		tokenKey: randomBytes(32).toString('hex'),
		program: {
			command: join(files.libexec ?? '/usr/lib/dovecot', 'imap'),
			args: ['-c', join(folder, 'dovecot.conf')],
			environment: files.environment ?? {},
			libexec: files.libexec ?? '/usr/lib/dovecot',
			homes: join(folder, 'users'),
		},
	};
	if (owner) {
		const { command, args } = address.program;
		const drop = ['--reuid', `${owner.uid}`, '--regid', `${owner.gid}`, '--clear-groups'];
		address.program.args = [...drop, command, ...args];
		address.program.command = 'setpriv';
	}
	const [client, algorithm, key] = OAUTH_KEY;
	await mkdir(join(folder, 'keys', client, algorithm), { recursive: true });
	await write(
		join('keys', client, algorithm, key),
		Buffer.from(address.tokenKey).toString('base64'),
	);
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
			authority: await write('ca.pem', ca),
			oauth: await write('dovecot-oauth2.conf', oauthConfig(join(folder, 'keys'))),
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
		await ended(child);
		await rm(folder, { recursive: true, force: true });
	};
	try {
		await greeted(child, address.host, address.ports.plain);
		return { address, stop };
	} catch (error) {
		const log = await readFile(join(folder, 'dovecot.log'), 'utf8').catch(() => '');
		await stop();
		throw new Error(`Dovecot does not start: ${(error as Error).message}\n${log}`, {
			cause: error,
		});
	}
}
