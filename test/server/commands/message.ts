import type { CommandReader, NumberSet } from '../command-reader';
import { BadSyntax, printSet } from '../command-reader';
import { readFetchItems } from '../fetch-items';
import { readSearch, run as runSearch } from '../search';
import type { CommandHandler, Session } from '../session';
import { Refusal } from '../store/account';
import type { Mailbox, NewMessage, StoredMessage } from '../store/mailbox';
import { hasFlag } from '../store/mailbox';

const LOGGED_IN = ['authenticated', 'selected'] as const;
const SELECTED = ['selected'] as const;

/** The messages of a set with their sequence numbers, ascending. */
function chosen(session: Session, set: NumberSet, uid: boolean): [StoredMessage, number][] {
	const view = session.selected;
	if (!uid && set.highest > view.messages.length)
		throw new BadSyntax('invalid message sequence set');
	const found: [StoredMessage, number][] = [];
	view.messages.forEach((message, index) => {
		const hit = uid
			? set.includes(message.uid, view.largestUid)
			: set.includes(index + 1, view.messages.length);
		if (hit) found.push([message, index + 1]);
	});
	return found;
}

/** Those of them that are still there; another session may have removed some. */
function present(session: Session, messages: [StoredMessage, number][]): [StoredMessage, number][] {
	return messages.filter(([message]) => !session.selected.gone.has(message));
}

function writable(session: Session): void {
	if (session.selected.readOnly) throw new Refusal('READ-ONLY', 'Mailbox is read-only');
}

function target(session: Session, name: string): Mailbox {
	const mailbox = session.user.find(name);
	if (!mailbox) throw new Refusal('TRYCREATE', `Mailbox doesn't exist: ${name}`);
	return mailbox;
}

function append(session: Session, reader: CommandReader): string {
	reader.space();
	const name = session.mailboxName(reader);
	const messages: NewMessage[] = [];
	do {
		reader.space();
		const message: NewMessage = { octets: Buffer.alloc(0) };
		if (reader.peek() === '(') {
			message.flags = reader.list(() => reader.flag(), true);
			reader.space();
		}
		if (reader.peek() === '"') {
			const { date, zone } = reader.dateTime();
			message.internalDate = date;
			message.zone = zone;
			reader.space();
		}
		// The command's octets are reused by nobody, but a copy keeps no more than the message.
		message.octets = Buffer.from(reader.literal());
		messages.push(message);
	} while (!reader.done && session.has('MULTIAPPEND'));
	reader.end();
	const mailbox = target(session, name);
	session.user.checkQuota(messages.reduce((sum, { octets }) => sum + octets.length, 0));
	const uids = messages.map((message) => mailbox.add(message).uid);
	const code = session.has('UIDPLUS')
		? `[APPENDUID ${mailbox.uidValidity} ${printSet(uids)}] `
		: '';
	return `${code}Append completed.`;
}

function search(session: Session, reader: CommandReader, uid: boolean): string {
	let returns: string[] | undefined;
	reader.space();
	const mark = reader.at;
	if (/[A-Za-z]/.test(reader.peek())) {
		let word = reader.word();
		if (word === 'RETURN' && session.has('ESEARCH')) {
			reader.space();
			returns = reader.list(() => reader.word(), true);
			reader.space();
			word = /[A-Za-z]/.test(reader.peek()) ? peekWord(reader) : '';
			if (word === 'CHARSET') reader.word();
		} else if (word !== 'CHARSET') reader.at = mark;
		if (word === 'CHARSET') {
			reader.space();
			const charset = reader.astring().toString('latin1').toUpperCase();
			if (charset !== 'UTF-8' && charset !== 'US-ASCII') {
				throw new Refusal('BADCHARSET (UTF-8 US-ASCII)', 'Unknown charset');
			}
			reader.space();
		}
	}
	const test = readSearch(reader);
	reader.end();
	const view = session.selected;
	const found = runSearch(view, test).map((seq) =>
		uid ? (view.messages[seq - 1] as StoredMessage).uid : seq,
	);
	if (!returns) {
		session.data(['SEARCH', ...found].join(' '));
		return 'Search completed.';
	}
	const wanted = returns.length === 0 ? ['ALL'] : returns;
	const data = [`ESEARCH (TAG "${session.tag}")`, ...(uid ? ['UID'] : [])];
	for (const what of wanted) {
		if (what === 'COUNT') data.push(`COUNT ${found.length}`);
		else if (found.length === 0) continue;
		else if (what === 'MIN') data.push(`MIN ${found[0]}`);
		else if (what === 'MAX') data.push(`MAX ${found.at(-1)}`);
		else if (what === 'ALL') data.push(`ALL ${printSet(found)}`);
		else throw new BadSyntax(`unknown search result ${what}`);
	}
	session.data(data.join(' '));
	return 'Search completed.';
}

function peekWord(reader: CommandReader): string {
	const mark = reader.at;
	const word = reader.word();
	reader.at = mark;
	return word;
}

function fetch(session: Session, reader: CommandReader, uid: boolean): string {
	reader.space();
	const set = reader.sequenceSet();
	reader.space();
	const items = readFetchItems(reader);
	reader.end();
	const view = session.selected;
	const marks = items.some((item) => item.marks) && !view.readOnly;
	for (const [message, seq] of present(session, chosen(session, set, uid))) {
		const marked = marks && !hasFlag(message, '\\Seen');
		if (marked) view.mailbox.setFlags(message, [...message.flags, '\\Seen'], view);
		const asked = new Set(items.map(({ name }) => name));
		const pieces: (string | Buffer)[] = [];
		if (uid && !asked.has('UID')) pieces.push(`UID ${message.uid}`);
		if (marked && !asked.has('FLAGS'))
			pieces.push(`${pieces.length > 0 ? ' ' : ''}FLAGS (${view.flags(message).join(' ')})`);
		for (const item of items) {
			pieces.push(`${pieces.length > 0 ? ' ' : ''}${item.name} `, ...item.value(message, view));
		}
		session.data(`${seq} FETCH (`, ...pieces, ')');
	}
	return 'Fetch completed.';
}

function store(session: Session, reader: CommandReader, uid: boolean): string {
	reader.space();
	const set = reader.sequenceSet();
	reader.space();
	const action = reader.run(/[-+.A-Za-z]/, 'what to do with the flags').toUpperCase();
	const match = /^([+-]?)FLAGS(\.SILENT)?$/.exec(action);
	if (!match) throw new BadSyntax(`unknown STORE ${action}`);
	reader.space();
	const flags: string[] = [];
	if (reader.peek() === '(') flags.push(...reader.list(() => reader.flag(), true));
	else
		do flags.push(reader.flag());
		while (reader.take(' '));
	reader.end();
	writable(session);
	const view = session.selected;
	for (const [message, seq] of present(session, chosen(session, set, uid))) {
		const named = (flag: string): boolean =>
			flags.some((one) => one.toLowerCase() === flag.toLowerCase());
		const kept = [...message.flags].filter((flag) => !named(flag));
		const next = match[1] === '-' ? kept : match[1] === '+' ? [...kept, ...flags] : flags;
		view.mailbox.setFlags(message, next, view);
		if (!match[2]) {
			session.data(
				`${seq} FETCH (${uid ? `UID ${message.uid} ` : ''}FLAGS (${view.flags(message).join(' ')}))`,
			);
		}
	}
	return 'Store completed.';
}

/** COPY and MOVE: what is copied, and the COPYUID that tells where it is. */
function transfer(
	session: Session,
	reader: CommandReader,
	uid: boolean,
): { messages: StoredMessage[]; code: string } {
	reader.space();
	const set = reader.sequenceSet();
	reader.space();
	const name = session.mailboxName(reader);
	reader.end();
	const messages = present(session, chosen(session, set, uid)).map(([message]) => message);
	const mailbox = target(session, name);
	session.user.checkQuota(messages.reduce((sum, { octets }) => sum + octets.length, 0));
	const uids = messages.map((message) => mailbox.add(message).uid);
	if (messages.length === 0 || !session.has('UIDPLUS')) return { messages, code: '' };
	const from = printSet(messages.map((message) => message.uid));
	return { messages, code: `[COPYUID ${mailbox.uidValidity} ${from} ${printSet(uids)}] ` };
}

/** RFC 3501 §6.3.11, §6.4 and the extensions that concern messages. */
export const messageCommands: Record<string, CommandHandler> = {
	APPEND: { states: LOGGED_IN, run: append },
	EXPUNGE: {
		states: SELECTED,
		uid: true,
		run(session, reader, uid) {
			let only: NumberSet | undefined;
			if (uid) {
				if (!session.has('UIDPLUS')) throw new BadSyntax('unknown command UID EXPUNGE');
				reader.space();
				only = reader.sequenceSet();
			}
			reader.end();
			writable(session);
			const { mailbox, largestUid } = session.selected;
			mailbox.remove(
				new Set(
					mailbox.messages.filter(
						(message) =>
							hasFlag(message, '\\Deleted') && (only?.includes(message.uid, largestUid) ?? true),
					),
				),
			);
			return 'Expunge completed.';
		},
	},
	SEARCH: { states: SELECTED, uid: true, keepsNumbers: true, run: search },
	FETCH: { states: SELECTED, uid: true, keepsNumbers: true, run: fetch },
	STORE: { states: SELECTED, uid: true, keepsNumbers: true, run: store },
	COPY: {
		states: SELECTED,
		uid: true,
		run: (session, reader, uid) => `${transfer(session, reader, uid).code}Copy completed.`,
	},
	MOVE: {
		states: SELECTED,
		uid: true,
		needs: 'MOVE',
		run(session, reader, uid) {
			writable(session);
			const { messages, code } = transfer(session, reader, uid);
			// Told before the EXPUNGEs (RFC 6851 §4.3).
			if (code) session.data(`OK ${code}Moved UIDs.`);
			session.selected.mailbox.remove(new Set(messages));
			return 'Move completed.';
		},
	},
};
