import { isUtf8 } from 'node:buffer';
import { Imap4AbortError } from '../errors';
import { hashed, intern, internHashed, internText, LONGEST_RECURRING, wordOf } from './intern';
import type { Word } from './intern';
import { MOST_NUMBERS, readNumbers } from './numbers';
import {
	BACKSLASH,
	classes,
	CLOSE,
	CLOSE_BRACE,
	CLOSE_BRACKET,
	CR,
	ENDS_ATOM,
	ENDS_CODE_ATOM,
	ENDS_ITEM_NAME,
	ENDS_NUMBER,
	ENDS_WORD,
	LF,
	NINE,
	OPEN,
	OPEN_BRACE,
	PLUS,
	QUOTE,
	SPACE,
	TAB,
	TILDE,
	ZERO,
} from './octets';
import { latin1, utf8OrLatin1 } from './text';

const LARGEST_MESSAGE_NUMBER = 0xffff_ffff;

/** A value of a response this engine has no reader for: strings, NIL and lists of them. */
export type Token = string | null | Token[];

/**
 * Octets → tokens of one response (RFC 9051 §9), in one pass and by octet codes. Strings are made
 * only for what is returned, and recurring atoms are not even made twice.
 *
 * Tolerant where servers are known to err: any number of spaces, any case, atoms where strings
 * belong. What it can't read ends in an `Imap4AbortError` of code `PROTOCOL` or `LIMIT`.
 */
export class Reader {
	private depth = 0;

	constructor(
		readonly buffer: Buffer,
		public at: number,
		readonly end: number,
		private readonly maxDepth: number,
	) {}

	/** The next octet, or -1 at the end. */
	peek(): number {
		return this.at < this.end ? (this.buffer[this.at] as number) : -1;
	}

	get done(): boolean {
		return this.at >= this.end;
	}

	/** Skips spaces and tabs, however many. */
	skipSpaces(): void {
		while (this.at < this.end) {
			const byte = this.buffer[this.at];
			if (byte !== SPACE && byte !== TAB) return;
			this.at++;
		}
	}

	/** Takes this octet if it is next. */
	take(byte: number): boolean {
		if (this.at < this.end && this.buffer[this.at] === byte) {
			this.at++;
			return true;
		}
		return false;
	}

	/** Takes the octets that stand at `[start..stop)`, if the next are the same. */
	takeAgain(start: number, stop: number): boolean {
		const { buffer, at } = this;
		const length = stop - start;
		if (at + length > this.end) return false;
		for (let index = 0; index < length; index++)
			if (buffer[at + index] !== buffer[start + index]) return false;
		this.at = at + length;
		return true;
	}

	/** Skips spaces and parentheses, for where parentheses do not show what belongs together. */
	parentheses(): void {
		do this.skipSpaces();
		while (this.take(OPEN) || this.take(CLOSE));
	}

	/** Whether these bytes are next, and a space or the end behind them. */
	atWords(words: Buffer): boolean {
		const stop = this.at + words.length;
		if (stop > this.end || words.compare(this.buffer, this.at, stop) !== 0) return false;
		return stop === this.end || this.buffer[stop] === SPACE || this.buffer[stop] === TAB;
	}

	expect(byte: number): void {
		if (!this.take(byte)) throw this.expected(`"${String.fromCharCode(byte)}"`);
	}

	/** An atom in the loose sense: all up to a blank, parenthesis or quote. `\Seen`, `[test]`, `\*`. */
	atom(): Word {
		return this.word(ENDS_ATOM);
	}

	/** An atom inside a response code, where `]` ends it too. */
	codeAtom(): Word {
		return this.word(ENDS_CODE_ATOM);
	}

	/** The name of a FETCH item, which `[` ends too. */
	itemName(): Word {
		return this.word(ENDS_ITEM_NAME);
	}

	/** Whether a byte is next that the name of a FETCH item may begin with. */
	get atItemName(): boolean {
		return !this.done && ((classes[this.peek()] as number) & ENDS_ITEM_NAME) === 0;
	}

	private word(ending: number): Word {
		const { buffer, end } = this;
		const start = this.at;
		let at = start;
		let hash = 0;
		for (; at < end; at++) {
			const byte = buffer[at] as number;
			if (((classes[byte] as number) & ending) !== 0) break;
			hash = hashed(hash, byte);
		}
		if (at === start) throw this.expected('an atom');
		this.at = at;
		return internHashed(buffer, start, at, hash);
	}

	/** Whether a number is next. */
	get atNumber(): boolean {
		const byte = this.peek();
		return byte >= ZERO && byte <= NINE;
	}

	/** A number up to 2^53 - 1; the grammar's `number`, `nz-number` and `number64`. */
	number(): number {
		const { buffer, end } = this;
		const start = this.at;
		let at = start;
		let value = 0;
		while (at < end) {
			const digit = (buffer[at] as number) - ZERO;
			if (digit < 0 || digit > 9) break;
			value = value * 10 + digit;
			at++;
		}
		if (at === start || value > Number.MAX_SAFE_INTEGER) throw this.expected('a number');
		this.at = at;
		return value;
	}

	/**
	 * A number up to 2^53 - 1 that ends where its value ends: `1.8e+06` is none.
	 * @returns undefined if none is next; then nothing was read
	 */
	wholeNumber(): number | undefined {
		const { buffer, end } = this;
		const start = this.at;
		let at = start;
		let value = 0;
		let byte = -1;
		for (; at < end; at++) {
			byte = buffer[at] as number;
			if (byte < ZERO || byte > NINE) break;
			// The parentheses keep every step below 2^53.
			value = value * 10 + (byte - ZERO);
		}
		if (at === start || value > Number.MAX_SAFE_INTEGER) return undefined;
		if (at < end && ENDS_NUMBER[byte] === 0) return undefined;
		this.at = at;
		return value;
	}

	/**
	 * Numbers of messages (1 to 2^32 - 1), separated by spaces or by some servers' commas, as far as there are
	 * any: each once, in the order given, and without the zeros that some servers write for none.
	 */
	numbers(): number[] {
		const numbers: number[] = [];
		const stop = readNumbers(this.buffer, this.at, this.end, numbers);
		if (numbers.length > MOST_NUMBERS) throw this.expected('fewer numbers');
		// In ascending order, as nearly all are, the last is the largest, and none can be 0 or there twice.
		const tooLarge = (number: number): boolean => number > LARGEST_MESSAGE_NUMBER;
		if (stop >= 0 ? tooLarge(numbers.at(-1) ?? 0) : numbers.some(tooLarge))
			throw this.expected('a number');
		this.at = Math.abs(stop);
		return stop >= 0 ? numbers : [...new Set(numbers)].filter((number) => number !== 0);
	}

	/** A number of up to 63 bits, e.g. a mod-sequence (RFC 7162 §7). */
	bigNumber(): bigint {
		const start = this.at;
		while (this.atNumber) this.at++;
		if (this.at === start || this.at - start > 20) throw this.expected('a number');
		return BigInt(latin1(this.buffer, start, this.at));
	}

	/** Takes NIL if it is next and a whole word. */
	nil(): boolean {
		const { buffer, at, end } = this;
		if (at + 3 > end) return false;
		if (((buffer[at] as number) | 0x20) !== 0x6e) return false;
		if (((buffer[at + 1] as number) | 0x20) !== 0x69) return false;
		if (((buffer[at + 2] as number) | 0x20) !== 0x6c) return false;
		if (at + 3 < end && ((classes[buffer[at + 3] as number] as number) & ENDS_CODE_ATOM) === 0) {
			return false;
		}
		this.at = at + 3;
		return true;
	}

	/** `nstring`: text, or null for NIL. UTF-8 where it is valid, else one character an octet. */
	nstring(): string | null {
		if (this.peek() === QUOTE) return this.quoted();
		if (this.nil()) return null;
		return this.atLiteral ? this.literalText() : this.atom().text;
	}

	/** `string` or `astring`. NIL is the text "NIL" here, as for a mailbox of that name. */
	string(): string {
		if (this.peek() === QUOTE) return this.quoted();
		if (this.atLiteral) return this.literalText();
		const start = this.at;
		this.word(ENDS_ATOM);
		return utf8OrLatin1(this.buffer, start, this.at);
	}

	private literalText(): string {
		const bytes = this.literal();
		return utf8OrLatin1(bytes, 0, bytes.length);
	}

	/** `nstring` whose case doesn't matter, in lower case; empty for NIL. */
	lowered(): string {
		const { buffer, end } = this;
		if (this.peek() !== QUOTE) return this.nstring()?.toLowerCase() ?? '';
		const start = this.at + 1;
		let at = start;
		while (at < end && ((classes[buffer[at] as number] as number) & ENDS_WORD) === 0) at++;
		if (at === start || at >= end || buffer[at] !== QUOTE) return this.quoted().toLowerCase();
		this.at = at + 1;
		return intern(buffer, start, at).lower;
	}

	/** `nstring` as octets, a view of the response; null for NIL, empty where nothing stands. */
	nbytes(): Buffer | null {
		if (this.atLiteral) return this.literal();
		if (this.done || this.peek() === CLOSE) return this.buffer.subarray(this.at, this.at);
		if (this.peek() === QUOTE) {
			const start = this.at + 1;
			const value = this.quoted();
			const stop = this.at - 1;
			const raw = this.buffer.subarray(start, stop);
			return raw.includes(BACKSLASH) ? Buffer.from(value, isUtf8(raw) ? 'utf8' : 'latin1') : raw;
		}
		if (this.nil()) return null;
		throw this.expected('a string or NIL');
	}

	private quoted(): string {
		const { buffer, end } = this;
		const start = this.at + 1;
		let at = start;
		let high = 0;
		let hash = 0;
		let escaped = false;
		for (; ; at++) {
			if (at >= end) throw this.expected('a closing quote');
			const byte = buffer[at] as number;
			if (byte === QUOTE) break;
			high |= byte;
			hash = hashed(hash, byte);
			if (byte === BACKSLASH) {
				escaped = true;
				at++;
			}
		}
		this.at = at + 1;
		if (at === start) return '';
		if (at - start <= LONGEST_RECURRING && high < 0x80 && !escaped)
			return internText(buffer, start, at, hash);
		const value = high < 0x80 ? latin1(buffer, start, at) : utf8OrLatin1(buffer, start, at);
		return escaped ? value.replace(/\\([\s\S])/g, '$1') : value;
	}

	/** Whether a literal is next, or a literal8 (`~{n}`); a `~` alone begins an atom. */
	get atLiteral(): boolean {
		const byte = this.peek();
		return byte === OPEN_BRACE || (byte === TILDE && this.buffer[this.at + 1] === OPEN_BRACE);
	}

	/** The octets of a literal that is in the buffer. */
	literal(): Buffer {
		const size = this.literalSize();
		if (size > this.end - this.at) throw this.expected(`${size} octets of a literal`);
		const start = this.at;
		this.at += size;
		return this.buffer.subarray(start, this.at);
	}

	/** Reads `{n}` CRLF and leaves off where the octets begin. */
	literalSize(): number {
		this.take(TILDE);
		this.expect(OPEN_BRACE);
		const size = this.number();
		this.take(PLUS);
		this.expect(CLOSE_BRACE);
		this.expect(CR);
		this.expect(LF);
		return size;
	}

	/** Whether what is next is a literal whose octets are not in the buffer: it is being streamed. */
	get atStreamedLiteral(): boolean {
		if (!this.atLiteral) return false;
		const mark = this.at;
		const size = this.literalSize();
		const streamed = this.at === this.end && size > 0;
		this.at = mark;
		return streamed;
	}

	/**
	 * Passes over one value of any kind, without recursion and without a limit to its depth.
	 * @throws Imap4AbortError PROTOCOL if its end cannot be found
	 */
	skipValue(): void {
		let depth = 0;
		do {
			this.skipSpaces();
			const byte = this.peek();
			if (byte === OPEN) {
				this.at++;
				depth++;
			} else if (byte === CLOSE) {
				// A value that is missing ends where the list around it ends.
				if (depth === 0) return;
				this.at++;
				depth--;
			} else if (byte === QUOTE) this.quoted();
			else if (this.atLiteral) this.literal();
			else this.word(ENDS_ATOM);
		} while (depth > 0);
	}

	/** Whether the next byte comes once more in the response. */
	hasAnother(byte: number): boolean {
		const next = this.buffer.indexOf(byte, this.at + 1);
		return next >= 0 && next < this.end;
	}

	/** Whether a quoted string or a literal is next, whose end is beyond doubt. */
	get atDelimited(): boolean {
		return this.peek() === QUOTE || this.atLiteral;
	}

	/** How many parentheses are open; with {@link at}, a place to come back to with {@link reset}. */
	get level(): number {
		return this.depth;
	}

	/** Goes back to where `at` and `level` were these. */
	reset(at: number, level: number): void {
		this.at = at;
		this.depth = level;
	}

	/** Enters a parenthesised list. Pair it with {@link leave}. */
	enter(): void {
		this.expect(OPEN);
		this.deepen();
		this.skipSpaces();
	}

	/** Takes the closing parenthesis if it is next. */
	leave(): boolean {
		this.skipSpaces();
		if (!this.take(CLOSE)) return false;
		this.depth--;
		return true;
	}

	private deepen(): void {
		if (++this.depth > this.maxDepth) {
			throw new Imap4AbortError(
				'LIMIT',
				`The server nested parentheses more than ${this.maxDepth} deep, more than this client accepts`,
			);
		}
	}

	/** `(` item * `)`, items separated by spaces. */
	list<Item>(item: () => Item): Item[] {
		const items: Item[] = [];
		this.enter();
		while (!this.leave()) {
			const before = this.at;
			items.push(item());
			if (this.at === before) throw this.expected('an item of a list');
		}
		return items;
	}

	/** A list, or NIL for an empty one. */
	nlist<Item>(item: () => Item): Item[] {
		return this.nil() ? [] : this.list(item);
	}

	/** Any value, for responses and items without a reader of their own. */
	token(): Token {
		this.skipSpaces();
		const byte = this.peek();
		if (byte === OPEN) return this.list(() => this.token());
		if (byte === QUOTE || this.atLiteral) return this.string();
		if (this.nil()) return null;
		return this.atom().text;
	}

	/** Bytes of any kind up to a blank, or to the closing bracket of a response code, as a word. */
	untilBlank(isCode: boolean): Word {
		const { buffer, at: start, end } = this;
		let at = start;
		let all = 0;
		let hash = 0;
		for (; at < end; at++) {
			const byte = buffer[at] as number;
			if (byte === SPACE || byte === TAB || (isCode && byte === CLOSE_BRACKET)) break;
			all |= byte;
			hash = hashed(hash, byte);
		}
		this.at = at;
		if (all < 0x80) return internHashed(buffer, start, at, hash);
		return wordOf(utf8OrLatin1(buffer, start, at));
	}

	/** All tokens up to the end of the response. */
	tokens(): Token[] {
		const tokens: Token[] = [];
		for (this.skipSpaces(); !this.done; this.skipSpaces()) tokens.push(this.token());
		return tokens;
	}

	/** The rest of the line as text. */
	rest(): string {
		const start = this.at;
		this.at = this.end;
		return utf8OrLatin1(this.buffer, start, this.end);
	}

	expected(what: string): Imap4AbortError {
		return new Imap4AbortError(
			'PROTOCOL',
			`The server sent a response that cannot be read: expected ${what} at octet ${this.at}`,
		);
	}
}
