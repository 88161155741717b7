import type { Imap4Error } from '../errors';
import type { Reader, Token } from '../wire/reader';
import type { MailboxNames } from './mailbox-name';
import type { MailboxStatus } from './status';

/** One mailbox of a LIST or LSUB response (RFC 9051 §7.3.1). */
export interface MailboxEntry {
	/** The name in Unicode. */
	name: string;
	/** What separates levels of hierarchy in the name, or null if it has none. */
	delimiter: string | null;
	/** `\Noselect`, `\HasChildren`, `\Sent` …, as the server writes them. */
	attributes: string[];
	/** Extended data (RFC 5258): CHILDINFO, OLDNAME …, by name in upper case. */
	extended?: Record<string, Token>;
	/** Where it was asked for with LIST and the server can do so (RFC 5819), or by STATUS after. */
	status?: MailboxStatus;
	/** Why there is no {@link status}: the server refused STATUS for this mailbox (NO). */
	statusError?: Imap4Error;
}

/** Reads from the attributes on. */
export function readList(reader: Reader, names: MailboxNames): MailboxEntry {
	const attributes = reader.nlist(() => reader.atom().text);
	reader.blanks();
	const delimiter = reader.nstring();
	reader.blanks();
	const entry: MailboxEntry = { name: names.decode(listedName(reader)), delimiter, attributes };
	reader.blanks();
	if (reader.peek() === 0x28) {
		const extended = new Map<string, Token>();
		reader.enter();
		while (!reader.leave()) {
			const name = reader.string().toUpperCase();
			reader.blanks();
			extended.set(name, reader.token());
		}
		entry.extended = Object.fromEntries(extended);
	}
	return entry;
}

/** Some servers leave out the quotes of a name with blanks: then it goes on to the end of the line. */
function listedName(reader: Reader): string {
	const mark = reader.mark();
	const isQuoted = reader.peek() === 0x22;
	const name = reader.string();
	reader.blanks();
	if (reader.done || (isQuoted && reader.peek() === 0x28)) return name;
	reader.reset(mark);
	const rest = reader.rest();
	const extended = EXTENDED.exec(rest)?.[0] ?? '';
	reader.at = reader.end - Buffer.byteLength(extended);
	const whole = rest.slice(0, rest.length - extended.length).trim();
	// A quote inside of quotes that was not escaped.
	return isQuoted ? whole.replace(/^"|"$/g, '') : whole;
}

/** Extended data at the end of the line, left to be read: names with their values (RFC 5258 §6). */
const EXTENDED = /\(\s*"?[A-Za-z][\w-]*"?\s+[("][^\r\n]*\)\s*$/;

/** Whether the mailbox has the attribute, whatever its case. */
export function hasAttribute(entry: MailboxEntry, attribute: string): boolean {
	const wanted = attribute.toLowerCase();
	return entry.attributes.some((one) => one.toLowerCase() === wanted);
}
