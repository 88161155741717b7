/**
 * The one rule for file names: of attachments, of files inside of them, of whole messages. A name is
 * data from a stranger: it is decoded once, leads into no folder, shows what it is, and fits every file system.
 */
import { decodeText } from './charset/decode-text';
import { charsetNamed } from './charset/labels';
import { decodeWords } from './header/encoded-words';
import { utf8Bytes } from './header/header-text';
import { extensionOf } from './media-types';
import { withoutTrailing } from './trailing';

/** What a part says about its name. */
export interface NamedPart {
	part: string;
	type: string;
	subtype: string;
	parameters: Readonly<Record<string, string>>;
	disposition: { type: string; parameters: Readonly<Record<string, string>> } | null;
	/** Content-ID. */
	id?: string | null;
	/** Charsets of the message's texts, for a name that names none. */
	charsets?: readonly string[];
}

/** Bytes of a name in UTF-8: what most file systems take. */
const LONGEST = 255;
/** Characters at either end of a name that are looked at; its middle says nothing. */
const LOOKED_AT = 2048;

/** The file name that the sender gave a part; undefined if there is none that can be used. */
export function givenFileName(part: NamedPart): string | undefined {
	const { disposition, parameters, charsets } = part;
	const named = (from: Readonly<Record<string, string>> = {}, name: string): string | undefined =>
		safeFileName(parameterText(from, name, charsets));
	// An empty or useless filename is followed by what other programs read: the type's name.
	return (
		named(disposition?.parameters, 'filename') ??
		named(parameters, 'name') ??
		named(parameters, 'filename') ??
		// Only form-data has this parameter by right, as the name of a field.
		(disposition?.type === 'form-data' ? undefined : named(disposition?.parameters, 'name'))
	);
}

/** A file name in any case: the sender's, else one made of the part's number and media type. */
export function fileName(part: NamedPart): string {
	const given = givenFileName(part);
	if (given !== undefined) return given;
	const number = part.part === '' ? '' : `-${part.part}`;
	return `part${number}.${extensionOf(mimeType(part))}`;
}

/** Media type in lower case, e.g. `image/png`. */
export function mimeType({ type, subtype }: { type: string; subtype: string }): string {
	return `${type || 'application'}/${subtype || 'octet-stream'}`;
}

/** Folders, as Unix, Windows and macOS write them. */
const FOLDERS = /^.*[/\\]/s;
/** Control characters, and what can't be seen: marks that turn the direction round, zero-width characters. */
export const INVISIBLE = /[\p{Cc}\p{Cf}\u115f\u1160\u3164\uffa0\u2800\u034f]/gu;
/** Names that Windows keeps for devices, whatever their extension. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])\s*(?:\.|$)/i;

export const isDevice = (name: string): boolean => DEVICE.test(name);

/** @returns the name as it can be saved, or undefined if nothing is left of it */
export function safeFileName(name: string | undefined): string | undefined {
	if (name === undefined) return undefined;
	const ends =
		name.length > 2 * LOOKED_AT ? name.slice(0, LOOKED_AT) + name.slice(-LOOKED_AT) : name;
	const shown = ends
		.toWellFormed()
		// Macs write "ü" as two characters, which no other program compares as equal.
		.normalize('NFC')
		.replace(FOLDERS, '')
		.replace(INVISIBLE, '')
		// Windows hides what stands behind a colon, as a stream of the file.
		.replace(/:/g, '_')
		// A row of spaces pushes the extension out of sight.
		.replace(/\s+/g, ' ')
		.replace(/^ /, '');
	// Windows drops what trails.
	const plain = withoutTrailing(shown, ' .');
	if (/^[._]*$/.test(plain)) return undefined;
	return shortened(isDevice(plain) ? `_${plain}` : plain);
}

/** A name that fits file systems: cut where it is too long, with its extension. */
export function shortened(name: string): string {
	if (Buffer.byteLength(name) <= LONGEST) return name;
	const extension = /\.[^. ]{1,15}$/.exec(name)?.[0] ?? '';
	const stem = name.slice(0, name.length - extension.length);
	return cutBytes(stem, LONGEST - Buffer.byteLength(extension)).replace(/[ .]+$/, '') + extension;
}

function cutBytes(text: string, most: number): string {
	const bytes = Buffer.from(text).subarray(0, most);
	let end = bytes.length;
	// Not in the middle of a character: those that go on begin with the bits 10.
	if (Buffer.byteLength(text) > most)
		while (end > 0 && ((Buffer.from(text)[end] ?? 0) & 0xc0) === 0x80) end--;
	return bytes.subarray(0, end).toString();
}

/** One of the pieces of a parameter that is split or encoded (RFC 2231 §3, §4). */
interface Piece {
	index: number;
	value: string;
	isEncoded: boolean;
}

/**
 * Reads `filename`, and `filename*`, `filename*0*` … where the server hands them on as they came.
 * @param likely charsets for bytes beyond ASCII that are not UTF-8
 * @returns decoded, but not yet safe; undefined if there is none
 */
export function parameterText(
	parameters: Readonly<Record<string, string>>,
	name: string,
	likely: readonly string[] = [],
): string | undefined {
	const pieces: Piece[] = [];
	let plain: string | undefined;
	for (const [key, value] of Object.entries(parameters)) {
		if (key === name) plain = value;
		if (!key.startsWith(`${name}*`)) continue;
		const [whole, index, star] = /^\*(\d{1,4})?(\*)?$/.exec(key.slice(name.length)) ?? [];
		if (whole === undefined) continue;
		const isEncoded = star !== undefined || index === undefined;
		pieces.push({ index: Number(index ?? 0), value: parameterBytes(value), isEncoded });
	}
	const extended = pieces.length > 0 ? joinedPieces(pieces, likely) : undefined;
	if (extended !== undefined && extended !== '') return extended;
	// Control characters are no part of a name; a line end within it comes from folding.
	return plain === undefined
		? undefined
		: decodeWords(withoutControls(parameterBytes(plain)), likely);
}

/** The bytes of a value, each as one character: it comes as such from a header, and from the engine also as text. */
const parameterBytes = (value: string): string =>
	/[^\0-\xff]/.test(value) ? utf8Bytes(value) : value;

/** Those of Japanese in seven bits stay, of which decoding leaves none. */
const withoutControls = (text: string): string =>
	text.replace(/[\0-\x1a\x1c-\x1f\x7f]|\x1b(?![$(])/g, '');

function joinedPieces(pieces: Piece[], likely: readonly string[]): string {
	const inOrder = pieces.sort((a, b) => a.index - b.index);
	if (!inOrder.some(({ isEncoded }) => isEncoded)) {
		// Encoded words cut into pieces: forbidden, and usual.
		return decodeWords(withoutControls(inOrder.map(({ value }) => value).join('')), likely);
	}
	const [start = '', charset] = charsetPrefix(inOrder[0]);
	const bytes = inOrder.map(({ value, isEncoded }) => {
		if (!isEncoded) return Buffer.from(value, 'latin1');
		// Some repeat it in each piece.
		return percentDecoded(value.startsWith(start) ? value.slice(start.length) : value);
	});
	const all = Buffer.concat(bytes);
	// Some put an encoded word where percent signs belong.
	const written = all.toString('latin1');
	return /=\?[^?]+\?[bq]\?/i.test(written)
		? decodeWords(written)
		: decodeText(all, { claimed: charset, likely });
}

/** What names the charset: `utf-8'en'`, of which some leave out the language and its quote. */
function charsetPrefix(first: Piece | undefined): readonly string[] {
	if (!first?.isEncoded) return [];
	const full = /^([^']{0,60})'[^']{0,60}'/.exec(first.value);
	if (full) return full;
	const short = /^([^'%]{1,60})'/.exec(first.value);
	return short && charsetNamed(short[1]) !== undefined ? short : [];
}

function percentDecoded(value: string): Buffer {
	const text = value.replace(/%([0-9A-Fa-f]{2})/g, (_code, hex: string) =>
		String.fromCharCode(parseInt(hex, 16)),
	);
	return Buffer.from(text, 'latin1');
}

/**
 * Whether a server may have cut the name of this part, so that the part's own header is worth reading:
 * many take an unquoted name to end at its first space.
 */
export function mayBeCut(part: NamedPart): boolean {
	const known = { ...part.parameters, ...part.disposition?.parameters };
	const keys = Object.keys(known).filter((key) => /^(?:file)?name(?:\*|$)/.test(key));
	if (keys.length === 0) return mayLackName(part);
	const given = givenFileName(part);
	// A quote that is not closed.
	if (given?.startsWith('"') === true) return true;
	// A Windows path whose backslashes the server took for escapes.
	if (given !== undefined && /^[A-Z]_[^_ ]/i.test(given)) return true;
	return given === undefined || !/\.[A-Za-z][A-Za-z0-9]{0,9}$|\.7z$|\.3gp$|\.mp[34]$/.test(given);
}

/** A disposition that is not written well is dropped by servers, or returned as it is, and the name with it. */
function mayLackName({ type, disposition, id }: NamedPart): boolean {
	if (disposition) return disposition.type !== 'inline';
	// Texts, attached messages and embedded images usually have neither.
	return (id ?? null) === null && !/^(?:text|message|multipart)$/.test(type);
}
