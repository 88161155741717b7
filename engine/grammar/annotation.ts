import type { Reader } from '../wire/reader';
import type { MailboxNames } from './mailbox-name';
import { readMailboxName } from './unquoted-name';

/** One entry of ANNOTATEMORE (draft-daboo-imap-annotatemore-08), the forerunner of METADATA. */
export interface Annotation {
	/** Empty for the server's own. */
	mailbox: string;
	/** `/comment`, `/vendor/…` */
	entry: string;
	/** Values by attribute: `value.priv`, `value.shared`, `size.priv` …; null for none. */
	attributes: Record<string, string | null>;
}

/** METADATA (RFC 5464 §4.4): values, or only the names of entries that have changed. */
export interface Metadata {
	/** Empty for the server's own. */
	mailbox: string;
	/** Values by entry, e.g. `/private/comment`; null for none. */
	values: Record<string, string | null>;
	/** Entries without their values, as a server tells of changes. */
	changed: string[];
}

/** ANNOTATION (draft-daboo-imap-annotatemore-08 §4.3.2) */
export function readAnnotation(reader: Reader, names: MailboxNames): Annotation {
	const mailbox = nameBeforeEntry(reader, names);
	reader.skipSpaces();
	const entry = reader.string();
	reader.skipSpaces();
	return { mailbox, entry, attributes: reader.nil() ? {} : readValues(reader) };
}

export function readMetadata(reader: Reader, names: MailboxNames): Metadata {
	const metadata: Metadata = {
		mailbox: nameBeforeEntry(reader, names),
		values: {},
		changed: [],
	};
	reader.skipSpaces();
	if (reader.nil()) return metadata;
	if (reader.peek() === 0x28) metadata.values = readValues(reader);
	else readBareEntries(reader, metadata);
	return metadata;
}

/**
 * Entries begin with a slash. Some servers leave out the quotes of a name with spaces: then it goes on
 * up to the list or the entry.
 */
function nameBeforeEntry(reader: Reader, names: MailboxNames): string {
	const isQuoted = reader.atDelimited;
	let name = readMailboxName(reader, names);
	for (reader.skipSpaces(); !isQuoted && !reader.done; reader.skipSpaces()) {
		if (reader.peek() === 0x28 || atEntry(reader)) break;
		name += ` ${names.decode(reader.string())}`;
	}
	return name;
}

function atEntry(reader: Reader): boolean {
	const { at, level } = reader;
	const text = reader.string();
	reader.reset(at, level);
	return text.startsWith('/');
}

/** Names of entries without parentheses, as for a change; some servers write values like that, too. */
function readBareEntries(reader: Reader, metadata: Metadata): void {
	while (!reader.done) {
		const name = reader.string();
		reader.skipSpaces();
		if (reader.done || atEntry(reader)) metadata.changed.push(name);
		else metadata.values = { ...metadata.values, [name]: reader.nstring() };
		reader.skipSpaces();
	}
}

/** Entries and their values. A value that cannot be read is left out with its entry. */
function readValues(reader: Reader): Record<string, string | null> {
	const values = new Map<string, string | null>();
	reader.enter();
	// Some servers write a pair of parentheses too many.
	for (; reader.take(0x28); reader.skipSpaces());
	while (!reader.done && !reader.leave()) {
		const name = reader.string();
		reader.skipSpaces();
		const next = reader.peek();
		if (next === 0x28) reader.skipValue();
		else if (next !== -1 && next !== 0x29 && next !== 0x2f) values.set(name, reader.nstring());
	}
	return Object.fromEntries(values);
}
