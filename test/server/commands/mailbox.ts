import type { CommandReader } from '../command-reader';
import { BadSyntax } from '../command-reader';
import { fromWire, matcher } from '../mailbox-name';
import type { CommandHandler, Session } from '../session';
import { DELIMITER } from '../store/account';
import type { Mailbox } from '../store/mailbox';
import { hasFlag } from '../store/mailbox';
import { MailboxView } from '../view';

const LOGGED_IN = ['authenticated', 'selected'] as const;
const SELECTED = ['selected'] as const;

function oneName(session: Session, reader: CommandReader): string {
	reader.space();
	const name = session.mailboxName(reader);
	reader.end();
	return name;
}

function select(session: Session, reader: CommandReader, readOnly: boolean): string {
	reader.space();
	const name = session.mailboxName(reader);
	reader.end();
	const left = session.view !== undefined;
	session.leave();
	if (left) session.data('OK [CLOSED] Previous mailbox closed.');
	const mailbox = session.user.mailbox(name);
	const view: MailboxView = new MailboxView(
		mailbox,
		readOnly,
		() => session.onNews?.(),
		() => session.bye('Selected mailbox was deleted, have to disconnect.'),
	);
	session.view = view;
	session.state = 'selected';
	session.data(`FLAGS (${mailbox.flags.join(' ')})`);
	const permanent = readOnly ? '' : [...mailbox.flags, '\\*'].join(' ');
	session.data(
		`OK [PERMANENTFLAGS (${permanent})] ${readOnly ? 'Read-only mailbox' : 'Flags permitted'}.`,
	);
	session.data(`${view.messages.length} EXISTS`);
	session.data(`${view.recent.size} RECENT`);
	const unseen = view.messages.findIndex((message) => !hasFlag(message, '\\Seen'));
	if (unseen >= 0) session.data(`OK [UNSEEN ${unseen + 1}] First unseen.`);
	session.data(`OK [UIDVALIDITY ${mailbox.uidValidity}] UIDs valid`);
	session.data(`OK [UIDNEXT ${mailbox.uidNext}] Predicted next UID`);
	return readOnly ? '[READ-ONLY] Examine completed.' : '[READ-WRITE] Select completed.';
}

const STATUS: Record<string, (mailbox: Mailbox) => number> = {
	MESSAGES: ({ messages }) => messages.length,
	RECENT: ({ messages, recentFrom }) => messages.filter(({ uid }) => uid >= recentFrom).length,
	UIDNEXT: ({ uidNext }) => uidNext,
	UIDVALIDITY: ({ uidValidity }) => uidValidity,
	UNSEEN: ({ messages }) => messages.filter((message) => !hasFlag(message, '\\Seen')).length,
	DELETED: ({ messages }) => messages.filter((message) => hasFlag(message, '\\Deleted')).length,
	SIZE: ({ size }) => size,
};

function statusItems(session: Session, reader: CommandReader): string[] {
	return reader.list(() => {
		const item = reader.word();
		if (
			!Object.hasOwn(STATUS, item) ||
			(item === 'SIZE' && !session.has('STATUS=SIZE')) ||
			item === 'DELETED'
		) {
			throw new BadSyntax(`unknown status item ${item}`);
		}
		return item;
	});
}

function statusData(
	session: Session,
	name: string,
	mailbox: Mailbox,
	items: readonly string[],
): void {
	const figures = items.map((item) => `${item} ${STATUS[item]?.(mailbox)}`);
	session.data(`STATUS ${session.written(name)} (${figures.join(' ')})`);
}

function pattern(reader: CommandReader): string {
	const wire = reader.listMailbox();
	const name = fromWire(wire);
	if (name === undefined) throw new BadSyntax('the pattern is not valid modified UTF-7');
	return name;
}

function reference(reader: CommandReader): string {
	const name = fromWire(reader.astring().toString('latin1'));
	if (name === undefined) throw new BadSyntax('the reference is not valid modified UTF-7');
	return name;
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
	const base = reference(reader);
	reader.space();
	if (reader.peek() === '(') needExtended(session);
	const patterns = reader.peek() === '(' ? reader.list(() => pattern(reader)) : [pattern(reader)];
	let status: string[] = [];
	if (reader.take(' ')) {
		if (reader.word() !== 'RETURN') throw new BadSyntax('expected RETURN');
		reader.space();
		reader.list(() => {
			const option = reader.word();
			if (option === 'STATUS' && session.has('LIST-STATUS')) {
				reader.space();
				status = statusItems(session, reader);
			} else if (!['SUBSCRIBED', 'CHILDREN', 'SPECIAL-USE'].includes(option)) {
				throw new BadSyntax(`unknown return option ${option}`);
			}
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
			children ? '\\HasChildren' : '\\HasNoChildren',
			...(options.has('SUBSCRIBED') ? ['\\Subscribed'] : []),
			...(mailbox?.specialUse && session.has('SPECIAL-USE') ? [mailbox.specialUse] : []),
		];
		session.data(`LIST (${attributes.join(' ')}) "${DELIMITER}" ${session.written(name)}`);
		if (mailbox && status.length > 0) statusData(session, name, mailbox, status);
	}
	return 'List completed.';
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
	for (const name of [...session.user.subscribed].sort()) {
		const children = [...session.user.list()].some((one) => one.name.startsWith(name + DELIMITER));
		yield { name, mailbox: session.user.find(name), children };
	}
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
			session.user.create(name, use);
			return 'Create completed.';
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
	LSUB: {
		states: LOGGED_IN,
		run(session, reader) {
			reader.space();
			const base = reference(reader);
			reader.space();
			const match = matcher(base + pattern(reader), DELIMITER);
			reader.end();
			for (const { name, children } of entries(session, true)) {
				if (!match(name)) continue;
				session.data(
					`LSUB (${children ? '\\HasChildren' : '\\HasNoChildren'}) "${DELIMITER}" ${session.written(name)}`,
				);
			}
			return 'Lsub completed.';
		},
	},
	STATUS: {
		states: LOGGED_IN,
		run(session, reader) {
			reader.space();
			const name = session.mailboxName(reader);
			reader.space();
			const items = statusItems(session, reader);
			reader.end();
			statusData(session, name, session.user.mailbox(name), items);
			return 'Status completed.';
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
