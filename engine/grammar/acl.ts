import type { Reader } from '../wire/reader';
import type { MailboxNames } from './mailbox-name';

/** One line of an access control list (RFC 4314 §2). */
export interface AccessEntry {
	/** A user, a group, `anyone` …; with a leading `-` the rights are taken away. */
	identifier: string;
	/** One letter a right (RFC 4314 §2.1). */
	rights: string;
}

export interface AccessList {
	mailbox: string;
	entries: AccessEntry[];
}

/** What may be granted to an identifier (RFC 4314 §3.7). */
export interface PossibleRights {
	mailbox: string;
	identifier: string;
	/** Always granted. */
	required: string;
	/** May be granted; rights in one text are granted or taken together. */
	optional: string[];
}

/** ACL (RFC 4314 §3.6): reads from the mailbox name on. */
export function readAccessList(reader: Reader, names: MailboxNames): AccessList {
	const list: AccessList = { mailbox: names.decode(reader.string()), entries: [] };
	for (reader.blanks(); !reader.done; reader.blanks()) {
		const identifier = reader.string();
		reader.blanks();
		list.entries.push({ identifier, rights: reader.string() });
	}
	return list;
}

/** LISTRIGHTS (RFC 4314 §3.7) */
export function readPossibleRights(reader: Reader, names: MailboxNames): PossibleRights {
	const mailbox = names.decode(reader.string());
	reader.blanks();
	const identifier = reader.string();
	reader.blanks();
	const rights: PossibleRights = { mailbox, identifier, required: reader.string(), optional: [] };
	for (reader.blanks(); !reader.done; reader.blanks()) rights.optional.push(reader.string());
	return rights;
}

/** MYRIGHTS (RFC 4314 §3.8) */
export function readMyRights(
	reader: Reader,
	names: MailboxNames,
): { mailbox: string; rights: string } {
	if (!reader.atDelimited) {
		// Rights have no spaces, so a name that lacks its quotes ends before the last word.
		const [, name = '', rights = ''] = /^(.*?)(?:\s+(\S+))?\s*$/s.exec(reader.rest()) ?? [];
		return { mailbox: names.decode(name), rights: rights.replace(/^"|"$/g, '') };
	}
	const mailbox = names.decode(reader.string());
	reader.blanks();
	return { mailbox, rights: reader.done ? '' : reader.string() };
}
