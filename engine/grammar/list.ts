import { Imap4AbortError } from '../errors';
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
	const attributes = readAttributes(reader);
	reader.skipSpaces();
	const delimiter = readDelimiter(reader);
	reader.skipSpaces();
	const entry: MailboxEntry = { name: names.decode(listedName(reader)), delimiter, attributes };
	reader.skipSpaces();
	if (reader.peek() === 0x28) {
		const extended = new Map<string, Token>();
		try {
			readExtended(reader, extended);
		} catch (error) {
			// The mailbox is there, whatever is said of it besides.
			if (!(error instanceof Imap4AbortError) || error.code !== 'PROTOCOL') throw error;
		}
		entry.extended = Object.fromEntries(extended);
	}
	return entry;
}

/** Some servers leave it out: then the name is the last word of the line. */
function readDelimiter(reader: Reader): string | null {
	if (takeBareBackslash(reader)) return '\\';
	const { at, level } = reader;
	const delimiter = reader.nstring() || null;
	reader.skipSpaces();
	if (!reader.done || (delimiter?.length ?? 0) <= 1) return delimiter;
	reader.reset(at, level);
	return null;
}

/** A backslash in quotes that is not escaped: it would take the closing quote, and the name, for its text. */
function takeBareBackslash(reader: Reader): boolean {
	if (!reader.atWords(BARE_BACKSLASH)) return false;
	reader.at += BARE_BACKSLASH.length;
	return true;
}

const BARE_BACKSLASH = Buffer.from('"\\"');

function readExtended(reader: Reader, extended: Map<string, Token>): void {
	reader.enter();
	while (!reader.leave()) {
		const name = reader.string().toUpperCase();
		reader.skipSpaces();
		extended.set(name, reader.token());
	}
}

/**
 * Attributes in parentheses, of which some servers leave out one or both, or write too many. Then they
 * go on up to the delimiter: one character or NIL.
 */
function readAttributes(reader: Reader): string[] {
	const attributes: string[] = [];
	const { at, level } = reader;
	if (reader.nil()) {
		reader.skipSpaces();
		if (!atDelimiter(reader)) reader.reset(at, level);
		return [];
	}
	let depth = 0;
	for (; !reader.done; reader.skipSpaces()) {
		if (reader.peek() === 0x5c) {
			// Some servers separate attributes by commas.
			for (const one of reader.atom().text.split(',')) if (one !== '') attributes.push(one);
			continue;
		}
		if (reader.take(0x28)) depth++;
		else if (reader.take(0x29)) {
			if (--depth > 0) continue;
			for (reader.skipSpaces(); reader.take(0x29); reader.skipSpaces());
			return attributes;
		} else if (depth > 0 && reader.take(0x2c)) continue;
		else if (atDelimiter(reader)) return attributes;
		else attributes.push(reader.string());
	}
	throw reader.expected('a delimiter and a name');
}

/** Whether what is next can be nothing but the delimiter: one character, or NIL with something behind it. */
function atDelimiter(reader: Reader): boolean {
	if (reader.done || reader.peek() === 0x28 || reader.peek() === 0x29) return false;
	if (reader.atWords(BARE_BACKSLASH)) return true;
	const { at, level } = reader;
	const isNil = reader.nil();
	const text = isNil ? '' : reader.string();
	reader.reset(at, level);
	return isNil || text.length <= 1;
}

/** Some servers leave out the quotes of a name with spaces: then it goes on to the end of the line. */
function listedName(reader: Reader): string {
	const { at, level } = reader;
	const isQuoted = reader.peek() === 0x22;
	if (isQuoted && !reader.hasAnother(0x22)) return reader.rest().slice(1).trim();
	const name = reader.string();
	reader.skipSpaces();
	if (reader.done || (isQuoted && reader.peek() === 0x28)) return name;
	reader.reset(at, level);
	const rest = reader.rest();
	const extended = extendedData(rest);
	reader.at = reader.end - Buffer.byteLength(extended);
	const whole = rest.slice(0, rest.length - extended.length).trim();
	// A quote inside of quotes that was not escaped.
	return isQuoted ? whole.replace(/^"|"$/g, '') : whole;
}

/** Extended data at the end of the line, left to be read: names with their values (RFC 5258 §6). */
function extendedData(rest: string): string {
	if (!rest.trimEnd().endsWith(')')) return '';
	const line = rest.slice(Math.max(rest.lastIndexOf('\r'), rest.lastIndexOf('\n')) + 1);
	const start = EXTENDED_START.exec(line)?.index;
	return start === undefined ? '' : line.slice(start);
}

const EXTENDED_START = /\(\s*"?[A-Za-z][\w-]*"?\s+[("]/;

/**
 * Whether the mailbox has the attribute, whatever its case.
 * @example
 * const drafts = (await imap.list()).find((entry) => hasAttribute(entry, '\\Drafts'));
 */
export function hasAttribute(entry: MailboxEntry, attribute: string): boolean {
	const wanted = attribute.toLowerCase();
	return entry.attributes.some((one) => one.toLowerCase() === wanted);
}
