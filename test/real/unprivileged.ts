import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Account {
	user: string;
	group: string;
	uid: number;
	gid: number;
}

/** Whom a server runs as: this user, or nobody in root's place; mail servers refuse to be root. */
export async function unprivileged(): Promise<Account> {
	const who = process.getuid?.() === 0 ? ['nobody'] : [];
	const id = async (what: string): Promise<string> =>
		(await run('id', [what, ...who])).stdout.trim();
	return {
		user: await id('-un'),
		group: await id('-gn'),
		uid: Number(await id('-u')),
		gid: Number(await id('-g')),
	};
}
