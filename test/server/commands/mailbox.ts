import type { CommandReader } from '../command-reader';
import { BadSyntax } from '../command-reader';
import { matcher } from '../mailbox-name';
import type { CommandHandler, Session } from '../session';
import { DELIMITER } from '../store/account';
import type { Mailbox } from '../store/mailbox';
import { hasFlag } from '../store/mailbox';
import { select } from './select';
import { readStatusItems, statusCommands, tellStatus } from './status';

const LOGGED_IN = ['authenticated', 'selected'] as const;
const SELECTED = ['selected'] as const;

function oneName(session: Session, reader: CommandReader): string {
	reader.space();
	const name = session.mailboxName(reader);
	reader.end();
	return name;
}

function pattern(session: Session, reader: CommandReader): string {
	return session.readName(Buffer.from(reader.listMailbox(), 'latin1'));
}

function reference(session: Session, reader: CommandReader): string {
	return session.readName(reader.astring());
}

function list(session: Session, reader: CommandReader): string {
	const options = new Set<string>();
	reader.space();
	if (reader.peek() === '(') {
		needExtended(session);
		for (const option of reader.list(() => reader.word(), true)) {
			if (!['SUBSCRIBED', 'SPECIAL-USE', 'RECURSIVEMATCH', 'REMOTE'].includes(option)) {
				throw new BadSyntax(`unknown selection option ${option}`);
			}
			options.add(option);
		}
		reader.space();
	}
	const base = reference(session, reader);
	reader.space();
	if (reader.peek() === '(') needExtended(session);
	const patterns =
		reader.peek() === '('
			? reader.list(() => pattern(session, reader))
			: [pattern(session, reader)];
	// A plain LIST returns these by itself, an extended one only what it is asked for (RFC 5258 §3.2).
	const plain = options.size === 0 && patterns.length === 1;
	const returned = new Set(plain ? ['CHILDREN', 'SPECIAL-USE'] : []);
	let status: string[] = [];
	if (reader.take(' ')) {
		if (reader.word() !== 'RETURN') throw new BadSyntax('expected RETURN');
		reader.space();
		returned.clear();
		reader.list(() => {
			const option = reader.word();
			if (option === 'STATUS' && session.has('LIST-STATUS')) {
				reader.space();
				status = readStatusItems(session, reader);
			} else if (!['SUBSCRIBED', 'CHILDREN', 'SPECIAL-USE'].includes(option)) {
				throw new BadSyntax(`unknown return option ${option}`);
			}
			returned.add(option);
			return option;
		}, true);
	}
	reader.end();
	// An empty pattern asks for the delimiter only (RFC 3501 §6.3.8).
	if (patterns.length === 1 && patterns[0] === '') {
		session.data(`LIST (\\Noselect) "${DELIMITER}" ""`);
		return 'List completed.';
	}
	const matches = patterns.map((one) => matcher(base + one, DELIMITER));
	for (const { name, mailbox, children } of entries(session, options.has('SUBSCRIBED'))) {
		if (!matches.some((match) => match(name))) continue;
		if (options.has('SPECIAL-USE') && !mailbox?.specialUse) continue;
		const attributes = [
			...(mailbox ? [] : [options.has('SUBSCRIBED') ? '\\NonExistent' : '\\Noselect']),
			...(returned.has('CHILDREN') ? [children ? '\\HasChildren' : '\\HasNoChildren'] : []),
			...(options.has('SUBSCRIBED') ? ['\\Subscribed'] : []),
			...(mailbox?.specialUse && session.has('SPECIAL-USE') && marks(returned, options)
				? [mailbox.specialUse]
				: []),
		];
		session.data(`LIST (${attributes.join(' ')}) "${DELIMITER}" ${session.written(name)}`);
		if (mailbox && status.length > 0) tellStatus(session, name, mailbox, status);
	}
	return 'List completed.';
}

/** Who selects by special uses gets them too (RFC 6154 §2). */
function marks(...asked: ReadonlyArray<ReadonlySet<string>>): boolean {
	return asked.some((options) => options.has('SPECIAL-USE'));
}

function parentsOf(name: string): string[] {
	const levels = name.split(DELIMITER);
	return levels.slice(1).map((_level, depth) => levels.slice(0, depth + 1).join(DELIMITER));
}

function needExtended(session: Session): void {
	if (!session.has('LIST-EXTENDED')) throw new BadSyntax('LIST has no options here');
}

function* entries(
	session: Session,
	subscribed: boolean,
): Generator<{ name: string; mailbox: Mailbox | undefined; children: boolean }> {
	if (!subscribed) {
		yield* session.user.list();
		return;
	}
	const parents = new Set<string>();
	for (const { name, children } of session.user.list()) if (children) parents.add(name);
	for (const name of [...session.user.subscribed].sort())
		yield { name, mailbox: session.user.find(name), children: parents.has(name) };
}

/** RFC 3501 §6.3, §6.4.1-3 and the extensions that concern mailboxes. */
export const mailboxCommands: Record<string, CommandHandler> = {
	SELECT: { states: LOGGED_IN, run: (session, reader) => select(session, reader, false) },
	EXAMINE: { states: LOGGED_IN, run: (session, reader) => select(session, reader, true) },
	CREATE: {
		states: LOGGED_IN,
		run(session, reader) {
			reader.space();
			const name = session.mailboxName(reader);
			let use: string | undefined;
			if (session.has('CREATE-SPECIAL-USE') && reader.take(' ')) {
				reader.expect('(');
				if (reader.word() !== 'USE') throw new BadSyntax('expected USE');
				reader.space();
				[use] = reader.list(() => {
					reader.expect('\\');
					return `\\${reader.atom()}`;
				});
				reader.expect(')');
			}
			reader.end();
			const { id } = session.user.create(name, use);
			return `${session.has('OBJECTID') ? `[MAILBOXID (${id})] ` : ''}Create completed.`;
		},
	},
	DELETE: {
		states: LOGGED_IN,
		run(session, reader) {
			session.user.delete(oneName(session, reader));
			return 'Delete completed.';
		},
	},
	RENAME: {
		states: LOGGED_IN,
		run(session, reader) {
			reader.space();
			const from = session.mailboxName(reader);
			session.user.rename(from, oneName(session, reader));
			return 'Rename completed.';
		},
	},
	SUBSCRIBE: {
		states: LOGGED_IN,
		run(session, reader) {
			session.user.subscribe(oneName(session, reader));
			return 'Subscribe completed.';
		},
	},
	UNSUBSCRIBE: {
		states: LOGGED_IN,
		run(session, reader) {
			session.user.unsubscribe(oneName(session, reader));
			return 'Unsubscribe completed.';
		},
	},
	LIST: { states: LOGGED_IN, run: list },
	...statusCommands,
	LSUB: {
		states: LOGGED_IN,
		gone: true,
		run(session, reader) {
			reader.space();
			const base = reference(session, reader);
			reader.space();
			const match = matcher(base + pattern(session, reader), DELIMITER);
			reader.end();
			const parents = new Set<string>();
			const tell = (name: string, attribute: string): void =>
				session.data(`LSUB (${attribute}) "${DELIMITER}" ${session.written(name)}`);
			for (const { name, children } of entries(session, true)) {
				if (match(name)) tell(name, children ? '\\HasChildren' : '\\HasNoChildren');
				else for (const parent of parentsOf(name)) if (match(parent)) parents.add(parent);
			}
			// Below which something is subscribed (RFC 3501 §6.3.9).
			for (const name of parents) if (!session.user.subscribed.has(name)) tell(name, '\\Noselect');
			return 'Lsub completed.';
		},
	},
	NAMESPACE: {
		states: LOGGED_IN,
		needs: 'NAMESPACE',
		run(session, reader) {
			reader.end();
			session.data(`NAMESPACE (("" "${DELIMITER}")) NIL NIL`);
			return 'Namespace completed.';
		},
	},
	CHECK: {
		states: SELECTED,
		gone: true,
		run(_session, reader) {
			reader.end();
			return 'Check completed.';
		},
	},
	CLOSE: {
		states: SELECTED,
		run(session, reader) {
			reader.end();
			const { mailbox, readOnly } = session.selected;
			session.leave();
			if (!readOnly)
				mailbox.remove(
					new Set(mailbox.messages.filter((message) => hasFlag(message, '\\Deleted'))),
				);
			return 'Close completed.';
		},
	},
	UNSELECT: {
		states: SELECTED,
		needs: 'UNSELECT',
		run(session, reader) {
			reader.end();
			session.leave();
			return 'Unselect completed.';
		},
	},
};
