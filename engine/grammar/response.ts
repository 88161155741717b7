import { Imap4AbortError } from '../errors';
import { Reader } from '../wire/reader';
import type { Token } from '../wire/reader';
import type { AccessList, PossibleRights } from './acl';
import { readAccessList, readMyRights, readPossibleRights } from './acl';
import type { Annotation, Metadata } from './annotation';
import { readAnnotation, readMetadata } from './annotation';
import type { EsearchData } from './esearch';
import { readEsearch } from './esearch';
import type { FetchedMessage } from './fetch';
import { readFetch } from './fetch';
import { readCapabilities } from './capability-list';
import { readBareFlags, readFlags } from './flags';
import { readId } from './id';
import type { MailboxEntry } from './list';
import { readList } from './list';
import type { MailboxNames } from './mailbox-name';
import type { Namespaces } from './namespace';
import { readNamespaces } from './namespace';
import type { Quota, QuotaRoots } from './quota';
import { readQuota, readQuotaRoots } from './quota';
import type { SequenceNumber } from './message-number';
import type { ResponseCode } from './response-code';
import { readResponseCode } from './response-code';
import type { MailboxStatus } from './status';
import { readStatus } from './status';
import type { Thread } from './thread';
import { readReportedSet } from './reported-set';
import { readThreads } from './thread';

/** How a status response begins. */
export type StatusWord = 'OK' | 'NO' | 'BAD' | 'PREAUTH' | 'BYE';

/** `+ text`: the server waits for the rest of a command (RFC 9051 §7.6). */
export interface Continuation {
	/** Always `+`. */
	type: '+';
	/** What the server wrote behind it; a challenge during AUTHENTICATE. */
	text: string;
}

/** `tag OK [code] text`: a command has ended (RFC 9051 §7.1). */
export interface TaggedResponse {
	/** Always `tagged`. */
	type: 'tagged';
	/** The tag of the command that has ended. */
	tag: string;
	/** OK if it succeeded, NO if it failed, BAD if the server did not understand it. */
	status: 'OK' | 'NO' | 'BAD';
	/** What programs can act on, if the server sent a code. */
	code?: ResponseCode;
	/** For a person to read. */
	text: string;
}

/** `* OK [code] text` and its like (RFC 9051 §7.1). */
export interface StatusResponse {
	/** Always `status`. */
	type: 'status';
	/** BYE if the server ends the connection. */
	status: StatusWord;
	/** What programs can act on, if the server sent a code. */
	code?: ResponseCode;
	/** For a person to read. */
	text: string;
}

/** Data that a command asked for, or unsolicited data about the mailbox (RFC 9051 §7.2-7.5). */
export type DataResponse =
	/** What the server offers, or what ENABLE enabled (RFC 9051 §7.2.2, §7.2.1). */
	| { type: 'CAPABILITY' | 'ENABLED'; capabilities: string[] }
	/** Flags in use in the mailbox (RFC 9051 §7.3.5). */
	| { type: 'FLAGS'; flags: string[] }
	/** Number of messages, all or recent (RFC 9051 §7.4.1). */
	| { type: 'EXISTS' | 'RECENT'; number: number }
	/** A message was removed (RFC 9051 §7.5.1). */
	| { type: 'EXPUNGE'; number: SequenceNumber }
	/** A mailbox (RFC 9051 §7.3.1). */
	| { type: 'LIST' | 'LSUB'; entry: MailboxEntry }
	/** Counts of a mailbox (RFC 9051 §7.3.2). */
	| { type: 'STATUS'; status: MailboxStatus }
	/** Where mailboxes are (RFC 9051 §7.3.6). */
	| { type: 'NAMESPACE'; namespaces: Namespaces }
	/** Messages that were found (RFC 3501 §7.2.5, RFC 5256 §4). */
	| { type: 'SEARCH' | 'SORT'; numbers: number[]; modSeq?: bigint }
	/** Messages by conversation (RFC 5256 §4). */
	| { type: 'THREAD'; threads: Thread[] }
	/** The result of a search with RETURN (RFC 9051 §7.3.4). */
	| { type: 'ESEARCH'; data: EsearchData }
	/** UIDs of messages that are gone (RFC 7162 §3.2.10). */
	| { type: 'VANISHED'; earlier: boolean; uids: string }
	/** Data of a message (RFC 9051 §7.5.2). */
	| { type: 'FETCH'; message: FetchedMessage }
	/** An access control list (RFC 4314 §3.6). */
	| { type: 'ACL'; list: AccessList }
	/** Rights that can be granted (RFC 4314 §3.7). */
	| { type: 'LISTRIGHTS'; possible: PossibleRights }
	/** The rights that this user has (RFC 4314 §3.8). */
	| { type: 'MYRIGHTS'; mailbox: string; rights: string }
	/** Usage and limits of a quota root (RFC 9208 §4.2.1). */
	| { type: 'QUOTA'; quota: Quota }
	/** The quota roots of a mailbox (RFC 9208 §4.2.2). */
	| { type: 'QUOTAROOT'; roots: QuotaRoots }
	/** Annotations (draft-daboo-imap-annotatemore-08). */
	| { type: 'ANNOTATION'; annotation: Annotation }
	/** Annotations (RFC 5464 §4.4). */
	| { type: 'METADATA'; metadata: Metadata }
	/** The URL of the same mail by JMAP (RFC 9698 §3). */
	| { type: 'JMAPACCESS'; url: string }
	/** What the server reports of itself (RFC 2971 §3.2). */
	| { type: 'ID'; fields: Record<string, string | null> | null }
	/** A line that belongs to no command of this session, fit to be shown; e.g. with a foreign tag. */
	| { type: 'stray'; text: string }
	/** A response that cannot be read; `name` is that of its kind, in upper case, where it has one. */
	| { type: 'malformed'; name: string; text: string }
	/** Any other response, by its name in upper case; `number` where it began with one. */
	| { type: 'other'; name: string; number?: number; tokens: Token[] };

/** A response that begins with `*` (RFC 9051 §7). */
export type UntaggedResponse = StatusResponse | DataResponse;
/** Whatever a server can send. */
export type Response = Continuation | TaggedResponse | UntaggedResponse;

/** What reading a response depends on, besides its octets. */
export interface ReadContext {
	names: MailboxNames;
	maxDepth: number;
}

/**
 * Reads one whole response, `buffer[start..end)`, without its CRLF.
 * @returns undefined for an empty line, which some servers send
 * @throws Imap4AbortError PROTOCOL or LIMIT
 */
export function readResponse(
	buffer: Buffer,
	start: number,
	end: number,
	context: ReadContext,
): Response | undefined {
	const reader = new Reader(buffer, start, end, context.maxDepth);
	reader.skipSpaces();
	if (reader.done) return undefined;
	if (reader.take(0x2b)) {
		reader.skipSpaces();
		return { type: '+', text: reader.rest() };
	}
	if (reader.take(0x2a)) {
		reader.skipSpaces();
		return readUntagged(reader, context);
	}
	const tag = reader.atom().text;
	reader.skipSpaces();
	// Some servers leave out the space before a code: `OK[READ-ONLY]`.
	const status = reader.itemName().upper;
	if (status !== 'OK' && status !== 'NO' && status !== 'BAD') {
		throw new Imap4AbortError(
			'PROTOCOL',
			'The server sent something that is not an IMAP4 response',
		);
	}
	return { type: 'tagged', tag, status, ...readText(reader) };
}

function readUntagged(reader: Reader, context: ReadContext): UntaggedResponse {
	if (reader.atNumber) {
		const number = reader.number();
		reader.skipSpaces();
		const name = reader.atom().upper;
		reader.skipSpaces();
		switch (name) {
			case 'FETCH':
				return { type: 'FETCH', message: readFetch(reader, number as SequenceNumber) };
			case 'EXISTS':
			case 'RECENT':
				if (number > 0xffff_ffff) throw reader.expected('a number of messages');
				return { type: name, number };
			case 'EXPUNGE':
				return { type: name, number: number as SequenceNumber };
			default:
				return { type: 'other', name, number, tokens: reader.tokens() };
		}
	}
	const { at, level } = reader;
	const status = reader.itemName().upper;
	if (isStatusWord(status)) return { type: 'status', status, ...readText(reader) };
	reader.reset(at, level);
	return readNamed(reader, reader.atom().upper, context);
}

function isStatusWord(word: string): word is StatusWord {
	return word === 'OK' || word === 'NO' || word === 'BAD' || word === 'BYE' || word === 'PREAUTH';
}

function readNamed(reader: Reader, name: string, context: ReadContext): UntaggedResponse {
	reader.skipSpaces();
	switch (name) {
		case 'CAPABILITY':
		case 'ENABLED':
			return { type: name, capabilities: readCapabilities(reader) };
		case 'FLAGS':
			return { type: name, flags: readMailboxFlags(reader) };
		case 'LIST':
		case 'XLIST':
		case 'LSUB':
			return { type: name === 'LSUB' ? name : 'LIST', entry: readList(reader, context.names) };
		case 'STATUS':
			return { type: name, status: readStatus(reader, context.names) };
		case 'NAMESPACE':
			return { type: name, namespaces: readNamespaces(reader, context.names) };
		case 'SEARCH':
		case 'SORT':
			return { type: name, ...readSearch(reader) };
		case 'THREAD':
			return { type: name, threads: readThreads(reader) };
		case 'ACL':
			return { type: name, list: readAccessList(reader, context.names) };
		case 'LISTRIGHTS':
			return { type: name, possible: readPossibleRights(reader, context.names) };
		case 'MYRIGHTS':
			return { type: name, ...readMyRights(reader, context.names) };
		case 'QUOTA':
			return { type: name, quota: readQuota(reader) };
		case 'QUOTAROOT':
			return { type: name, roots: readQuotaRoots(reader, context.names) };
		case 'ANNOTATION':
			return { type: name, annotation: readAnnotation(reader, context.names) };
		case 'METADATA':
			return { type: name, metadata: readMetadata(reader, context.names) };
		case 'ESEARCH':
			return { type: name, data: readEsearch(reader, context.names) };
		case 'VANISHED': {
			const earlier = reader.peek() === 0x28;
			if (earlier) reader.list(() => reader.atom());
			reader.skipSpaces();
			return { type: name, earlier, uids: readVanished(reader) };
		}
		case 'JMAPACCESS':
			return { type: name, url: reader.string() };
		case 'ID':
			return { type: name, fields: readId(reader) };
		default:
			return { type: 'other', name, tokens: reader.tokens() };
	}
}

/** `[code] text`, either of which may be missing. */
function readText(reader: Reader): { code?: ResponseCode; text: string } {
	reader.skipSpaces();
	if (!reader.take(0x5b)) return { text: reader.rest() };
	const code = readResponseCode(reader);
	reader.skipSpaces();
	return { ...(code && { code }), text: reader.rest() };
}

/** RFC 9051 §7.3.4 and, for MODSEQ, RFC 7162 §3.1.5. Some servers write NIL, empty parentheses or 0 for none. */
function readSearch(reader: Reader): { numbers: number[]; modSeq?: bigint } {
	if (reader.nil()) return { numbers: [] };
	const numbers = reader.numbers();
	if (reader.done) return { numbers };
	reader.expect(0x28);
	reader.skipSpaces();
	if (numbers.length === 0 && reader.take(0x29)) return { numbers };
	return modSequenceOf(numbers, reader);
}

/** Reads on behind the opening parenthesis. */
function modSequenceOf(numbers: number[], reader: Reader): { numbers: number[]; modSeq?: bigint } {
	if (reader.atom().upper !== 'MODSEQ') throw reader.expected('MODSEQ');
	reader.skipSpaces();
	const modSeq = reader.nil() ? undefined : reader.bigNumber();
	reader.skipSpaces();
	reader.expect(0x29);
	reader.skipSpaces();
	if (!reader.done) throw reader.expected('the end of the result');
	return { numbers, ...(modSeq === undefined ? {} : { modSeq }) };
}

function readVanished(reader: Reader): string {
	const uids = readReportedSet(reader);
	if (uids === '' || !reader.done) throw reader.expected('a set of UIDs');
	return uids;
}

/** Some servers leave out the parentheses. */
function readMailboxFlags(reader: Reader): string[] {
	if (reader.done) throw reader.expected('flags');
	if (reader.peek() === 0x28) return readFlags(reader);
	return reader.nil() ? [] : readBareFlags(reader);
}
