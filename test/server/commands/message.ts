import type { CommandReader } from '../command-reader';
import { BadSyntax, printSet } from '../command-reader';
import { highestModSeq } from '../condstore';
import type { MessageSet } from '../message-set';
import { chosen, readMessageSet } from '../message-set';
import type { CommandHandler, Session } from '../session';
import { Refusal } from '../store/account';
import type { StoredMessage } from '../store/mailbox';
import { hasFlag } from '../store/mailbox';
import { append, target } from './append';
import { fetch } from './fetch';
import { oldCommands } from './partial';
import { replace } from './replace';
import { search } from './search';
import { sort } from './sort';
import { store } from './store';
import { thread } from './thread';

const LOGGED_IN = ['authenticated', 'selected'] as const;
const SELECTED = ['selected'] as const;

function writable(session: Session): void {
	if (session.selected.readOnly) throw new Refusal('READ-ONLY', 'Mailbox is read-only');
}

/** COPY and MOVE: what is copied, and the COPYUID that tells where it is. */
function transfer(
	session: Session,
	reader: CommandReader,
	uid: boolean,
	adds: boolean,
): { messages: StoredMessage[]; code: string } {
	reader.space();
	const set = readMessageSet(session, reader);
	reader.space();
	const name = session.mailboxName(reader);
	reader.end();
	const messages = chosen(session, set, uid).map(([message]) => message);
	const mailbox = target(session, name);
	// What is moved was counted already.
	if (adds)
		session.user.quota.check(
			messages.reduce((sum, { octets }) => sum + octets.length, 0),
			messages.length,
		);
	const uids = messages.map((message) => mailbox.add(message).uid);
	if (messages.length === 0 || !session.has('UIDPLUS')) return { messages, code: '' };
	const from = printSet(messages.map((message) => message.uid));
	return { messages, code: `[COPYUID ${mailbox.uidValidity} ${from} ${printSet(uids)}] ` };
}

/** UIDs do not depend on what a set of them means in this session: `$` does. */
function named(session: Session, set: MessageSet): (message: StoredMessage) => boolean {
	const { saved, largestUid } = session.selected;
	return set === 'saved'
		? (message) => saved.has(message)
		: ({ uid }) => set.includes(uid, largestUid);
}

/** RFC 3501 §6.4.3, RFC 4315 §2.1. */
function expunge(session: Session, reader: CommandReader, uid: boolean): string {
	let only: (message: StoredMessage) => boolean = () => true;
	if (uid) {
		if (!session.has('UIDPLUS')) throw new BadSyntax('unknown command UID EXPUNGE');
		reader.space();
		only = named(session, readMessageSet(session, reader));
	}
	reader.end();
	writable(session);
	const { mailbox } = session.selected;
	const gone = mailbox.messages.filter((message) => hasFlag(message, '\\Deleted') && only(message));
	mailbox.remove(new Set(gone));
	return `${removed(session, gone.length)}Expunge completed.`;
}

/** The code that lets a client know where it stands after the VANISHED (RFC 7162 §3.2.7). */
function removed(session: Session, count: number): string {
	return count > 0 && session.enabled.has('QRESYNC') ? highestModSeq(session) : '';
}

function move(session: Session, reader: CommandReader, uid: boolean): string {
	writable(session);
	const { messages, code } = transfer(session, reader, uid, false);
	// Told before the EXPUNGEs (RFC 6851 §4.3).
	if (code) session.data(`OK ${code}Moved UIDs.`);
	session.selected.mailbox.remove(new Set(messages));
	return `${removed(session, messages.length)}Move completed.`;
}

/** RFC 3501 §6.3.11, §6.4 and the extensions that concern messages. */
export const messageCommands: Record<string, CommandHandler> = {
	APPEND: { states: LOGGED_IN, run: append },
	EXPUNGE: { states: SELECTED, uid: true, run: expunge },
	SEARCH: { states: SELECTED, uid: true, keepsNumbers: true, run: search },
	SORT: { states: SELECTED, uid: true, keepsNumbers: true, needs: 'SORT', run: sort },
	// Each algorithm is a capability of its own.
	THREAD: { states: SELECTED, uid: true, keepsNumbers: true, run: thread },
	FETCH: { states: SELECTED, uid: true, keepsNumbers: true, run: fetch },
	STORE: { states: SELECTED, uid: true, keepsNumbers: true, run: store },
	REPLACE: { states: SELECTED, uid: true, needs: 'REPLACE', run: replace },
	COPY: {
		states: SELECTED,
		uid: true,
		run: (session, reader, uid) => `${transfer(session, reader, uid, true).code}Copy completed.`,
	},
	MOVE: { states: SELECTED, uid: true, needs: 'MOVE', run: move },
	...oldCommands,
};
