import type { Reader } from '../wire/reader';
import type { MailboxNames } from './mailbox-name';
import { readMailboxName } from './unquoted-name';

/** One line of an access control list (RFC 4314 §2). */
export interface AccessEntry {
	/** A user, a group, `anyone` …; with a leading `-` the rights are taken away. */
	identifier: string;
	/** One letter a right (RFC 4314 §2.1). */
	rights: string;
}

/** An access control list (RFC 4314 §3.6). */
export interface AccessList {
	/** The mailbox that the list belongs to. */
	mailbox: string;
	/** In the order the server sent them. */
	entries: AccessEntry[];
}

/** What may be granted to an identifier (RFC 4314 §3.7). */
export interface PossibleRights {
	/** The mailbox that was asked about. */
	mailbox: string;
	/** The user or group that was asked about. */
	identifier: string;
	/** Always granted. */
	required: string;
	/** May be granted; rights in one text are granted or taken together. */
	optional: string[];
}

/**
 * ACL (RFC 4314 §3.6): reads from the mailbox name on. An identifier without rights makes it unreadable,
 * since it may as well be the rest of the one before: no one may be shown with another's rights.
 */
export function readAccessList(reader: Reader, names: MailboxNames): AccessList {
	const list: AccessList = { mailbox: readMailboxName(reader, names), entries: [] };
	reader.skipSpaces();
	if (reader.nil()) return list;
	for (reader.parentheses(); !reader.done; reader.parentheses()) {
		const identifier = reader.string();
		reader.skipSpaces();
		list.entries.push({ identifier, rights: reader.nstring() ?? '' });
	}
	return list;
}

/** LISTRIGHTS (RFC 4314 §3.7) */
export function readPossibleRights(reader: Reader, names: MailboxNames): PossibleRights {
	const mailbox = readMailboxName(reader, names);
	reader.skipSpaces();
	const identifier = reader.string();
	reader.skipSpaces();
	const required = reader.done ? '' : (reader.nstring() ?? '');
	const rights: PossibleRights = { mailbox, identifier, required, optional: [] };
	for (reader.parentheses(); !reader.done; reader.parentheses()) {
		const right = reader.nstring();
		if (right !== null) rights.optional.push(right);
	}
	return rights;
}

/** MYRIGHTS (RFC 4314 §3.8) */
export function readMyRights(
	reader: Reader,
	names: MailboxNames,
): { mailbox: string; rights: string } {
	if (!reader.atDelimited) {
		// Rights have no spaces, so a name that lacks its quotes ends before the last word.
		const words = reader.rest().trim();
		const at = words.lastIndexOf(' ');
		const [name, last] = at < 0 ? [words, ''] : [words.slice(0, at), words.slice(at + 1)];
		const rights = /^nil$/i.test(last) ? '' : last.replace(/^["(]|[")]$/g, '');
		return { mailbox: names.decode(name.trim()), rights };
	}
	const mailbox = names.decode(reader.string());
	reader.skipSpaces();
	return { mailbox, rights: reader.done ? '' : (reader.nstring() ?? '') };
}
