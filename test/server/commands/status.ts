import type { CommandReader } from '../command-reader';
import { BadSyntax } from '../command-reader';
import { useModSeqs } from '../condstore';
import { appendLimit } from '../extensions/append-limit';
import type { CommandHandler, Session } from '../session';
import type { Mailbox } from '../store/mailbox';
import { hasFlag } from '../store/mailbox';

type Item = (mailbox: Mailbox, session: Session) => number | string;

function deleted({ messages }: Mailbox): Mailbox['messages'] {
	return messages.filter((message) => hasFlag(message, '\\Deleted'));
}

const ITEMS: Record<string, Item> = {
	MESSAGES: ({ messages }) => messages.length,
	RECENT: ({ messages, recentFrom }) => messages.filter(({ uid }) => uid >= recentFrom).length,
	UIDNEXT: ({ uidNext }) => uidNext,
	UIDVALIDITY: ({ uidValidity }) => uidValidity,
	UNSEEN: ({ messages }) => messages.filter((message) => !hasFlag(message, '\\Seen')).length,
	DELETED: (mailbox) => deleted(mailbox).length,
	'DELETED-STORAGE': (mailbox) =>
		deleted(mailbox).reduce((sum, { octets }) => sum + octets.length, 0),
	SIZE: ({ size }) => size,
	HIGHESTMODSEQ: ({ highestModSeq }) => highestModSeq,
	MAILBOXID: ({ id }) => `(${id})`,
	APPENDLIMIT: (mailbox, session) => appendLimit(session, mailbox) ?? 'NIL',
};

/** Those that are not everywhere, and where they are. */
const CONDITIONS: Record<string, (session: Session) => boolean> = {
	// RFC 9051 appendix E.
	RECENT: (session) => !session.onlyRev2,
	// RFC 9208 §4.1.4.
	DELETED: (session) => session.rev2 || session.has('QUOTA=RES-MESSAGE'),
	'DELETED-STORAGE': (session) => session.has('QUOTA=RES-STORAGE'),
	// RFC 8438.
	SIZE: (session) => session.has('STATUS=SIZE'),
	// RFC 7162 §3.1.7.
	HIGHESTMODSEQ: (session) => session.has('CONDSTORE'),
	// RFC 8474 §4.3.
	MAILBOXID: (session) => session.has('OBJECTID'),
	// RFC 7889 §3.
	APPENDLIMIT: (session) => session.capabilities.some((name) => /^APPENDLIMIT(?:=|$)/i.test(name)),
};

/** Reads `(MESSAGES UIDNEXT)`. */
export function readStatusItems(session: Session, reader: CommandReader): string[] {
	return reader.list(() => {
		const item = reader.word();
		if (!Object.hasOwn(ITEMS, item) || !(CONDITIONS[item]?.(session) ?? true))
			throw new BadSyntax(`unknown status item ${item}`);
		if (item === 'HIGHESTMODSEQ') useModSeqs(session);
		return item;
	});
}

export function tellStatus(
	session: Session,
	name: string,
	mailbox: Mailbox,
	items: readonly string[],
): void {
	const figures = items.map((item) => `${item} ${ITEMS[item]?.(mailbox, session)}`);
	session.data(`STATUS ${session.written(name)} (${figures.join(' ')})`);
}

/** RFC 3501 §6.3.10. */
export const statusCommands: Record<string, CommandHandler> = {
	STATUS: {
		states: ['authenticated', 'selected'],
		run(session, reader) {
			reader.space();
			const name = session.mailboxName(reader);
			reader.space();
			const items = readStatusItems(session, reader);
			reader.end();
			tellStatus(session, name, session.user.mailbox(name), items);
			return 'Status completed.';
		},
	},
};
