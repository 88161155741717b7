import { Imap4AbortError } from '../errors';
import type { Limits } from './limits';
import { ASTERISK, CLOSE_BRACE, CR, LF, NINE, OPEN_BRACE, PLUS, SPACE, ZERO } from './octets';
import { latin1 } from './text';

/** Octets in which a tag and the spaces behind it stand; ours have twenty at most. */
const LONGEST_TAG = 100;

/** Literals that a response code may hold: the charsets of BADCHARSET, or a mailbox name. */
const MOST_IN_CODE = 100;

/** Responses that grow with the mailbox, by how they begin. */
const RESULT = /^\* +(?:E?SEARCH|SORT|THREAD|VANISHED)\b/i;
const LONGEST_NAME = 32;

const NOTHING = Buffer.alloc(0);

/** Takes the octets of a streamed literal, in order, and then one `end`. */
export interface LiteralSink {
	chunk(bytes: Buffer): void;
	end(): void;
}

export interface FramerHandler {
	/**
	 * One whole response, `buffer[start..end)`, its literals in place, without the last CRLF.
	 * After a streamed literal: what followed that literal. The handler may keep the buffer.
	 */
	response(buffer: Buffer, start: number, end: number): void;
	/**
	 * A literal of at least `limits.streamThreshold` octets begins; `buffer[start..end)` is the
	 * response up to and with the CRLF after `{size}`. A sink takes the literal's octets as they
	 * come; without one the literal is held and becomes part of the response.
	 */
	literal(buffer: Buffer, start: number, end: number, size: number): LiteralSink | undefined;
}

/**
 * Bytes → whole responses (RFC 9051 §4.3). It finds where a response ends and knows nothing of
 * what it says, save that the text of a status response holds no literals.
 *
 * Responses that lie within one chunk are handed on as a slice of it. Only what spans chunks is
 * copied, once, into a buffer of its own that is never used again.
 */
export class Framer {
	/** The beginning of a response whose end has not come yet. */
	private carry: Buffer = NOTHING;
	private carried = 0;
	/** Octets of a held literal still to come. */
	private held = 0;
	private heldSum = 0;
	private sink: LiteralSink | undefined;
	private streamed = 0;
	/** Length of the response so far without its literals. */
	private lineLength = 0;
	/** Length of the present line: what stands before it in the response ends in a literal. */
	private present = 0;
	/** Literals of the response so far. */
	private literals = 0;
	/** The response's beginning was handed on, with a literal that was streamed. */
	private afterStream = false;
	private stopped = false;

	constructor(
		private readonly handler: FramerHandler,
		private readonly limits: Limits,
	) {}

	/** Whether a response has begun and not ended. */
	get unfinished(): boolean {
		return this.carried > 0 || this.afterStream;
	}

	/** What has come of a response that has not ended, its literals included. */
	get partialLine(): Buffer {
		return this.carry.subarray(0, this.carried);
	}

	/** From now on nothing more is handed on: the connection is given up or changes to TLS. */
	stop(): void {
		this.stopped = true;
		this.forgetCarry();
		this.sink = undefined;
	}

	/**
	 * Takes the next bytes.
	 * @returns how many of them were used: all, unless the handler called {@link stop}
	 * @throws Imap4AbortError LIMIT or PROTOCOL
	 */
	push(chunk: Buffer): number {
		const length = chunk.length;
		/** Where the response that is not handed on yet begins in this chunk. */
		let from = 0;
		/** Where to look on. */
		let at = 0;
		while (at < length && !this.stopped) {
			if (this.sink) {
				at = from = this.stream(this.sink, chunk, at);
				continue;
			}
			if (this.held > 0) {
				const step = Math.min(this.held, length - at);
				this.held -= step;
				at += step;
				continue;
			}
			const lf = chunk.indexOf(LF, at);
			const lineEnd = lf < 0 ? length : lf + 1;
			this.lineLength += lineEnd - at;
			this.present += lineEnd - at;
			if (this.lineLength > this.limits.lineLength) this.checkLength(chunk, from);
			at = lineEnd;
			if (lf < 0) break;

			let buffer = chunk;
			let start = from;
			let end = lineEnd;
			if (this.carried > 0) {
				this.keep(chunk, from, lineEnd);
				from = lineEnd;
				buffer = this.carry;
				start = 0;
				end = this.carried;
			}
			const line = end - this.present;
			if (this.present < 2 || buffer[end - 2] !== CR) {
				throw new Imap4AbortError('PROTOCOL', 'The server ended a line with LF instead of CRLF');
			}
			const size = this.announcedLiteral(buffer, start, line, end);
			this.present = 0;
			if (size >= 0) {
				const sink =
					size > 0 && size >= this.limits.streamThreshold
						? this.handler.literal(buffer, start, end, size)
						: undefined;
				if (sink) {
					this.sink = sink;
					this.streamed = size;
					this.afterStream = true;
					this.forgetCarry();
					from = lineEnd;
				} else {
					this.hold(size, chunk, from, lineEnd);
				}
				continue;
			}
			this.forgetCarry();
			this.lineLength = 0;
			this.heldSum = 0;
			this.literals = 0;
			this.afterStream = false;
			from = lineEnd;
			this.handler.response(buffer, start, end - 2);
		}
		if (this.stopped) return from;
		if (from < length) this.keep(chunk, from, length);
		return length;
	}

	/** @throws Imap4AbortError LIMIT if the response, which begins at `from` or is kept, is too long */
	private checkLength(chunk: Buffer, from: number): void {
		const { carry, carried, limits } = this;
		const start =
			carried > 0
				? latin1(carry, 0, Math.min(carried, LONGEST_NAME))
				: latin1(chunk, from, Math.min(chunk.length, from + LONGEST_NAME));
		const most = RESULT.test(start)
			? Math.max(limits.lineLength, limits.resultLength)
			: limits.lineLength;
		if (this.lineLength > most) throw limit(`a response line of more than ${most} octets`);
	}

	private stream(sink: LiteralSink, chunk: Buffer, at: number): number {
		const step = Math.min(this.streamed, chunk.length - at);
		this.streamed -= step;
		sink.chunk(chunk.subarray(at, at + step));
		if (this.streamed === 0) {
			this.sink = undefined;
			sink.end();
		}
		return at + step;
	}

	/** Makes room so that the literal is copied once, whatever chunks it comes in. */
	private hold(size: number, chunk: Buffer, from: number, lineEnd: number): void {
		this.heldSum += size;
		if (this.heldSum > this.limits.heldLiterals) {
			throw limit(`literals of ${this.heldSum} octets in one response`);
		}
		this.held = size;
		if (this.carried > 0 || chunk.length - lineEnd < size)
			this.reserve(this.carried + lineEnd - from + size + 256);
	}

	private keep(chunk: Buffer, start: number, end: number): void {
		this.reserve(this.carried + end - start);
		chunk.copy(this.carry, this.carried, start, end);
		this.carried += end - start;
	}

	private reserve(size: number): void {
		if (this.carry.length >= size) return;
		const grown = Buffer.allocUnsafe(Math.max(size, this.carry.length * 2, 1024));
		this.carry.copy(grown, 0, 0, this.carried);
		this.carry = grown;
	}

	/** The buffer now belongs to the receiver of the response. */
	private forgetCarry(): void {
		this.carry = NOTHING;
		this.carried = 0;
	}

	/**
	 * The size in `{n}` at the end of the line, or -1 if the line doesn't end in one.
	 * @param start where the response begins, `line` where its present line does
	 */
	private announcedLiteral(buffer: Buffer, start: number, line: number, end: number): number {
		let at = end - 3;
		if (buffer[at] !== CLOSE_BRACE) return -1;
		at--;
		if (buffer[at] === PLUS) at--;
		const last = at;
		let size = 0;
		let scale = 1;
		for (; at >= line; at--) {
			const digit = (buffer[at] as number) - ZERO;
			if (digit < 0 || digit > 9) break;
			size += digit * scale;
			scale *= 10;
		}
		if (at < line || buffer[at] !== OPEN_BRACE) return -1;
		if (!this.afterStream && !isNumbered(buffer, start) && isStatus(buffer, start, end)) {
			// It is looked through from its beginning for each of them.
			if (this.literals > MOST_IN_CODE) throw limit(`${this.literals} literals in a response code`);
			if (isStatusText(buffer, start, end)) return -1;
		}
		if (at === last)
			throw new Imap4AbortError('PROTOCOL', 'The server sent a literal without a size');
		if (size > this.limits.literalSize) throw limit(`a literal of ${size} octets`);
		this.literals++;
		return size;
	}
}

function limit(what: string): Imap4AbortError {
	return new Imap4AbortError('LIMIT', `The server sent ${what}, more than this client accepts`);
}

/** Whether it begins with `* ` and a number, as nearly every response with a literal does. */
function isNumbered(buffer: Buffer, start: number): boolean {
	if (buffer[start] !== ASTERISK || buffer[start + 1] !== SPACE) return false;
	const digit = buffer[start + 2] as number;
	return digit >= ZERO && digit <= NINE;
}

/** Whether the response is a continuation, or says OK, NO, BAD, BYE or PREAUTH. */
function isStatus(buffer: Buffer, start: number, end: number): boolean {
	if (buffer[start] === PLUS) return true;
	const at = afterWord(buffer, start, end);
	const word = latin1(buffer, at, Math.min(end, at + 8)).toUpperCase();
	return /^(OK|NO|BAD|BYE|PREAUTH)[ \r]/.test(word);
}

/** Where the second word begins; the first is an asterisk or a tag, and never long. */
function afterWord(buffer: Buffer, start: number, end: number): number {
	const most = Math.min(end, start + LONGEST_TAG);
	let at = start;
	while (at < most && buffer[at] !== SPACE) at++;
	while (at < most && buffer[at] === SPACE) at++;
	return at;
}

/**
 * Whether the line is a status response or continuation whose `{n}` is only text, as in
 * `* OK see {3}`. Inside a response code that is still open a literal stays a literal:
 * `* NO [BADCHARSET ({5}` (RFC 9051 §7.1: an astring there).
 */
function isStatusText(buffer: Buffer, start: number, end: number): boolean {
	if (buffer[start] === PLUS) return true;
	let at = afterWord(buffer, start, end);
	while (at < end && buffer[at] !== SPACE) at++;
	while (buffer[at] === SPACE) at++;
	// Behind the end stands what is of another response, or was never written.
	if (at >= end || buffer[at] !== 0x5b) return true;
	let quoted = false;
	for (; at < end; at++) {
		const byte = buffer[at];
		if (byte === 0x22) quoted = !quoted;
		else if (quoted && byte === 0x5c) at++;
		else if (!quoted && byte === 0x5d) return true;
		else if (!quoted && byte === OPEN_BRACE) at = afterHeldLiteral(buffer, at);
	}
	return false;
}

/** Where the literal announced at `at` ends, less one, which may not have come yet; `at` itself if none is. */
function afterHeldLiteral(buffer: Buffer, at: number): number {
	const lf = buffer.indexOf(LF, at);
	const match = /^\{(\d+)\+?\}\r\n/.exec(latin1(buffer, at, Math.min(lf + 1, at + 30)));
	return match ? lf + Number(match[1]) : at;
}
