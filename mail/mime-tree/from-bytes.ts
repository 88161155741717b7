/**
 * The tree of a message that is there as a whole, for where the server's description can't be used. One
 * pass over the lines, with a stack of open multiparts: linear however deep they are nested.
 */
import { nextTurn } from '../next-turn';
import { RawHeader } from '../header/raw-header';
import { parameterText } from '../file-name';
import { parseParameters } from '../header/parameters';
import { withoutTrailing } from '../trailing';
import { childNumber, DEEPEST, isMessage, MOST_PARTS, type MimePart } from './mime-part';
import { transferEncoding } from '../transfer-encoding/encoding-name';

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;

/** A part whose end has not been seen. */
interface Open {
	part: MutablePart;
	/** Of a multipart. */
	boundary?: string;
	/** Where its content begins. */
	start: number;
}

type MutablePart = MimePart & { parts: MimePart[] };

/** Bytes of a header that are read; more is cut. */
const LONGEST_HEADER = 1024 * 1024;
/** RFC 2046 §5.1.1 allows 70 characters. */
const LONGEST_BOUNDARY = 1000;
/** Charsets of texts that are noted. */
const MOST_CHARSETS = 10;
/** Multiparts whose delimiter is guessed: each guess looks at all of the rest. */
const MOST_GUESSES = 10;

/** Other work gets its turn in between. */
export function treeFromBytes(message: Buffer): Promise<MimePart> {
	return new TreeReader(message).read();
}

/** Lines that look like delimiters and are looked at in one go. */
const LINES_PER_TURN = 20_000;
/** Each that begins a part is followed by a header. */
const DELIMITERS_PER_TURN = 1000;

class TreeReader {
	private readonly stack: Open[] = [];
	/** Where in the stack each boundary is, the innermost last. */
	private readonly boundaries = new Map<string, number[]>();
	private at = 0;
	private count = 0;
	private guesses = 0;
	/** Shared by all parts; complete at the end. */
	private readonly charsets: string[] = [];

	constructor(private readonly bytes: Buffer) {}

	async read(): Promise<MimePart> {
		const root = this.entity('', 'message');
		let delimiters = 0;
		while (this.stack.length > 0 && this.at < this.bytes.length) {
			if (!this.nextDelimiter() || ++delimiters % DELIMITERS_PER_TURN === 0) await nextTurn();
		}
		this.close(0, this.bytes.length);
		return root;
	}

	/** Reads a header, and opens what it describes. */
	private entity(number: string, kind: 'message' | 'part' | 'digest'): MutablePart {
		this.count++;
		const start = this.at;
		this.at = this.endOfHeader(start, kind);
		const header = this.bytes.subarray(start, this.at);
		const part = describe(header, number, kind === 'digest');
		// A message that isn't multipart has its text as part 1 (RFC 9051 §6.4.5).
		if (kind === 'message' && part.type !== 'multipart') part.part = childNumber(number, 1);
		part.charsets = this.charsets;
		if (part.type === 'text') this.noteCharset(part);
		this.open(part);
		return part;
	}

	private noteCharset({ parameters: { charset } }: MimePart): void {
		const { charsets } = this;
		if (charset && charsets.length < MOST_CHARSETS && !charsets.includes(charset))
			charsets.push(charset);
	}

	private open(part: MutablePart): void {
		const open: Open = { part, start: this.at };
		const hasRoom = this.stack.length < DEEPEST && this.count < MOST_PARTS;
		if (part.type === 'multipart' && hasRoom) {
			open.boundary = this.boundaryOf(part);
			if (open.boundary === undefined) {
				// Without a delimiter it holds one text.
				const text = { ...singlePart(childNumber(part.part, 1)), encoding: part.encoding };
				part.parts.push(text);
				this.stack.push(open, { part: text, start: this.at });
				return;
			}
			const known = this.boundaries.get(open.boundary);
			if (known) known.push(this.stack.length);
			else this.boundaries.set(open.boundary, [this.stack.length]);
		} else if (part.type === 'multipart') {
			[part.type, part.subtype] = ['application', 'octet-stream'];
			part.part ||= '1';
		}
		this.stack.push(open);
		// Encoded ones are read when their content has been decoded.
		if (isMessage(part) && hasRoom && transferEncoding(part.encoding) === 'none') {
			part.message = this.entity(part.part, 'message');
		}
	}

	/**
	 * Goes to the next line that begins or ends a part.
	 * @returns false if it has to be called again, after other work
	 */
	private nextDelimiter(): boolean {
		const { bytes } = this;
		let from = this.at;
		for (let lines = 0; from < bytes.length; lines++) {
			const isLineStart = from === 0 || bytes[from - 1] === LF;
			const isDashed = isLineStart && bytes[from] === DASH && bytes[from + 1] === DASH;
			const lineStart = isDashed ? from : bytes.indexOf('\n--', from) + 1;
			if (lineStart === 0) break;
			const lineEnd = endOfLine(bytes, lineStart);
			const found = this.openBoundary(bytes.subarray(lineStart, lineEnd));
			if (found) {
				this.delimiter(found, lineStart, lineEnd);
				return true;
			}
			from = lineEnd;
			if (lines < LINES_PER_TURN) continue;
			this.at = from;
			return false;
		}
		this.at = bytes.length;
		return true;
	}

	/** @param line with its dashes and its line end */
	private openBoundary(line: Buffer): { index: number; isLast: boolean } | undefined {
		const text = withoutTrailing(line.toString('latin1', 2, LONGEST_BOUNDARY + 4), ' \t\r\n');
		// Some write more behind the end.
		for (const one of [text, text.split(' ', 1)[0] as string]) {
			const index = this.boundaries.get(one)?.at(-1);
			if (index !== undefined) return { index, isLast: false };
			if (!one.endsWith('--')) continue;
			const last = this.boundaries.get(one.slice(0, -2))?.at(-1);
			if (last !== undefined) return { index: last, isLast: true };
		}
		return undefined;
	}

	private delimiter(
		{ index, isLast }: { index: number; isLast: boolean },
		lineStart: number,
		lineEnd: number,
	): void {
		this.close(index + 1, lineStart);
		const open = this.stack[index] as Open;
		this.at = lineEnd;
		// What follows the end belongs to the multipart around it, unless its own delimiter comes once more.
		if (isLast || this.count >= MOST_PARTS) return;
		const { part } = open;
		const kind = part.subtype === 'digest' ? 'digest' : 'part';
		part.parts.push(this.entity(childNumber(part.part, part.parts.length + 1), kind));
	}

	/** Ends all parts from this level on. */
	private close(level: number, end: number): void {
		const { bytes } = this;
		while (this.stack.length > level) {
			const { part, start, boundary } = this.stack.pop() as Open;
			if (boundary !== undefined) this.boundaries.get(boundary)?.pop();
			// The line end before a delimiter is part of it (RFC 2046 §5.1.1).
			let stop = end;
			if (end < bytes.length || level > 0) {
				if (stop > start && bytes[stop - 1] === LF) stop--;
				if (stop > start && bytes[stop - 1] === CR) stop--;
			}
			part.content = bytes.subarray(Math.min(start, stop), stop);
			part.size = part.content.length;
		}
	}

	/** Behind the empty line; a delimiter ends a header as well. */
	private endOfHeader(start: number, kind: 'message' | 'part' | 'digest'): number {
		const { bytes } = this;
		let at = start;
		let hasLooked = false;
		/** Where lines begin that are no fields: the text, if no empty line comes. */
		let text: number | undefined;
		while (at < bytes.length && at - start < LONGEST_HEADER) {
			const end = endOfLine(bytes, at);
			const length = end - at - (bytes[end - 2] === CR ? 2 : 1);
			if (length <= 0) return end;
			if (bytes[at] === DASH && bytes[at + 1] === DASH) {
				if (this.openBoundary(bytes.subarray(at, end))) return text ?? at;
				// The first delimiter of what this header describes, without an empty line before it.
				if (!hasLooked && isOwnDelimiter(bytes.subarray(start, at), bytes.subarray(at, end)))
					return at;
				hasLooked = true;
			}
			// A message may begin with a line such as mbox's `From `.
			const canBeText = text === undefined && (at > start || kind === 'part');
			if (canBeText && !isHeaderLine(bytes.subarray(at, end))) text = at;
			at = end;
		}
		return text ?? Math.min(at, bytes.length);
	}

	/** @returns the boundary of a multipart: the one that is named if it occurs, else one that looks like it */
	private boundaryOf(part: MutablePart): string | undefined {
		const declared = parameterText(part.parameters, 'boundary')?.slice(0, LONGEST_BOUNDARY);
		const named = declared && withoutTrailing(declared, ' \t');
		if (this.guesses >= MOST_GUESSES) return named;
		this.guesses++;
		if (named && this.bytes.indexOf(`--${named}`, Math.max(0, this.at - 2), 'latin1') >= 0)
			return named;
		const rest = this.bytes.subarray(this.at, this.at + 64 * 1024).toString('latin1');
		const [, guessed] =
			/(?:^|\n)--([^\s-][^\r\n]{0,200}?|-+[^\s-][^\r\n]{0,200}?)[ \t]*\r?\n(?:content-[a-z-]+[ \t]*:|\r?\n)/i.exec(
				rest,
			) ?? [];
		return guessed;
	}
}

function isOwnDelimiter(header: Buffer, line: Buffer): boolean {
	const boundary = parameterText(partFromHeader(new RawHeader(header)).parameters, 'boundary');
	const written = withoutTrailing(line.toString('latin1', 2, LONGEST_BOUNDARY + 4), ' \t\r\n');
	return boundary !== undefined && boundary !== '' && written === withoutTrailing(boundary, ' \t');
}

/**
 * The text of a part that has no empty line before it, which a server takes for its header.
 * @param header as BODY[n.MIME] returns it
 */
export function textInHeader(header: Buffer): Buffer {
	for (let at = 0; at < Math.min(header.length, LONGEST_HEADER);) {
		const end = endOfLine(header, at);
		const line = header.subarray(at, end);
		if (/^\r?\n?$/.test(line.toString('latin1', 0, 3))) break;
		if (!isHeaderLine(line)) return header.subarray(at);
		at = end;
	}
	return Buffer.alloc(0);
}

/** A field, or one that goes on. */
const isHeaderLine = (line: Buffer): boolean =>
	/^(?:[ \t]|[!-9;-~]{1,200}[ \t]*:)/.test(line.toString('latin1', 0, 300));

function endOfLine(bytes: Buffer, from: number): number {
	const found = bytes.indexOf(LF, from);
	return found < 0 ? bytes.length : found + 1;
}

function singlePart(number: string): MutablePart {
	return {
		part: number,
		type: 'text',
		subtype: 'plain',
		parameters: {},
		disposition: null,
		id: null,
		encoding: '7bit',
		size: 0,
		parts: [],
	};
}

/** What a header says of its part. */
function describe(header: Buffer, number: string, inDigest: boolean): MutablePart {
	const fields = new RawHeader(header);
	const described = partFromHeader(fields);
	const type =
		fields.first('content-type') === undefined && inDigest ? 'message/rfc822' : undefined;
	const [main, sub] = (type ?? `${described.type}/${described.subtype}`).split('/') as [
		string,
		string,
	];
	return { ...singlePart(number), ...described, type: main, subtype: sub, header };
}

/** The fields of a part's own header that describe it. */
export function partFromHeader(
	fields: RawHeader,
): Pick<MimePart, 'type' | 'subtype' | 'parameters' | 'disposition' | 'id' | 'encoding'> {
	const type = parseParameters(fields.first('content-type') ?? '');
	const [, main, sub] = /^([!-.0-~]+)\/([!-.0-~]+)/.exec(type.value.replace(/\s+/g, '')) ?? [];
	const disposition = fields.first('content-disposition');
	const found = disposition === undefined ? undefined : parseParameters(disposition);
	return {
		...(main !== undefined && sub !== undefined
			? { type: main, subtype: sub }
			: // RFC 2045 §5.2: what names no type is plain text.
				{
					type: 'text',
					subtype: type.value === 'html' || type.value === 'text/html' ? 'html' : 'plain',
				}),
		parameters: type.parameters,
		disposition: found ? { type: found.value || 'attachment', parameters: found.parameters } : null,
		id: fields.first('content-id') || null,
		encoding: (fields.first('content-transfer-encoding') ?? '7bit').toLowerCase(),
	};
}
