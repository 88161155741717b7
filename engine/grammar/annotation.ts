import type { Reader } from '../wire/reader';
import type { MailboxNames } from './mailbox-name';

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
	const mailbox = names.decode(reader.string());
	reader.blanks();
	const entry = reader.string();
	reader.blanks();
	return { mailbox, entry, attributes: readValues(reader) };
}

export function readMetadata(reader: Reader, names: MailboxNames): Metadata {
	const metadata: Metadata = { mailbox: names.decode(reader.string()), values: {}, changed: [] };
	reader.blanks();
	if (reader.peek() === 0x28) metadata.values = readValues(reader);
	else for (; !reader.done; reader.blanks()) metadata.changed.push(reader.string());
	return metadata;
}

function readValues(reader: Reader): Record<string, string | null> {
	const values = new Map<string, string | null>();
	reader.enter();
	while (!reader.leave()) {
		const name = reader.string();
		reader.blanks();
		values.set(name, reader.nstring());
	}
	return Object.fromEntries(values);
}
