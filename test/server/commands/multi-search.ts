import type { CommandReader } from '../command-reader';
import { BadSyntax, printSet } from '../command-reader';
import { run, readSearch } from '../search';
import { readCharset } from '../search-return';
import type { CommandHandler, Session } from '../session';
import { MailboxView } from '../view';
import { checkCharset } from './search';

/** ESEARCH of several mailboxes (RFC 7377); offered only where a test adds it. */
const MULTISEARCH = 'MULTISEARCH';

function readNames(session: Session, reader: CommandReader): string[] {
	reader.space();
	return reader.peek() === '('
		? reader.list(() => session.mailboxName(reader))
		: [session.mailboxName(reader)];
}

/** Reads `(mailboxes ("INBOX" "Sent") subtree Lists)`: what the names mean among the mailboxes that there are. */
function readSources(session: Session, reader: CommandReader): Set<string> {
	const all = [...session.user.list()].flatMap(({ name, mailbox }) => (mailbox ? [name] : []));
	const wanted = new Set<string>();
	const take = (names: readonly string[]): void => names.forEach((name) => wanted.add(name));
	reader.list(() => {
		const source = reader.word();
		if (source === 'PERSONAL') take(all);
		else if (source === 'SUBSCRIBED') take(all.filter((name) => session.user.subscribed.has(name)));
		else if (source === 'INBOXES') take(['INBOX']);
		else if (source === 'MAILBOXES') take(readNames(session, reader));
		else if (source === 'SUBTREE' || source === 'SUBTREE-ONE') {
			const deep = source === 'SUBTREE';
			for (const root of readNames(session, reader)) {
				const below = all.filter((name) => name.startsWith(`${root}/`));
				take([root, ...below.filter((n) => deep || !n.slice(root.length + 1).includes('/'))]);
			}
		} else throw new BadSyntax(`unknown source ${source}`);
		return source;
	});
	return wanted;
}

export const multiSearchCommands: Record<string, CommandHandler> = {
	ESEARCH: {
		states: ['authenticated', 'selected'],
		needs: MULTISEARCH,
		run(session, reader) {
			reader.space();
			if (reader.word() !== 'IN') throw new BadSyntax('IN is missing');
			reader.space();
			const names = readSources(session, reader);
			reader.space();
			if (reader.peek() === 'R') {
				if (reader.word() !== 'RETURN') throw new BadSyntax('RETURN is missing');
				reader.space();
				const figures = reader.list(() => reader.word());
				if (figures.join() !== 'ALL') throw new BadSyntax('only ALL can be returned here');
				reader.space();
			}
			const mark = reader.at;
			if (/[Cc]/.test(reader.peek()) && reader.word() === 'CHARSET') {
				reader.space();
				checkCharset(readCharset(reader));
			} else reader.at = mark;
			const test = readSearch(reader, { session, modSeq: false });
			reader.end();
			for (const name of names) tellFound(session, name, test);
			return 'Search completed.';
		},
	},
};

/** What does not exist or may not be read is left out (RFC 7377 §2.2). */
function tellFound(session: Session, name: string, test: Parameters<typeof run>[1]): void {
	const mailbox = session.user.find(name);
	if (!mailbox) return;
	const nothing = (): void => undefined;
	const view = new MailboxView(mailbox, true, nothing, nothing);
	try {
		const uids = run(view, test).map(([{ uid }]) => uid);
		if (uids.length === 0) return;
		session.data(
			`ESEARCH (TAG "${session.tag}" MAILBOX ${session.written(name)} UIDVALIDITY ${mailbox.uidValidity}) UID ALL ${printSet(uids)}`,
		);
	} finally {
		view.close();
	}
}
