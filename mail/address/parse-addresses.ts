/**
 * Address lists from header fields (RFC 5322 §3.4), as senders write them: without brackets, with names
 * that are not quoted, separated by semicolons, or with no address at all.
 */
import { trimWhitespace } from '../header/whitespace';
import { decodeWords } from '../header/encoded-words';
import { textOfBytes } from '../header/header-text';
import { endOfQuotes } from '../header/quotes';
import { withoutTrailing } from '../trailing';
import type { MailAddress } from './mailbox-address';

/** Bytes of a field that are looked at: some five thousand addresses. */
const LONGEST = 160 * 1024;

type Likely = readonly (string | null | undefined)[];

/**
 * @param value latin1, unfolded
 * @param likely charsets for bytes beyond ASCII that are not UTF-8
 */
export function parseAddresses(value: string, likely: Likely = []): MailAddress[] {
	const found: MailAddress[] = [];
	const text = value.slice(0, LONGEST);
	let group: string | undefined;
	let members = 0;
	let one = new Pieces();
	/** What stood before a comma that may be part of a name. */
	let before: string | undefined;
	const finish = (by?: string): void => {
		const addresses = one.addresses(likely);
		const surname = before;
		before = by === ',' ? one.surname : undefined;
		const [first] = addresses;
		if (surname !== undefined && one.isNamed && first) {
			found.pop();
			first.name = `${decodeWords(surname, likely)}, ${first.name}`;
		} else members += addresses.length;
		one = new Pieces();
		found.push(...addresses.map((each) => (group === undefined ? each : { ...each, group })));
	};
	const closeGroup = (): void => {
		if (group !== undefined && members === 0) found.push({ name: '', address: '', group });
		group = undefined;
	};
	/** The last one: behind it no group ends. */
	const semicolon = text.lastIndexOf(';');
	let unclosedQuote = false;
	let unclosedComment = false;
	for (let at = 0; at < text.length; at++) {
		const character = text[at] as string;
		if (character === '"' && !unclosedQuote) {
			const end = endOfQuotes(text, at);
			if (end < 0) unclosedQuote = true;
			else {
				one.quoted(text.slice(at + 1, end), text[end + 1] === '@');
				at = end;
			}
		} else if (character === '(' && !unclosedComment) {
			const end = endOfComment(text, at);
			if (end < 0) unclosedComment = true;
			else {
				one.comment(text.slice(at + 1, end));
				at = end;
			}
		} else if (character === '<') {
			const { end, last } = endOfAngle(text, at);
			one.angle(text.slice(at + 1, end));
			at = last;
		} else if (character === ',' || character === ';') {
			finish(character);
			if (character === ';') closeGroup();
		} else if (character === ':' && one.canBeGroup && !isInName(text, at, semicolon)) {
			closeGroup();
			group = one.name(likely);
			before = undefined;
			members = 0;
			one = new Pieces();
		} else {
			const piece =
				(character === '=' && pieceAt(WORD, text, at)) ||
				(character === ESC && pieceAt(ESCAPED, text, at)) ||
				pieceAt(PLAIN, text, at) ||
				character;
			one.text(piece);
			at += piece.length - 1;
		}
	}
	if (text.length === value.length || found.length === 0) finish();
	// Where the field is cut, the last address is cut as well, and what stands before it may be half of its name.
	else if (before !== undefined) found.pop();
	closeGroup();
	return found;
}

/** A name in front of an address, on its way to the bracket. */
const NAME = /:[^"(<,;:=@]{0,100}[^"(<,;:=@ \t\r\n]\s{0,10}</y;

/** Whether a colon is part of a name without quotes, as in `Support 24:7 <a@example.com>`: no group ends behind it. */
function isInName(text: string, at: number, lastSemicolon: number): boolean {
	NAME.lastIndex = at;
	return lastSemicolon < at && NAME.test(text);
}

/** An encoded word is one piece, whatever commas it wrongly holds. */
const WORD = /=\?[^?\s]{1,60}\?[bBqQ]\?[^?<>"]{0,2000}\?=/y;
const ESC = '\x1b';
/** Japanese in seven bits (RFC 1468), whose bytes look like quotes and brackets. */
const ESCAPED = /\x1b\$[@B][^\x1b]{0,2000}\x1b\([BJ]/y;
/** Text up to the next character that may mean something. */
const PLAIN = /[^"(<,;:=\x1b]+/y;

function pieceAt(form: RegExp, text: string, at: number): string | undefined {
	form.lastIndex = at;
	return form.exec(text)?.[0];
}

/** Comments are nested (RFC 5322 §3.2.2). */
function endOfComment(text: string, from: number): number {
	let depth = 0;
	for (let at = from; at < text.length; at++) {
		if (text[at] === '\\') at++;
		else if (text[at] === '(') depth++;
		else if (text[at] === ')' && --depth === 0) return at;
	}
	return -1;
}

/**
 * The closing bracket; where it is missing, the end of the entry.
 * @returns the end of the content, and the last character that belongs to it
 */
function endOfAngle(text: string, from: number): { end: number; last: number } {
	for (let at = from + 1; at < text.length; at++) {
		const character = text[at];
		if (character === '>') {
			let last = at;
			while (text[last + 1] === '>') last++;
			return { end: last, last };
		}
		if (character === '"') {
			const end = endOfQuotes(text.slice(at, at + 500), 0);
			if (end > 0) at += end;
		} else if (character === ';') return { end: at, last: at - 1 };
		// A route has commas.
		else if (character === ',' && text[from + 1] !== '@') return { end: at, last: at - 1 };
		if (at - from > 2000) break;
	}
	const end = Math.min(text.length, from + 2000);
	return { end, last: end };
}

/** A backslash before a byte beyond ASCII does not escape it: it is the second byte of a character of Big5 or Shift_JIS. */
const withoutEscapes = (quoted: string): string => quoted.replace(/\\([\0-\x7f])/g, '$1');

/** What there is of one address until its end. */
class Pieces {
	private phrase = '';
	private comments = '';
	private inAngle: string | undefined;
	private hasQuotes = false;
	private hasAt = false;

	text(piece: string): void {
		this.hasAt ||= piece.includes('@');
		this.phrase += piece;
	}

	/** @param isLocalPart whether it stands before an `@`, as in `"a b"@example.com` */
	quoted(content: string, isLocalPart: boolean): void {
		this.hasQuotes ||= !isLocalPart;
		this.hasAt ||= content.includes('@');
		this.phrase += isLocalPart ? `"${content}"` : withoutEscapes(content);
	}

	comment(content: string): void {
		this.comments += ` ${withoutEscapes(content)}`;
		this.phrase += ' ';
	}

	angle(content: string): void {
		this.inAngle ??= content;
	}

	/** A colon makes a group of a name, not of an address or of `mailto:`. */
	get canBeGroup(): boolean {
		// First what a row of colons leaves as it is: else all of the phrase is looked at for each of them.
		if (this.inAngle !== undefined || this.hasAt) return false;
		const phrase = trimWhitespace(this.phrase);
		return (phrase !== '' || this.hasQuotes) && !/^mailto$/i.test(phrase);
	}

	name(likely: Likely): string {
		return decodeWords(this.phrase, likely).replace(/\s+/g, ' ').trim();
	}

	/** Whether it is a name with an address in angle brackets. */
	get isNamed(): boolean {
		return this.inAngle !== undefined && trimWhitespace(this.phrase) !== '';
	}

	/**
	 * What may be the first half of `Doe, John <john@example.com>`, which should have been in quotes. A word in
	 * lower case is rather a mailbox of the sender's own system, such as `root`.
	 */
	get surname(): string | undefined {
		const phrase = trimWhitespace(this.phrase);
		const isName = this.inAngle === undefined && !this.hasQuotes && !phrase.includes('@');
		return isName && /[A-Z\x80-\xff]/.test(phrase) && phrase.length < 100 ? phrase : undefined;
	}

	/** One, or those that nothing but space separates. */
	addresses(likely: Likely): MailAddress[] {
		const words = this.inAngle === undefined && !this.hasQuotes ? this.words : [];
		const isList =
			words.length > 1 &&
			words.every((word) => /^[^ \t\r\n\v\f"<>@]+@[^ \t\r\n\v\f"<>@]+$/.test(word));
		if (isList) return words.map((word) => ({ name: '', address: plainAddress(word) }));
		const address = this.address(likely);
		return address ? [address] : [];
	}

	private get words(): string[] {
		const phrase = trimWhitespace(this.phrase);
		return phrase.length > 5000 ? [] : phrase.split(/[ \t\r\n\v\f]+/);
	}

	private address(likely: Likely): MailAddress | undefined {
		if (this.inAngle !== undefined) {
			const address = plainAddress(this.inAngle);
			const name = this.name(likely) || this.fromComments(likely);
			return name === '' && address === '' ? undefined : { name: unquoted(name), address };
		}
		// Some forget the opening bracket.
		const words = trimWhitespace(
			withoutTrailing(this.phrase.replace(/[ \t\r\n\v\f]+/g, ' '), '> '),
		);
		// RFC 5322 §4.4: space around the @ is obsolete.
		const isSpaced = /^[^ @]+(?: \. [^ @]+)* ?@ ?[^ @]+(?: \. [^ @]+)*$/.test(words.slice(0, 500));
		const phrase = isSpaced ? words.replace(/ /g, '') : words;
		if (phrase === '') {
			const name = this.fromComments(likely);
			return name === '' ? undefined : { name, address: '' };
		}
		const written = /(?:"(?:[^"\\]|\\.)*"|(?<![^ "])[^ "]+)@[^ "]+/.exec(
			phrase.length > 5000 ? '' : phrase,
		)?.[0];
		if (written !== undefined && !this.hasQuotes) {
			const rest = phrase.replace(written, ' ');
			const name = decodeWords(rest, likely).trim() || this.fromComments(likely);
			return { name, address: plainAddress(written) };
		}
		if (this.hasQuotes || phrase.includes(' ') || phrase.includes('=?')) {
			return this.inName(this.name(likely));
		}
		return { name: this.fromComments(likely), address: plainAddress(phrase) };
	}

	/** Some encode, or put into quotes, all of `Anna <anna@example.com>`. */
	private inName(whole: string): MailAddress {
		const [, name = '', address] = IN_NAME.exec(whole.slice(-1000)) ?? [];
		return address === undefined ? { name: whole, address: '' } : { name: name.trim(), address };
	}

	private fromComments(likely: Likely): string {
		return decodeWords(this.comments, likely).replace(/\s+/g, ' ').trim();
	}
}

/** An address at the end of a name. */
const IN_NAME = /^([^<>@]*)<([^\s<>@"]{1,200}@[^\s<>@"]{1,250})>$/;

/** Quotes that came out of an encoded word, or were escaped, around all of the name. */
const unquoted = (name: string): string => /^'([^']+)'$/.exec(name)?.[1] ?? name;

function plainAddress(written: string): string {
	const bare = withoutTrailing(trimWhitespace(written).replace(/^<+/, ''), '>');
	const all = /^'([^'@]+@[^'@]+)'$/.exec(bare)?.[1] ?? bare;
	const plain = (all.startsWith('"') ? all : all.replace(/\([^()]*\)/g, ''))
		.replace(/^mailto:/i, '')
		// Source routes have been obsolete since 1989 (RFC 5322 §4.4).
		.replace(/^@[^:]{1,500}:/, '');
	const text = plain.includes('=?') ? decodeWords(plain) : textOfBytes(plain);
	return text.startsWith('"') ? text : text.replace(/[\s\0-\x1f\x7f]+/g, '');
}
