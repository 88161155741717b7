import { Imap4Error } from '../errors';
import { parseInternalDate } from './internal-date';
import type { SearchQuery } from './search-key';

/** Depth of parentheses, NOT and OR. */
const DEEPEST = 50;

const FLAGS = ['answered', 'deleted', 'draft', 'flagged', 'seen'] as const;

/** Keys without an argument. */
const PLAIN = new Map<string, SearchQuery>([
	['ALL', { all: true }],
	['NEW', { new: true }],
	['OLD', { old: true }],
	['RECENT', { recent: true }],
	...FLAGS.flatMap((name): [string, SearchQuery][] => [
		[name.toUpperCase(), { [name]: true }],
		[`UN${name.toUpperCase()}`, { [name]: false }],
	]),
]);

/** Keys with one argument. */
const WITH_ARGUMENT = new Map<string, (argument: string) => SearchQuery>([
	...(['from', 'to', 'cc', 'bcc', 'subject', 'body', 'text', 'keyword', 'uid'] as const).map(
		(name): [string, (argument: string) => SearchQuery] => [
			name.toUpperCase(),
			(argument) => ({ [name]: argument }),
		],
	),
	...(['since', 'before', 'on', 'sentSince', 'sentBefore', 'sentOn'] as const).map(
		(name): [string, (argument: string) => SearchQuery] => [
			name.toUpperCase(),
			(argument) => ({ [name]: day(argument) }),
		],
	),
	...(['larger', 'smaller', 'younger', 'older'] as const).map(
		(name): [string, (argument: string) => SearchQuery] => [
			name.toUpperCase(),
			(argument) => ({ [name]: Number(digits(argument)) }),
		],
	),
	['UNKEYWORD', (argument) => ({ notKeyword: argument })],
	['MODSEQ', (argument) => ({ modSeq: BigInt(digits(argument)) })],
	['X-GM-RAW', (argument) => ({ gmailRaw: argument })],
]);

/**
 * Reads a search as RFC 9051 §6.4.4 writes it, e.g. `UNSEEN (OR FROM ann SUBJECT "to do") SINCE
 * 1-Feb-2020`, into values that are checked and written again. Texts are Unicode: no CHARSET, no
 * literals.
 * @throws Imap4Error ARGUMENT that says where the text is not a search
 * @example
 * const uids = await mailbox.search(parseSearch('UNSEEN OR FROM "Ann" FROM "Bob"'));
 */
export function parseSearch(text: string): SearchQuery {
	const words = new Words(text);
	const query = keys(words, 0);
	if (!words.done) throw words.wrong('a closing parenthesis too many');
	return query;
}

/** Keys that must all hold, up to the end or a closing parenthesis. */
function keys(words: Words, depth: number): SearchQuery {
	const all: SearchQuery[] = [];
	while (!words.done && words.ahead() !== ')') all.push(key(words, depth));
	if (all.length === 0) throw words.wrong('a search key is missing');
	return all.length === 1 ? (all[0] as SearchQuery) : { and: all };
}

function key(words: Words, depth: number): SearchQuery {
	if (depth > DEEPEST) throw words.wrong(`more than ${DEEPEST} levels deep`);
	if (words.ahead() === '(') {
		words.skip();
		const query = keys(words, depth + 1);
		if (words.ahead() !== ')') throw words.wrong('a closing parenthesis is missing');
		words.skip();
		return query;
	}
	const word = words.atom();
	const name = word.toUpperCase();
	if (name === 'NOT') return { not: key(words, depth + 1) };
	if (name === 'OR') return { or: [key(words, depth + 1), key(words, depth + 1)] };
	if (name === 'HEADER') return { header: { [words.string()]: words.string() } };
	const plain = PLAIN.get(name);
	if (plain) return plain;
	const make = WITH_ARGUMENT.get(name);
	if (make) return make(words.string());
	if (/^[\d*$]/.test(word)) return { seq: word };
	throw words.wrong(`"${word.slice(0, 40)}" is not a search key`);
}

function day(text: string): string {
	const moment = parseInternalDate(`${text} 00:00:00`);
	// Dates take 30 February for 2 March.
	if (!moment || moment.date.getUTCDate() !== Number.parseInt(text, 10)) {
		throw new Imap4Error('ARGUMENT', `"${text.slice(0, 40)}" is not a date of the form 1-Feb-2020`);
	}
	return moment.date.toISOString().slice(0, 10);
}

function digits(text: string): string {
	if (/^\d{1,19}$/.test(text)) return text;
	throw new Imap4Error('ARGUMENT', `"${text.slice(0, 40)}" is not a number`);
}

/** The words of a search, one after the other. */
class Words {
	private at = 0;

	constructor(private readonly text: string) {
		this.skipSpaces();
	}

	get done(): boolean {
		return this.at === this.text.length;
	}

	/** The next character; empty at the end. */
	ahead(): string {
		return this.text.charAt(this.at);
	}

	skip(): void {
		this.at++;
		this.skipSpaces();
	}

	atom(): string {
		return this.take(/[^\s()"]+/y) ?? this.missing('a search key');
	}

	/** A quoted string, or a word. */
	string(): string {
		const quoted = this.take(/"(?:[^"\\\r\n]|\\["\\])*"/y);
		if (quoted !== undefined) return quoted.slice(1, -1).replace(/\\(.)/g, '$1');
		return this.take(/[^\s()"]+/y) ?? this.missing('a text');
	}

	wrong(what: string): Imap4Error {
		const near = this.text.slice(this.at, this.at + 30);
		const where = near === '' ? 'at its end' : `at "${near}"`;
		return new Imap4Error('ARGUMENT', `The search cannot be read ${where}: ${what}`);
	}

	private missing(what: string): never {
		throw this.wrong(`${what} is missing`);
	}

	private take(pattern: RegExp): string | undefined {
		pattern.lastIndex = this.at;
		const [found] = pattern.exec(this.text) ?? [];
		if (found === undefined) return undefined;
		this.at += found.length;
		this.skipSpaces();
		return found;
	}

	private skipSpaces(): void {
		while (/\s/.test(this.ahead())) this.at++;
	}
}
