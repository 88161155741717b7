import type { Imap4Error } from '../errors';
import { Imap4AbortError } from '../errors';
import type { Reader, Token } from '../wire/reader';
import type { BodyStructure } from './body-structure';
import { readBodyStructure } from './body-structure';
import type { Envelope } from './envelope';
import { readEnvelope } from './envelope';
import { readFlags } from './flags';
import { parseInternalDate } from './internal-date';
import { decodeMailboxName } from './mailbox-name';
import { MessageBody } from './message-body';

/**
 * What one FETCH response says of a message (RFC 9051 §7.5.2 and the extensions named). Only what
 * was asked for, and what the server told besides, is there.
 */
export class FetchedMessage {
	uid?: number;
	flags?: string[];
	/** Octets (RFC822.SIZE). */
	size?: number;
	envelope?: Envelope;
	bodyStructure?: BodyStructure;
	/** RFC 7162 */
	modSeq?: bigint;
	/** RFC 8474 */
	emailId?: string;
	threadId?: string | null;
	/** RFC 8970; null if the server can make none. */
	preview?: string | null;
	/** Gmail's own (X-GM-EXT-1): unsigned numbers of 64 bits, the same in every mailbox. */
	gmailMessageId?: bigint;
	gmailThreadId?: bigint;
	/** Unicode; Gmail's own begin with a backslash, e.g. `\\Important`. */
	gmailLabels?: string[];
	/** Items of other names in upper case. */
	other?: Record<string, Token>;
	/** Items that came in a form that can't be read; the rest of the message is sound. */
	malformed?: { item: string; error: Imap4Error }[];
	/** Body sections in the order they were asked for. */
	readonly body: MessageBody[] = [];
	/** Sizes of decoded parts by part number (RFC 3516 BINARY.SIZE). */
	binarySize?: Record<string, number>;

	private dateText?: string;
	private savedText?: string | null;

	constructor(
		/** The message's sequence number at the time of the response. */
		readonly seq: number,
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

	/** @internal */
	setDate(which: 'internal' | 'saved', text: string | null): void {
		if (which === 'saved') this.savedText = text;
		else this.dateText = text ?? undefined;
	}
}

/** Reads from the item list on. A literal that is being streamed ends the reading: see {@link readItems}. */
export function readFetch(reader: Reader, seq: number): FetchedMessage {
	const message = new FetchedMessage(seq);
	reader.enter();
	if (readItems(reader, message)) {
		throw new Imap4AbortError('PROTOCOL', 'The server cut a literal short');
	}
	return message;
}

/**
 * Reads items up to the closing parenthesis, or up to a literal whose octets are not in the
 * buffer; it can go on after that literal with another reader.
 * @returns the body that is to take the literal, if one ended the reading
 */
export function readItems(reader: Reader, message: FetchedMessage): StreamedBody | undefined {
	while (!reader.leave()) {
		if (reader.done) throw reader.expected('the end of the FETCH data');
		const name = reader.itemName().upper;
		if (
			reader.peek() === 0x5b ||
			name === 'RFC822' ||
			name === 'RFC822.TEXT' ||
			name === 'RFC822.HEADER'
		) {
			const streamed = readSection(reader, name, message);
			if (streamed) return streamed;
		} else {
			reader.blanks();
			readItem(reader, name, message);
		}
	}
	return undefined;
}

export interface StreamedBody {
	body: MessageBody;
	size: number;
}

function readItem(reader: Reader, name: string, message: FetchedMessage): void {
	switch (name) {
		case 'UID':
			message.uid = reader.number();
			return;
		case 'FLAGS':
			message.flags = readFlags(reader);
			return;
		case 'INTERNALDATE':
			message.setDate('internal', reader.nstring());
			return;
		case 'RFC822.SIZE':
			message.size = reader.number();
			return;
		case 'ENVELOPE':
			message.envelope = tolerantly(reader, name, message, readEnvelope);
			return;
		case 'BODYSTRUCTURE':
		case 'BODY':
			message.bodyStructure = tolerantly(reader, name, message, readBodyStructure);
			return;
		case 'MODSEQ':
			reader.enter();
			message.modSeq = reader.bigNumber();
			reader.leave();
			return;
		case 'EMAILID':
		case 'THREADID': {
			const id = reader.nil() ? null : (reader.list(() => reader.string())[0] ?? null);
			if (name === 'THREADID') message.threadId = id;
			else message.emailId = id ?? undefined;
			return;
		}
		case 'X-GM-MSGID':
			message.gmailMessageId = reader.bigNumber();
			return;
		case 'X-GM-THRID':
			message.gmailThreadId = reader.bigNumber();
			return;
		case 'X-GM-LABELS':
			message.gmailLabels = reader.nlist(() => decodeMailboxName(reader.string()));
			return;
		case 'PREVIEW':
			message.preview = reader.nstring();
			return;
		case 'SAVEDATE':
			message.setDate('saved', reader.nstring());
			return;
		default:
			(message.other ??= {})[name] = reader.token();
	}
}

/**
 * One message with a structure its server writes wrongly must not hide all others: its value is
 * passed over and noted, if it is at least a value.
 */
function tolerantly<Value>(
	reader: Reader,
	item: string,
	message: FetchedMessage,
	read: (reader: Reader) => Value,
): Value | undefined {
	const mark = reader.mark();
	try {
		return read(reader);
	} catch (error) {
		if (!(error instanceof Imap4AbortError) || error.code !== 'PROTOCOL') throw error;
		reader.reset(mark);
		reader.token();
		(message.malformed ??= []).push({ item, error });
		return undefined;
	}
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
			reader.blanks();
			(message.binarySize ??= {})[section] = reader.number();
			return undefined;
		}
		if (reader.take(0x3c)) {
			origin = reader.number();
			reader.expect(0x3e);
		}
	}
	reader.blanks();
	const body =
		message.body.find((one) => one.content === undefined && matches(one, section, origin)) ??
		new MessageBody(section, origin);
	if (!message.body.includes(body)) message.body.push(body);
	if (reader.atStreamedLiteral) return { body, size: reader.literalSize() };
	body.hold(reader.nbytes());
	return undefined;
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
		reader.blanks();
		if (reader.peek() === 0x28) {
			for (const field of reader.list(() => reader.string())) words.push(field.toUpperCase());
			text += ` (${words.join(' ')})`;
		} else if (reader.peek() !== 0x5d) text += reader.codeAtom().upper;
	}
	return text;
}
