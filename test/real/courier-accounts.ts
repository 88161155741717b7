import { createHmac } from 'node:crypto';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import type { Server } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';

export interface CourierAccounts {
	/** Where Courier asks. */
	socket: string;
	/** Folder of the users' homes, made as they are asked for. */
	homes: string;
	/** The one password that lets every user name in. */
	password: string;
	uid: number;
	gid: number;
}

/** Octets and messages that an account may keep. */
const QUOTA = '104857600S,10000C';

/**
 * Tells Courier who may log in, and where their mail is, as its authdaemond does: a request is
 * some lines of environment, `AUTH <octets>`, and that many octets of lines: service, kind, and
 * what the kind needs. The answer is a line a fact, then a dot; or FAIL.
 */
export async function answerAccounts(accounts: CourierAccounts): Promise<Server> {
	const server = createServer((socket) => {
		let received = '';
		socket.on('error', () => undefined);
		socket.setEncoding('utf8').on('data', (chunk: string) => {
			received += chunk;
			const [head, octets] = /(?:^|\n)AUTH (\d+)\n/.exec(received) ?? [];
			if (head === undefined) return;
			const request = received.slice(received.indexOf(head) + head.length);
			if (Buffer.byteLength(request) < Number(octets)) return;
			const [, kind = '', ...given] = request.split('\n');
			void answer(accounts, kind, given).then((text) => socket.end(text));
		});
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen({ path: accounts.socket, writableAll: true, readableAll: true }, resolve);
	});
	return server;
}

async function answer(accounts: CourierAccounts, kind: string, given: string[]): Promise<string> {
	const user = userOf(accounts.password, kind, given);
	// The name becomes that of a folder.
	if (user === undefined || !/^[\w@.-]+$/.test(user)) return 'FAIL\n';
	const { uid, gid } = accounts;
	const home = join(accounts.homes, user);
	for (const name of ['', 'Maildir', 'Maildir/cur', 'Maildir/new', 'Maildir/tmp']) {
		await mkdir(join(home, name), { recursive: true });
		await chown(join(home, name), uid, gid);
	}
	await limit(join(home, 'Maildir', 'maildirsize'), accounts);
	const facts = { UID: uid, GID: gid, ADDRESS: user, HOME: home, MAILDIR: 'Maildir' };
	return [...Object.entries(facts).map(([name, value]) => `${name}=${value}`), '.', ''].join('\n');
}

/** As `maildirmake -q` does: the limits in the first line; Courier counts in those that follow. */
async function limit(file: string, { uid, gid }: CourierAccounts): Promise<void> {
	try {
		await writeFile(file, `${QUOTA}\n`, { flag: 'wx' });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		return;
	}
	await chown(file, uid, gid);
}

/** @returns whom these credentials let in */
function userOf(password: string, kind: string, [first = '', second = '']: string[]) {
	if (kind === 'login') return second === password ? first : undefined;
	const [, hash] = /^cram-(md5|sha1|sha256)$/.exec(kind) ?? [];
	if (!hash) return undefined;
	const [challenge, response] = [first, second].map((text) => Buffer.from(text, 'base64'));
	const [user, digest] = (response?.toString() ?? '').split(' ');
	const wanted = createHmac(hash, password)
		.update(challenge ?? '')
		.digest('hex');
	return digest === wanted ? user : undefined;
}
