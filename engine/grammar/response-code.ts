import { Imap4AbortError } from '../errors';
import type { Reader } from '../wire/reader';
import { utf8 } from '../wire/text';
import { readCapabilities } from './capability-list';
import { readFlags } from './flags';
import { readBigWholeNumber, readWholeNumber } from './whole-number';

/**
 * A response code: what stands in brackets before the text of a status response
 * (RFC 9051 §7.1, RFC 5530 and the extensions named). `name` discriminates the kinds.
 */
export type ResponseCode =
	/** What the server offers now (RFC 9051 §7.1). */
	| { name: 'CAPABILITY'; capabilities: string[] }
	/** Flags that can be changed permanently (RFC 9051 §7.1). */
	| { name: 'PERMANENTFLAGS'; flags: string[] }
	/** Charsets that the server can search in (RFC 3501 §7.1). */
	| { name: 'BADCHARSET'; charsets: string[] }
	/** Numbers of a mailbox (RFC 9051 §7.1). */
	| { name: 'UIDNEXT' | 'UIDVALIDITY' | 'UNSEEN'; value: number }
	/** The highest mod-sequence of the mailbox (RFC 7162 §3.1.2.1). */
	| { name: 'HIGHESTMODSEQ'; value: bigint }
	/** Where appended messages are (RFC 4315 §3). */
	| { name: 'APPENDUID'; uidValidity: number; uids: string }
	/** Where copied or moved messages are (RFC 4315 §3). */
	| { name: 'COPYUID'; uidValidity: number; source: string; destination: string }
	/** Messages that a conditional STORE left alone (RFC 7162 §3.1.3). */
	| { name: 'MODIFIED'; set: string }
	/** The mailbox's identifier (RFC 8474 §4.2). */
	| { name: 'MAILBOXID'; id: string }
	/** Another server; it is never followed (RFC 2221, RFC 2193). */
	| { name: 'REFERRAL'; url: string }
	/** Whatever follows the name is in `text`; nearly always nothing. */
	| { name: PlainCode; text: string }
	/** Any other, or one whose data is not as it should be. `atom` is its name in upper case. */
	| { name: 'OTHER'; atom: string; text: string };

/** Codes without data that is read (RFC 9051 §7.1, RFC 5530 §3, RFC 5464, RFC 5465, RFC 7162 and others). */
const PLAIN = [
	...['ALERT', 'ALREADYEXISTS', 'AUTHENTICATIONFAILED', 'AUTHORIZATIONFAILED', 'CANNOT'],
	...[
		'CLIENTBUG',
		'CLOSED',
		'CONTACTADMIN',
		'CORRUPTION',
		'EXPIRED',
		'EXPUNGEISSUED',
		'HASCHILDREN',
	],
	...['INUSE', 'LIMIT', 'METADATA', 'NOMODSEQ', 'NONEXISTENT', 'NOPERM', 'NOTSAVED', 'OVERQUOTA'],
	...['PARSE', 'PRIVACYREQUIRED', 'READ-ONLY', 'READ-WRITE', 'SERVERBUG', 'TOOBIG', 'TRYCREATE'],
	...['UIDNOTSTICKY', 'UNAVAILABLE', 'UNKNOWN-CTE', 'COMPRESSIONACTIVE', 'NOTIFICATIONOVERFLOW'],
] as const;
/** The names of codes that carry nothing to read. */
export type PlainCode = (typeof PLAIN)[number];
const plain: ReadonlySet<string> = new Set(PLAIN);

/**
 * The code's own name in upper case, known here or not.
 * @example
 * const responses = parseResponses(Buffer.from('* OK [UIDNEXT 7] Predicted next UID\r\n'));
 * for (const response of responses) {
 * 	if (response.type === 'status' && response.code) responseCodeName(response.code); // 'UIDNEXT'
 * }
 */
export function responseCodeName(code: ResponseCode): string {
	return code.name === 'OTHER' ? code.atom : code.name;
}

/**
 * Reads from after `[` to after `]`. A code whose data is not as it should be is kept as text: a
 * command that has succeeded must not fail for it.
 * @returns undefined for `[]`, or where no name of a code begins
 */
export function readResponseCode(reader: Reader): ResponseCode | undefined {
	const { at, level } = reader;
	try {
		return readCode(reader);
	} catch (error) {
		if (!(error instanceof Imap4AbortError) || error.code !== 'PROTOCOL') throw error;
		reader.reset(at, level);
		return unreadable(reader);
	}
}

function readCode(reader: Reader): ResponseCode {
	reader.skipSpaces();
	const name = reader.codeAtom().upper;
	reader.skipSpaces();
	const code = readData(reader, name);
	reader.skipSpaces();
	// More than was expected: what was read may be half of a value, or another's.
	if (!reader.take(0x5d) && !endsUnclosed(reader, code)) throw reader.expected('"]"');
	return code;
}

/** Some servers leave out the bracket: a code that is one word or one number ends without it too. */
function endsUnclosed(reader: Reader, code: ResponseCode): boolean {
	return !reader.hasAnother(0x5d) && ('value' in code || plain.has(code.name));
}

function readData(reader: Reader, name: string): ResponseCode {
	switch (name) {
		case 'CAPABILITY': {
			return { name, capabilities: readCapabilities(reader, true) };
		}
		case 'PERMANENTFLAGS':
			return { name, flags: readFlags(reader) };
		case 'BADCHARSET': {
			const charsets = reader.peek() === 0x28 ? reader.list(() => reader.string()) : [];
			return { name, charsets };
		}
		case 'UIDNEXT':
		case 'UIDVALIDITY':
		case 'UNSEEN':
			return { name, value: readWholeNumber(reader) };
		case 'HIGHESTMODSEQ':
			return { name, value: readBigWholeNumber(reader) };
		case 'APPENDUID': {
			const uidValidity = reader.number();
			reader.skipSpaces();
			return { name, uidValidity, uids: reader.codeAtom().text };
		}
		case 'COPYUID': {
			const uidValidity = reader.number();
			reader.skipSpaces();
			const source = reader.codeAtom().text;
			reader.skipSpaces();
			return { name, uidValidity, source, destination: reader.codeAtom().text };
		}
		case 'MODIFIED':
			return { name, set: reader.codeAtom().text };
		case 'MAILBOXID': {
			reader.enter();
			const id = reader.string();
			reader.leave();
			return { name, id };
		}
		case 'REFERRAL':
			return { name, url: reader.codeAtom().text };
		default: {
			const { text } = other(reader, name);
			return plain.has(name)
				? { name: name as PlainCode, text }
				: { name: 'OTHER', atom: name, text };
		}
	}
}

function unreadable(reader: Reader): ResponseCode | undefined {
	const words = other(reader, '');
	reader.take(0x5d);
	const [, name = '', text = ''] = /^\s*(\S*)\s*(.*)$/s.exec(words.text) ?? [];
	return name === '' ? undefined : { name: 'OTHER', atom: name.toUpperCase(), text };
}

/** Codes without a reader of their own keep their data as text. */
function other(reader: Reader, name: string): Extract<ResponseCode, { name: 'OTHER' }> {
	const start = reader.at;
	skipToBracket(reader);
	const end = reader.buffer[reader.at - 1] === 0x5d ? reader.at - 1 : reader.at;
	const text = utf8(reader.buffer, start, end);
	if (end < reader.at) reader.at = end;
	return { name: 'OTHER', atom: name, text };
}

function skipToBracket(reader: Reader): void {
	let quoted = false;
	while (!reader.done) {
		const byte = reader.peek();
		reader.at++;
		if (byte === 0x22) quoted = !quoted;
		else if (quoted && byte === 0x5c && !reader.done) reader.at++;
		else if (!quoted && byte === 0x5d) return;
	}
}
