import type { Reader, Token } from '../wire/reader';
import type { MailboxNames } from './mailbox-name';

/** Where mailboxes of one kind are (RFC 9051 §6.3.10). */
export interface Namespace {
	/** What the names of its mailboxes begin with, e.g. `""` or `Public/`. */
	prefix: string;
	/** What separates levels of the hierarchy; null if there is only one level. */
	delimiter: string | null;
	/** Extension data by name, e.g. TRANSLATION (RFC 5255 §3.4). */
	extensions?: Record<string, Token>;
}

/** RFC 9051 §6.3.10 */
export interface Namespaces {
	/** The user's own. */
	personal: Namespace[];
	/** Those of other users. */
	otherUsers: Namespace[];
	/** Those that belong to no single user. */
	shared: Namespace[];
}

/** Some servers leave out lists at the end, or one of two pairs of parentheses. */
export function readNamespaces(reader: Reader, names: MailboxNames): Namespaces {
	if (reader.done) throw reader.expected('a list of namespaces');
	const kind = (): Namespace[] => {
		reader.skipSpaces();
		return reader.done || reader.nil() ? [] : readKind(reader, names);
	};
	return { personal: kind(), otherUsers: kind(), shared: kind() };
}

function readKind(reader: Reader, names: MailboxNames): Namespace[] {
	const found: Namespace[] = [];
	reader.enter();
	// One namespace, without the parentheses of a list of them.
	if (reader.atDelimited) return [readNamespace(reader, names)];
	// The parenthesis that ends the list may be missing.
	while (!reader.leave() && (found.length === 0 || reader.peek() === 0x28)) {
		reader.enter();
		found.push(readNamespace(reader, names));
	}
	return found;
}

/** Reads from behind the opening parenthesis. */
function readNamespace(reader: Reader, names: MailboxNames): Namespace {
	const prefix = names.decode(reader.nstring() ?? '');
	reader.skipSpaces();
	const delimiter = reader.peek() === 0x29 ? null : reader.nstring();
	const namespace: Namespace = { prefix, delimiter };
	while (!reader.leave()) {
		const name = reader.string().toUpperCase();
		reader.skipSpaces();
		// A name without a value says nothing.
		if (reader.peek() === 0x29) continue;
		namespace.extensions = { ...namespace.extensions, [name]: reader.token() };
	}
	return namespace;
}
