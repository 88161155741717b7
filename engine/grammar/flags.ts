import { Imap4Error } from '../errors';
import { intern, type Word } from '../wire/intern';
import type { Reader } from '../wire/reader';

// eslint-disable-next-line no-control-regex -- RFC 9051 `atom-specials` names CTL
const FLAG = /^\\?[^\x00-\x20\x7f-\uffff(){%*"\\]+$/;

export interface FlagOptions {
	/** Whether a word ends a list that has no closing parenthesis. */
	isEnd?: (upper: string) => boolean;
	/** Called for a quoted string that no flag can be. */
	onOdd?: (reader: Reader) => void;
}

/**
 * Reads `(\Seen foo)`. Flags are kept as the server writes them; compare without case. What no flag can
 * be, e.g. a keyword with parentheses, is passed over.
 */
export function readFlags(reader: Reader, options: FlagOptions = {}): string[] {
	const stop = options.isEnd ? -1 : endOfPlainList(reader);
	if (stop < 0) return readAnyFlags(reader, options);
	const list = intern(reader.buffer, reader.at, stop);
	const known = lists.get(list);
	if (known) {
		reader.at = stop;
		return known.slice();
	}
	const flags = readAnyFlags(reader, options);
	if (reader.at === stop) lists.set(list, flags.slice());
	return flags;
}

/** Most messages of a mailbox have one of a few lists of flags, so each is read once while `intern` keeps it. */
const lists = new WeakMap<Word, readonly string[]>();
const LONGEST_LIST = 64;

/** Where a list ends in which no parenthesis can mean anything else; -1 if this is none, or a long one. */
function endOfPlainList({ buffer, at: start, end }: Reader): number {
	if (buffer[start] !== 0x28) return -1;
	const most = Math.min(end, start + LONGEST_LIST);
	for (let at = start + 1; at < most; at++) {
		const byte = buffer[at];
		if (byte === 0x29) return at + 1;
		if (byte === 0x28 || byte === 0x22 || byte === 0x7b) return -1;
	}
	return -1;
}

function readAnyFlags(reader: Reader, options: FlagOptions): string[] {
	const flags: string[] = [];
	if (reader.nil()) return flags;
	reader.enter();
	// Some servers write a pair of parentheses too many.
	let open = 1;
	for (; reader.peek() === 0x28; open++) reader.enter();
	for (;;) {
		if (reader.leave()) {
			open--;
			if (open === 0) return separated(flags);
		} else if (reader.done) return flags;
		else if (reader.peek() === 0x28) reader.skipValue();
		else if (!takeFlag(reader, flags, options)) return flags;
	}
}

/** Some servers separate flags by commas, which keywords may hold; system flags do not. */
function separated(flags: string[]): string[] {
	for (const flag of flags) {
		if (flag.startsWith('\\') && flag.includes(','))
			return flags.flatMap((one) => one.split(',')).filter((one) => one !== '');
	}
	// Copied, since a list that has grown has room for many more, for as long as it lives.
	return flags.length > 0 ? flags.slice() : flags;
}

/** Flags that a server wrote without parentheses, up to a word that is the end. */
export function readBareFlags(reader: Reader, options: FlagOptions = {}): string[] {
	const flags: string[] = [];
	while (!reader.done && reader.peek() !== 0x28 && reader.peek() !== 0x29) {
		if (!takeFlag(reader, flags, options)) break;
		reader.skipSpaces();
	}
	return separated(flags);
}

function takeFlag(reader: Reader, flags: string[], options: FlagOptions): boolean {
	if (reader.atDelimited) {
		const text = reader.string();
		if (FLAG.test(text)) flags.push(text);
		else options.onOdd?.(reader);
		return true;
	}
	const { at, level } = reader;
	const { text, upper } = reader.atom();
	if (options.isEnd?.(upper)) {
		reader.reset(at, level);
		return false;
	}
	flags.push(text);
	return true;
}

/**
 * The flags in a FETCH response line, e.g. `1 (FLAGS (\Seen foo) UID 3)`; imaplib's ParseFlags.
 * @returns an empty list where there are none
 */
export function parseFlags(line: string): string[] {
	const match = /\bFLAGS \(([^()]*)\)/i.exec(line);
	return match?.[1]?.split(/\s+/).filter((flag) => flag !== '') ?? [];
}

/**
 * @returns the flag, if it can be sent: an optional backslash and an atom (RFC 9051 `flag`).
 * Brackets are allowed, since `[test]` is a keyword that servers accept.
 * @throws Imap4Error ARGUMENT
 * @example
 * checkFlag('$Important'); // throws for 'two words'
 */
export function checkFlag(flag: string): string {
	if (!FLAG.test(flag)) {
		throw new Imap4Error(
			'ARGUMENT',
			`"${flag.slice(0, 80)}" cannot be a flag: use letters, digits and punctuation other than ( ) { % * " \\`,
		);
	}
	return flag;
}
