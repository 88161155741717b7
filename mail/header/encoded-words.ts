/**
 * Encoded words (RFC 2047), decoded from bytes. Senders split characters between two words, write
 * question marks, spaces and raw bytes into them, and name wrong charsets.
 */
import { decodeText } from '../charset/decode-text';
import { charsetNamed } from '../charset/labels';

/** A piece of a header field. */
interface Piece {
	bytes: Buffer;
	/** As claimed by an encoded word; undefined for text that is not one. */
	charset?: string;
	isWord: boolean;
	/** An encoded word that holds raw bytes, to which its charset need not apply. */
	isRaw?: boolean;
}

/** Bytes of a field that are decoded; one that needs no decoding is returned whole. */
const LONGEST = 192 * 1024;

/**
 * @param value the raw bytes of a field's value, each as one character (latin1), folded or not
 * @param likely charsets for bytes beyond ASCII that are not UTF-8: the body's
 * @returns one line of text
 */
export function decodeWords(
	value: string,
	likely: readonly (string | null | undefined)[] = [],
): string {
	if (!/[^\x20-\x7e]/.test(value) && !value.includes('=?')) return value.trim();
	const text = value
		.slice(0, LONGEST)
		.replace(/\r?\n[ \t]*|\r/g, (end) => (end.length > 1 ? ' ' : ' '));
	if (!text.includes('=?') && !/[^\x20-\x7e]/.test(text)) return text.trim();
	const decoded = joined(pieces(text)).map((piece) => {
		const claimed = piece.charset;
		if (!piece.isWord) return decodeText(piece.bytes, { likely });
		return piece.isRaw
			? decodeText(piece.bytes, { likely: [claimed, ...likely] })
			: decodeText(piece.bytes, { claimed, likely });
	});
	return oneLine(decoded.join(''));
}

/**
 * A decoded line end must not begin a new field where the text is used again. Some programs begin each word with
 * a byte order mark.
 */
const oneLine = (text: string): string =>
	text
		.replace(/[\r\n\u2028\u2029]+[ \t]*/g, ' ')
		.replace(/\t/g, ' ')
		.replace(/[\0-\x08\x0b-\x1f\x7f\ufeff]/g, '')
		.trim();

function pieces(text: string): Piece[] {
	const found: Piece[] = [];
	const endFrom = finder(text, '?=');
	let start = 0;
	let at = text.indexOf('=?');
	while (at >= 0) {
		const word = wordAt(text, at, endFrom);
		if (word) {
			if (at > start) found.push(raw(text.slice(start, at)));
			found.push(word.piece);
			start = word.end;
		}
		at = text.indexOf('=?', word ? word.end : at + 2);
	}
	if (start < text.length) found.push(raw(text.slice(start)));
	return found;
}

const raw = (text: string): Piece => ({ bytes: Buffer.from(text, 'latin1'), isWord: false });

const START = /=\?([^?\s"(),<>@]{0,60})\?([bBqQ])\?/y;

/** Like indexOf, where each search begins behind the one before: nothing is looked at twice. */
function finder(text: string, what: string): (from: number) => number {
	let found = 0;
	return (from) => {
		if (found >= 0 && found < from) found = text.indexOf(what, from);
		return found;
	};
}

function wordAt(
	text: string,
	at: number,
	endFrom: (from: number) => number,
): { piece: Piece; end: number } | undefined {
	START.lastIndex = at;
	const [start, charset, encoding] = START.exec(text) ?? [];
	if (start === undefined || encoding === undefined) return undefined;
	const from = at + start.length;
	const isBase64 = encoding.toLowerCase() === 'b';
	const first = endFrom(from);
	const end = isBase64 || first < 0 ? first : endOfQ(text, from, first);
	if (end < 0) return undefined;
	const content = text.slice(from, end);
	// Another word begins in it: this one was never ended.
	if (content.includes('=?') && /=\?[^?\s]{1,60}\?[bBqQ]\?/.test(content)) return undefined;
	const bytes = isBase64 ? fromBase64(content) : fromQ(content);
	const isRaw = !isBase64 && /[\x80-\xff]/.test(content);
	return { piece: { bytes, charset, isWord: true, isRaw }, end: end + 2 };
}

/** A question mark may be part of the word: `?=` ends it unless a hexadecimal code goes on behind it. */
function endOfQ(text: string, from: number, first: number): number {
	const next = text.indexOf('=?', from);
	let end = first;
	while (end >= 0 && /^\?=[0-9A-F]{2}/.test(text.slice(end, end + 4))) {
		const later = text.indexOf('?=', end + 2);
		if (later < 0 || (next >= end + 2 && later > next)) return end;
		if (/[ \t\r\n\v\f]/.test(text.slice(end, later))) return end;
		end = later;
	}
	return end;
}

function fromBase64(content: string): Buffer {
	const runs = content.replace(/[^A-Za-z0-9+/=_-]/g, '').match(/[^=]+/g) ?? [];
	return Buffer.concat(runs.map((run) => Buffer.from(run, 'base64')));
}

function fromQ(content: string): Buffer {
	const plain = content
		.replace(/_/g, ' ')
		.replace(/=([0-9A-Fa-f]{2})/g, (_code, hex: string) => String.fromCharCode(parseInt(hex, 16)));
	return Buffer.from(plain, 'latin1');
}

/** Space between two words does not count (RFC 2047 §6.2); words of one charset are decoded as one. */
function joined(all: readonly Piece[]): Piece[] {
	const found: (Piece & { parts: Buffer[] })[] = [];
	for (const [index, piece] of all.entries()) {
		const [before, after] = [all[index - 1], all[index + 1]];
		const isGap = !piece.isWord && /^[ \t\r\n\v\f]+$/.test(piece.bytes.toString('latin1'));
		if (isGap && before?.isWord && after?.isWord) continue;
		const last = found.at(-1);
		const isOne =
			piece.isWord && last?.isWord && charsetNamed(last.charset) === charsetNamed(piece.charset);
		if (!isOne) found.push({ ...piece, parts: [piece.bytes] });
		else {
			last.parts.push(piece.bytes);
			last.isRaw = (last.isRaw ?? false) || (piece.isRaw ?? false);
		}
	}
	return found.map(({ parts, ...piece }) => ({ ...piece, bytes: Buffer.concat(parts) }));
}
