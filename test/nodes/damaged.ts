/** A server that does not return one of the messages that it has. */
import type { MemoryServer, MemoryServerOptions } from '../server';
import { mail, startServer, USER } from './run-node';

/** The subjects of the messages, UID 1 and up. */
export const NAMES = ['one', 'two', 'three', 'four', 'five'];

interface Damage {
	/** Rows of this UID do not come. */
	uid: number;
	end: (tag: string) => string;
}

/** Takes the row of one message out of each FETCH that asks for it, and ends the FETCH in its own way. */
export async function damaged(
	{ uid, end }: Damage,
	options: MemoryServerOptions = {},
): Promise<MemoryServer> {
	const server = await startServer(options);
	const inbox = server.account(USER).mailbox('INBOX');
	for (const name of NAMES) inbox.append(mail(name));
	server.faults.on = ({ tag, line }) => {
		const [, set = ''] = /^UID FETCH (\S+) /.exec(line) ?? [];
		const uids = set === '' ? [] : expand(set);
		if (!uids.includes(uid)) return undefined;
		const body = (one: number): string => mail(NAMES[one - 1] as string).toString();
		const rows = uids
			.filter((one) => one !== uid)
			.map((one) => {
				const items = [
					`UID ${one}`,
					'FLAGS (\\Seen)',
					'RFC822.SIZE 10',
					'INTERNALDATE "01-Jan-2026 00:00:00 +0000"',
					`ENVELOPE (NIL "row ${one}" NIL NIL NIL NIL NIL NIL NIL "<${one}@example.com>")`,
					'BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 4 1)',
				];
				const section = /BODY\.PEEK(\[.*\])/.exec(line)?.[1];
				const bytes = Buffer.from(body(one));
				if (section) items.push(`BODY${section} {${bytes.length}}\r\n${bytes.toString()}`);
				return `* ${one} FETCH (${items.join(' ')})\r\n`;
			});
		return rows.join('') + end(tag);
	};
	return server;
}

const expand = (set: string): number[] =>
	set.split(',').flatMap((part) => {
		const [from = 0, to = from] = part.split(':').map(Number);
		return Array.from({ length: to - from + 1 }, (_, index) => from + index);
	});
