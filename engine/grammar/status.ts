import type { Reader } from '../wire/reader';
import type { MailboxNames } from './mailbox-name';

/** What STATUS can be asked for, by the names used here; on the wire see {@link STATUS_ITEMS}. */
export type StatusItem = keyof Omit<MailboxStatus, 'mailbox' | 'other'>;

/** Figures of a mailbox (RFC 9051 §6.3.11); only those asked for and given. */
export interface MailboxStatus {
	mailbox: string;
	messages?: number;
	recent?: number;
	uidNext?: number;
	uidValidity?: number;
	unseen?: number;
	deleted?: number;
	/** Octets (RFC 8438). */
	size?: number;
	highestModSeq?: bigint;
	/** Octets; null if there is no limit (RFC 7889). */
	appendLimit?: number | null;
	/** RFC 8474. */
	mailboxId?: string;
	/** Items this engine has no name for, by their name in upper case. */
	other?: Record<string, string>;
}

export const STATUS_ITEMS: Record<StatusItem, string> = {
	messages: 'MESSAGES',
	recent: 'RECENT',
	uidNext: 'UIDNEXT',
	uidValidity: 'UIDVALIDITY',
	unseen: 'UNSEEN',
	deleted: 'DELETED',
	size: 'SIZE',
	highestModSeq: 'HIGHESTMODSEQ',
	appendLimit: 'APPENDLIMIT',
	mailboxId: 'MAILBOXID',
};

/** Reads from the mailbox name on (RFC 9051 §7.3.2). */
export function readStatus(reader: Reader, names: MailboxNames): MailboxStatus {
	const status: MailboxStatus = { mailbox: names.decode(nameBeforeList(reader)) };
	reader.blanks();
	reader.enter();
	while (!reader.leave() && !reader.done) {
		const name = reader.atom().upper;
		reader.blanks();
		if (!isValueOf(reader, name)) {
			if (!reader.done && !atStatusItem(reader)) reader.skipValue();
			continue;
		}
		switch (name) {
			case 'MESSAGES':
				status.messages = reader.number();
				break;
			case 'RECENT':
				status.recent = reader.number();
				break;
			case 'UIDNEXT':
				status.uidNext = reader.number();
				break;
			case 'UIDVALIDITY':
				status.uidValidity = reader.number();
				break;
			case 'UNSEEN':
				status.unseen = reader.number();
				break;
			case 'DELETED':
				status.deleted = reader.number();
				break;
			case 'SIZE':
				status.size = reader.number();
				break;
			case 'HIGHESTMODSEQ':
				status.highestModSeq = reader.bigNumber();
				break;
			case 'APPENDLIMIT':
				status.appendLimit = reader.nil() ? null : reader.number();
				break;
			case 'MAILBOXID':
				reader.enter();
				status.mailboxId = reader.string();
				reader.leave();
				break;
			default:
				(status.other ??= {})[name] = String(reader.token());
		}
	}
	return status;
}

/**
 * A name that a list in parentheses follows. Some servers leave out the quotes of a name with blanks.
 */
export function nameBeforeList(reader: Reader): string {
	if (reader.atDelimited) return reader.string();
	const mark = reader.mark();
	const word = reader.string();
	reader.blanks();
	if (reader.peek() === 0x28 && !reader.hasAnother(0x28)) return word;
	reader.reset(mark);
	const rest = reader.rest();
	const at = lastListStart(rest);
	const name = rest.slice(0, at).trim();
	if (name === '') throw reader.expected('a name and a list');
	reader.at = reader.end - Buffer.byteLength(rest.slice(at));
	return name;
}

/** Where the last list begins that is not inside another; names can hold parentheses, and items lists. */
function lastListStart(text: string): number {
	let depth = 0;
	let start = 0;
	for (let at = 0; at < text.length; at++) {
		if (text[at] === '(' && depth++ === 0) start = at;
		else if (text[at] === ')' && depth > 0) depth--;
	}
	return start;
}

const NUMBERS: ReadonlySet<string> = new Set(Object.values(STATUS_ITEMS));

/** Whether a value that fits is next; items without one, and values such as NIL or -1, are passed over. */
function isValueOf(reader: Reader, name: string): boolean {
	if (name === 'MAILBOXID') return reader.peek() === 0x28;
	if (name === 'APPENDLIMIT') return reader.atNumber || !atStatusItem(reader);
	if (NUMBERS.has(name)) return reader.atNumber;
	return !reader.done && reader.peek() !== 0x29;
}

function atStatusItem(reader: Reader): boolean {
	if (reader.done || reader.peek() === 0x29) return true;
	if (reader.peek() === 0x28 || reader.atDelimited) return false;
	const mark = reader.mark();
	const { upper } = reader.atom();
	reader.reset(mark);
	return NUMBERS.has(upper);
}
