import type { Reader, Token } from '../wire/reader';
import type { MailboxNames } from './mailbox-name';

export interface Namespace {
	/** What the names of its mailboxes begin with, e.g. `""` or `Public/`. */
	prefix: string;
	delimiter: string | null;
	/** Extension data by name, e.g. TRANSLATION (RFC 5255 §3.4). */
	extensions?: Record<string, Token>;
}

/** RFC 9051 §6.3.10 */
export interface Namespaces {
	personal: Namespace[];
	otherUsers: Namespace[];
	shared: Namespace[];
}

export function readNamespaces(reader: Reader, names: MailboxNames): Namespaces {
	const kind = (): Namespace[] => {
		reader.blanks();
		return reader.nlist(() => readNamespace(reader, names));
	};
	return { personal: kind(), otherUsers: kind(), shared: kind() };
}

function readNamespace(reader: Reader, names: MailboxNames): Namespace {
	reader.enter();
	const prefix = names.decode(reader.string());
	reader.blanks();
	const namespace: Namespace = { prefix, delimiter: reader.nstring() };
	while (!reader.leave()) {
		const name = reader.string().toUpperCase();
		reader.blanks();
		namespace.extensions = { ...namespace.extensions, [name]: reader.token() };
	}
	return namespace;
}
