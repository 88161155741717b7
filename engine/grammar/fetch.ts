import type { Imap4Error } from '../errors';
import { Imap4AbortError } from '../errors';
import { skipToWord } from '../wire/next-word';
import type { Reader, Token } from '../wire/reader';
import type { BodyStructure } from './body-structure';
import { readBodyStructure } from './body-structure';
import type { Envelope } from './envelope';
import { readEnvelope } from './envelope';
import type { FlagOptions } from './flags';
import { readBareFlags, readFlags } from './flags';
import { parseInternalDate } from './internal-date';
import { decodeMailboxName } from './mailbox-name';
import { MessageBody } from './message-body';
import type { SequenceNumber, Uid } from './message-number';
import { readBigWholeNumber, readWholeNumber } from './whole-number';

/**
 * What one FETCH response reports of a message (RFC 9051 §7.5.2 and the extensions named): what was
 * asked for, and what the server sent besides.
 * @example
 * for await (const message of mailbox.fetch('1', { internalDate: true, size: true })) {
 * 	console.log(message.seq, message.uid, message.internalDate, message.size);
 * }
 */
export class FetchedMessage {
	/** Always there where messages were named by UID. */
	uid?: Uid;
	/** System flags begin with a backslash: `\\Seen`. */
	flags?: string[];
	/** Octets (RFC822.SIZE). */
	size?: number;
	/** Subject, date and addresses, as the server parsed them. */
	envelope?: Envelope;
	/** The parts of the message, without their content. */
	bodyStructure?: BodyStructure;
	/** RFC 7162 */
	modSeq?: bigint;
	/** RFC 8474 */
	emailId?: string;
	/** RFC 8474; null if the server keeps no threads. */
	threadId?: string | null;
	/** RFC 8970; null if the server can make none. */
	preview?: string | null;
	/** Gmail's own (X-GM-EXT-1): unsigned numbers of 64 bits, the same in every mailbox. */
	gmailMessageId?: bigint;
	/** The conversation the message belongs to. */
	gmailThreadId?: bigint;
	/** Unicode; Gmail's own begin with a backslash, e.g. `\\Important`. */
	gmailLabels?: string[];
	/** Items of other names in upper case. */
	other?: Record<string, Token>;
	/** Items that came in a form that can't be read; the rest of the message is sound. */
	malformed?: {
		/** The item's name in upper case. */
		item: string;
		/** What could not be read. */
		error: Imap4Error;
	}[];
	/** Body sections in the order they were asked for. */
	readonly body: MessageBody[] = [];
	/** @internal Bytes that may have been read more than once, because items could not be read. */
	reread = 0;
	/** @internal Items of names that are not known here. */
	others = 0;
	/** @internal Bodies that are in {@link body} already and whose content is yet to come. */
	expected?: MessageBody[];
	/** Sizes of decoded parts by part number (RFC 3516 BINARY.SIZE). */
	binarySize?: Record<string, number>;

	private dateText?: string;
	private savedText?: string | null;

	constructor(
		/** The message's sequence number at the time of the response. */
		readonly seq: SequenceNumber,
	) {}

	/** When the server received the message. */
	get internalDate(): Date | undefined {
		return this.dateText === undefined ? undefined : parseInternalDate(this.dateText)?.date;
	}

	/** The same as the server wrote it, with its zone: `17-Jul-1996 02:44:25 -0700`. */
	get internalDateText(): string | undefined {
		return this.dateText;
	}

	/** When the message was put into this mailbox (RFC 8514); null if the mailbox keeps no such date. */
	get saveDate(): Date | null | undefined {
		return this.savedText
			? (parseInternalDate(this.savedText)?.date ?? null)
			: (this.savedText as null | undefined);
	}

	/** @internal Adds what an earlier response reported of the same message and this one does not. */
	absorb(earlier: FetchedMessage): void {
		const own = this as unknown as Record<string, unknown>;
		for (const [key, value] of Object.entries(earlier)) own[key] ??= value;
		this.body.unshift(...earlier.body);
		if (this.malformed !== earlier.malformed) this.malformed?.unshift(...(earlier.malformed ?? []));
	}

	/** @internal */
	setDate(which: 'internal' | 'saved', text: string | null): void {
		if (which === 'saved') this.savedText = text;
		else this.dateText = text ?? undefined;
	}
}

/** Reads from the item list on. A literal that is being streamed ends the reading: see {@link readItems}. */
export function readFetch(reader: Reader, seq: SequenceNumber): FetchedMessage {
	const message = new FetchedMessage(seq);
	const { at: start } = reader;
	enterItems(reader);
	if (readItems(reader, message)) {
		throw new Imap4AbortError('PROTOCOL', 'The server cut a literal short');
	}
	if (message.malformed && endsInLiteral(reader.buffer, start, reader.end)) {
		throw reader.expected('a literal with a valid size');
	}
	return message;
}

/**
 * Whether a response that cannot be read ends in what may be meant as the size of a literal, such as
 * `{-1}`: then it is not known where the response ends.
 */
export function endsInLiteral(buffer: Buffer, start: number, end: number): boolean {
	if (end <= start || buffer[end - 1] !== 0x7d) return false;
	const open = buffer.lastIndexOf(0x7b, end - 1);
	return open >= start && end - open <= LONGEST_SIZE;
}

const LONGEST_SIZE = 40;

/** Enters the list of items; some servers put a pair of parentheses too many around it, or none. */
export function enterItems(reader: Reader): void {
	// Looked at only where the parenthesis is missing: text that is not a name costs an error.
	if (reader.peek() !== 0x28 && atItemName(reader)) return;
	reader.enter();
	while (reader.peek() === 0x28) {
		reader.take(0x28);
		reader.skipSpaces();
	}
}

/**
 * Reads items up to the closing parenthesis, or up to a literal whose octets are not in the
 * buffer; it can go on after that literal with another reader.
 * @returns the body that is to take the literal, if one ended the reading
 */
export function readItems(reader: Reader, message: FetchedMessage): StreamedBody | undefined {
	for (;;) {
		if (reader.leave()) {
			if (endsHere(reader, message)) return undefined;
			continue;
		}
		if (reader.done) {
			note(message, 'FETCH', reader.expected('a closing parenthesis'));
			return undefined;
		}
		const streamed = readOne(reader, message);
		if (streamed) return streamed;
	}
}

/**
 * Whether the response ends behind this closing parenthesis. A literal whose size is wrong leaves text
 * there, and among it the items that follow.
 */
function endsHere(reader: Reader, message: FetchedMessage): boolean {
	reader.skipSpaces();
	if (reader.done) return true;
	// A pair of parentheses too many around the items.
	if (reader.peek() === 0x29) return false;
	note(message, 'FETCH', reader.expected('the end of the response'));
	return !skipToWord(reader, isItemName);
}

/** Reads one item. What cannot be read is noted and passed over, so that the others are kept. */
function readOne(reader: Reader, message: FetchedMessage): StreamedBody | undefined {
	const { level } = reader;
	let value = reader.at;
	let name = '';
	try {
		name = reader.itemName().upper;
		value = reader.at;
		if (reader.peek() === 0x5b) return readSection(reader, name, message);
		reader.skipSpaces();
		value = reader.at;
		const streamed = readItem(reader, name, message);
		// Some servers separate items by commas.
		if (!streamed) reader.take(0x2c);
		return streamed;
	} catch (error) {
		if (!isUnreadable(error)) throw error;
		note(message, name, error);
		passOver(reader, message, name, { at: value, level });
		return undefined;
	}
}

/** @param from where the value of the item begins that cannot be read */
function passOver(
	reader: Reader,
	message: FetchedMessage,
	name: string,
	from: { at: number; level: number },
): void {
	message.reread += reader.end - from.at;
	if (message.reread > MAX_REREAD_SHARE * reader.end + MIN_REREAD) {
		note(message, 'FETCH', reader.expected('fewer items that cannot be read'));
		reader.at = reader.end;
		return;
	}
	const last = message.body.at(-1);
	if (last && last.content === undefined && last.size === undefined) message.body.pop();
	reader.reset(from.at, from.level);
	if (name === '') skipItem(reader);
	else skipValueOf(reader);
}

/** A limit that one item exceeds (depth) is as much that item's alone as bad syntax. */
function isUnreadable(error: unknown): error is Imap4AbortError {
	return error instanceof Imap4AbortError && (error.code === 'PROTOCOL' || error.code === 'LIMIT');
}

function note(message: FetchedMessage, item: string, error: Imap4Error): void {
	message.malformed ??= [];
	// One note is enough to know; a hostile server must not fill memory with them.
	if (message.malformed.length < MAX_NOTES) message.malformed.push({ item, error });
}

const MAX_NOTES = 100;
/**
 * Bytes that one response may cost again for items that cannot be read, as a multiple of its length,
 * and at least. Each such item can be read to the end before that shows, and a server may send many.
 */
const MAX_REREAD_SHARE = 8;
const MIN_REREAD = 64 * 1024;

/** Passes over the value of an item; where it is missing, the next item is there. */
function skipValueOf(reader: Reader): void {
	if (!atItemName(reader)) skipItem(reader);
}

/** Passes over a value if its end is plain, else over all up to what looks like the next item. */
function skipItem(reader: Reader): void {
	const { at, level } = reader;
	try {
		reader.skipValue();
		reader.skipSpaces();
		if (reader.done || reader.peek() === 0x29 || atItemName(reader)) return;
	} catch (error) {
		if (!isUnreadable(error)) throw error;
	}
	reader.reset(at, level);
	// At least one byte: the same place would be read once more.
	if (!reader.done) reader.at++;
	skipToWord(reader, isItemName);
}

function atItemName(reader: Reader): boolean {
	const { at, level } = reader;
	try {
		return isItemName(reader.itemName().upper);
	} catch (error) {
		if (isUnreadable(error)) return false;
		throw error;
	} finally {
		reader.reset(at, level);
	}
}

const ITEM_NAMES: ReadonlySet<string> = new Set([
	...['UID', 'FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODYSTRUCTURE', 'BODY', 'BINARY'],
	...['BINARY.SIZE', 'MODSEQ', 'EMAILID', 'THREADID', 'PREVIEW', 'SAVEDATE'],
	...['X-GM-MSGID', 'X-GM-THRID', 'X-GM-LABELS', 'RFC822', 'RFC822.TEXT', 'RFC822.HEADER'],
]);

const isItemName = (upper: string): boolean => ITEM_NAMES.has(upper);

export interface StreamedBody {
	body: MessageBody;
	size: number;
}

/** @returns the body that is to take the literal, if the item is one that is being streamed */
function readItem(reader: Reader, name: string, message: FetchedMessage): StreamedBody | undefined {
	switch (name) {
		case 'UID':
			readUid(reader, message);
			break;
		case 'FLAGS':
			message.flags = flags(reader, message);
			break;
		case 'INTERNALDATE':
			message.setDate('internal', dateTime(reader));
			break;
		case 'RFC822.SIZE':
			message.size = readWholeNumber(reader);
			break;
		case 'ENVELOPE':
			message.envelope = readEnvelope(reader, () =>
				note(message, name, reader.expected('ten fields')),
			);
			break;
		case 'BODYSTRUCTURE':
		case 'BODY':
			message.bodyStructure = readBodyStructure(reader);
			break;
		case 'MODSEQ':
			reader.enter();
			message.modSeq = readBigWholeNumber(reader);
			if (!reader.leave()) throw reader.expected('")"');
			break;
		case 'EMAILID':
		case 'THREADID': {
			const id = objectId(reader);
			if (name === 'THREADID') message.threadId = id;
			else message.emailId = id ?? undefined;
			break;
		}
		case 'X-GM-MSGID':
			message.gmailMessageId = readBigWholeNumber(reader);
			break;
		case 'X-GM-THRID':
			message.gmailThreadId = readBigWholeNumber(reader);
			break;
		case 'X-GM-LABELS':
			message.gmailLabels = reader.nlist(() => decodeMailboxName(reader.string()));
			break;
		case 'PREVIEW':
			message.preview = reader.nstring();
			break;
		case 'SAVEDATE':
			message.setDate('saved', reader.nstring());
			break;
		case 'RFC822':
		case 'RFC822.TEXT':
		case 'RFC822.HEADER':
			return readSection(reader, name, message);
		default:
			readOther(reader, name, message);
	}
	return undefined;
}

/** Most items of names that are not known here; a server could make up any number. */
const MOST_OTHER = 1000;

function readOther(reader: Reader, name: string, message: FetchedMessage): void {
	const value = reader.token();
	message.others++;
	if (message.others <= MOST_OTHER) (message.other ??= {})[name] = value;
	else if (message.others === MOST_OTHER + 1)
		note(message, 'FETCH', reader.expected('fewer items of unknown names'));
}

const FLAGS: FlagOptions = {
	// A quote that is not closed would take the next items for a string.
	onOdd: (reader) => {
		throw reader.expected('a flag');
	},
};

/** Where the closing parenthesis is missing, the next item is the end. */
const UNCLOSED_FLAGS: FlagOptions = { ...FLAGS, isEnd: isItemName };

/** Flags in parentheses. Some servers leave out one of them, or both: then the next item ends the list. */
function flags(reader: Reader, message: FetchedMessage): string[] {
	const { at, level } = reader;
	if (reader.peek() === 0x28) {
		const flags = readFlags(reader, FLAGS);
		if (!reader.done || !flags.some((flag) => isItemName(flag.toUpperCase()))) return flags;
		message.reread += reader.end - at;
		reader.reset(at, level);
		note(message, 'FLAGS', reader.expected('a closing parenthesis'));
		return readFlags(reader, UNCLOSED_FLAGS);
	}
	if (reader.nil()) return [];
	const flags = readBareFlags(reader, UNCLOSED_FLAGS);
	if (flags.length === 0) throw reader.expected('a list of flags');
	note(message, 'FLAGS', reader.expected('a list in parentheses'));
	return flags;
}

/** RFC 8474 §4 puts parentheses around it; not all servers do. */
function objectId(reader: Reader): string | null {
	if (reader.peek() === 0x28) return reader.list(() => reader.string())[0] ?? null;
	return reader.nstring();
}

/** A date with its time and zone; some servers leave out the quotes around it. */
function dateTime(reader: Reader): string | null {
	if (reader.atDelimited) return reader.nstring();
	if (reader.nil()) return null;
	if (!reader.atNumber) throw reader.expected('a date');
	const words = [reader.atom().text];
	for (
		reader.skipSpaces();
		words.length < 3 && /^[\d+-]/.test(String.fromCharCode(reader.peek()));
		reader.skipSpaces()
	) {
		words.push(reader.atom().text);
	}
	return words.join(' ');
}

/**
 * Text that a sender wrote can look like an item where a server quotes it wrongly. So a message with
 * two UIDs has none: better unknown than another message's.
 */
function readUid(reader: Reader, message: FetchedMessage): void {
	const uid = readWholeNumber(reader) as Uid;
	if (uid < 1 || uid > 0xffff_ffff) throw reader.expected('a UID');
	reader.skipSpaces();
	// One of two numbers may be another message's.
	if (reader.atNumber || reader.atDelimited) throw reader.expected('one UID');
	const doubted = message.malformed?.some(({ item }) => item === 'UID') ?? false;
	if (doubted || (message.uid !== undefined && message.uid !== uid)) {
		message.uid = undefined;
		if (!doubted) note(message, 'UID', reader.expected('one UID'));
	} else message.uid = uid;
}

/** `BODY[1.2.HEADER.FIELDS (From To)]<0> …`, `BINARY[1]`, `BINARY.SIZE[1] 42`, `RFC822 …` */
function readSection(
	reader: Reader,
	name: string,
	message: FetchedMessage,
): StreamedBody | undefined {
	let section = name === 'RFC822' ? '' : name === 'RFC822.TEXT' ? 'TEXT' : 'HEADER';
	let origin: number | undefined;
	if (reader.take(0x5b)) {
		section = sectionText(reader);
		if (name === 'BINARY.SIZE') {
			reader.skipSpaces();
			(message.binarySize ??= {})[section] = reader.number();
			return undefined;
		}
		if (reader.take(0x3c)) {
			origin = reader.number();
			// Some servers repeat the length of the request: `<0.28>`.
			if (reader.take(0x2e)) reader.number();
			reader.expect(0x3e);
		}
	}
	reader.skipSpaces();
	const body = bodyFor(message, section, origin);
	if (reader.atStreamedLiteral) return { body, size: reader.literalSize() };
	body.hold(reader.nbytes());
	return undefined;
}

/** The body that the caller holds already, if it was asked for and is yet to come; else a new one. */
function bodyFor(
	message: FetchedMessage,
	section: string,
	origin: number | undefined,
): MessageBody {
	const expected = message.expected && takeExpected(message.expected, section, origin);
	if (expected) return expected;
	const body = new MessageBody(section, origin);
	message.body.push(body);
	return body;
}

/** Only those asked for are looked through: a server may send any number of others. */
function takeExpected(
	bodies: MessageBody[],
	section: string,
	origin: number | undefined,
): MessageBody | undefined {
	const index = bodies.findIndex((one) => matches(one, section, origin));
	return index < 0 ? undefined : bodies.splice(index, 1)[0];
}

function matches(body: MessageBody, section: string, origin: number | undefined): boolean {
	return body.section === section && body.origin === origin && body.size === undefined;
}

/** The section in upper case, header field names without quotes, each apart by one blank. */
function sectionText(reader: Reader): string {
	const words: string[] = [];
	let text = '';
	while (!reader.take(0x5d)) {
		if (reader.done) throw reader.expected('"]"');
		reader.skipSpaces();
		if (reader.peek() === 0x28) {
			for (const field of reader.list(() => reader.string())) words.push(field.toUpperCase());
			text += ` (${words.join(' ')})`;
		} else if (reader.peek() !== 0x5d) text += reader.codeAtom().upper;
	}
	return text;
}
