/**
 * Text from bytes whose charset is claimed, wrongly claimed or not named at all. One rule for bodies,
 * header fields, encoded words, parameters and file names: a byte order mark, UTF-8 if it is that, the
 * claimed charset if it loses nothing, what the surroundings suggest, windows-1252 last.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { nextTurn } from '../next-turn';
import { chunkDecoder, decodeAs } from './charset-decoder';
import { charsetNamed } from './labels';
import { utf8Share } from './utf8-share';

export interface CharsetHints {
	/** The label that the sender wrote. */
	claimed?: string | null;
	/** Charsets that are likely, where nothing is claimed or the claim is wrong: the body's, for a header. */
	likely?: readonly (string | null | undefined)[];
}

/** Bytes decoded at a time before other work gets its turn. */
const CHUNK = 128 * 1024;

/** A charset label, and the bytes without their byte order mark. */
interface Choice {
	charset: string;
	bytes: Buffer;
}

export function decodeText(bytes: Buffer, hints: CharsetHints = {}): string {
	const choice = chooseCharset(bytes, hints);
	return validUtf8(choice) ?? decodeAs(choice.bytes, choice.charset);
}

/** Text that is all UTF-8, which nearly all is: many times faster than the platform's decoder. */
function validUtf8({ bytes, charset }: Choice): string | undefined {
	if (charset !== 'utf-8') return undefined;
	if (isAscii(bytes)) return bytes.toString('latin1');
	return isUtf8(bytes) ? bytes.toString() : undefined;
}

/** The same for bytes of any size: other work gets its turn in between. */
export async function decodeLongText(all: Buffer, hints: CharsetHints = {}): Promise<string> {
	if (all.length <= CHUNK) return decodeText(all, hints);
	const choice = chooseCharset(all, hints);
	const whole = validUtf8(choice);
	if (whole !== undefined) return whole;
	const { bytes, charset } = choice;
	const decoder = chunkDecoder(charset);
	const pieces: string[] = [];
	for (let at = 0; at < bytes.length; at += CHUNK) {
		pieces.push(decoder.write(bytes.subarray(at, at + CHUNK)));
		await nextTurn();
	}
	pieces.push(decoder.end());
	return pieces.join('');
}

/** The name of the charset in which these bytes are to be read. */
function chooseCharset(bytes: Buffer, { claimed, likely = [] }: CharsetHints): Choice {
	const label = charsetNamed(claimed);
	const marked = byteOrderMark(bytes, label);
	if (marked) return marked;
	if (label?.startsWith('utf-16') === true || label?.startsWith('utf-32') === true) {
		return { bytes, charset: wideCharset(bytes, label) };
	}
	const sevenBit = sevenBitCharset(bytes, label);
	if (sevenBit !== undefined) return { bytes, charset: sevenBit };
	// From here on there are bytes beyond ASCII, none of them in a charset of seven bits.
	if (isSilent(label)) {
		const relatives = RELATIVES[label ?? ''] ?? [];
		return { bytes, charset: unclaimed(bytes, [...relatives, ...likely]) };
	}
	if (MULTI_BYTE.has(label)) {
		const isOther = isUtf8(bytes) && isSurelyUtf8(bytes, label);
		return { bytes, charset: isOther ? 'utf-8' : label };
	}
	if (!isUtf8(bytes) || isLossless(bytes, label)) return { bytes, charset: label };
	return { bytes, charset: 'utf-8' };
}

/** Claims that say no more than that it is text; "UTF-8" is one, since nothing else is tried before it. */
function isSilent(label: string | undefined): label is undefined | 'utf-8' | 'us-ascii' {
	return label === undefined || label === 'utf-8' || label === 'us-ascii' || SEVEN_BIT.has(label);
}

/** UTF-8 if it is, or if what isn't is the exception: a character cut in the middle. */
function unclaimed(bytes: Buffer, likely: CharsetHints['likely'] = []): string {
	if (isUtf8(bytes)) return 'utf-8';
	const { valid, invalid, isCut } = utf8Share(bytes);
	// Two bytes can be UTF-8 by chance: one character for it and one against it say nothing.
	const isMostly = invalid <= Math.max(1, valid / 4) && (invalid < valid || isCut);
	if (valid > 0 && isMostly) return 'utf-8';
	for (const one of likely) {
		const label = charsetNamed(one);
		if (
			label !== undefined &&
			!isSilent(label) &&
			!label.startsWith('utf-') &&
			isLossless(bytes, label)
		) {
			return label;
		}
	}
	return 'windows-1252';
}

const SEVEN_BIT = new Set(['iso-2022-jp', 'iso-2022-kr', 'iso-2022-cn', 'hz-gb-2312', 'utf-7']);
/** What is written under the name of a charset of seven bits where there are eight. */
const RELATIVES: Readonly<Partial<Record<string, readonly string[]>>> = {
	'iso-2022-jp': ['euc-jp', 'shift_jis'],
	'iso-2022-kr': ['euc-kr'],
	'iso-2022-cn': ['gb18030'],
};
const MULTI_BYTE = new Set(['gb18030', 'big5', 'euc-kr', 'shift_jis', 'euc-jp', 'johab']);

/** What has no byte beyond ASCII: ASCII itself, and charsets that escape from it. */
function sevenBitCharset(bytes: Buffer, label: string | undefined): string | undefined {
	const isPlain = isAscii(bytes);
	if (label !== undefined && SEVEN_BIT.has(label)) {
		// Some write half-width Kana in eight bits into ISO-2022-JP, and HZ allows GB 2312 as it is.
		return isPlain || label === 'hz-gb-2312' ? label : undefined;
	}
	if (!isPlain) return undefined;
	return escaped(bytes) ?? (label === undefined || label === 'us-ascii' ? 'utf-8' : label);
}

/** Senders leave the label out, or write another one: what the escape sequences of no other text say. */
function escaped(bytes: Buffer): string | undefined {
	const start = bytes.subarray(0, 65536);
	if (!start.includes(0x1b)) return undefined;
	const [, japanese, korean, chinese] =
		/\x1b\$(?:([@B])|\)(?:(C)|([AG])))/.exec(start.toString('latin1')) ?? [];
	if (japanese !== undefined) return 'iso-2022-jp';
	if (korean !== undefined) return 'iso-2022-kr';
	return chinese === undefined ? undefined : 'iso-2022-cn';
}

function byteOrderMark(bytes: Buffer, label: string | undefined): Choice | undefined {
	const [a, b, c] = bytes;
	if (a === 0xef && b === 0xbb && c === 0xbf) return { bytes: bytes.subarray(3), charset: 'utf-8' };
	const charset =
		a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : undefined;
	if (!charset || label?.startsWith('utf-32') === true) return undefined;
	const isClaimed = label?.startsWith('utf-16') === true;
	// In other charsets these two bytes are letters.
	if (!isClaimed && !(bytes.length % 2 === 0 && bytes.subarray(2, 2048).includes(0)))
		return undefined;
	return { bytes: bytes.subarray(2), charset };
}

/** Byte order and width where no mark tells them. */
function wideCharset(bytes: Buffer, label: string): string {
	const start = bytes.subarray(0, 4096);
	if (label.startsWith('utf-32'))
		return bytes.length % 4 <= 1 && start.includes(0) ? label : plainCharset(bytes);
	const isText =
		!start.includes(0) && isUtf8(bytes) && (bytes.length % 2 === 1 || mostlyPrintable(start));
	if (isText) return plainCharset(bytes);
	if (label !== 'utf-16') return label;
	const [even, odd] = [new Set<number>(), new Set<number>()];
	for (let at = 0; at + 1 < start.length; at += 2) {
		even.add(start[at] as number);
		odd.add(start[at + 1] as number);
	}
	// A script is in few rows of Unicode. RFC 2781 §4.3: big endian, but what most write is little endian.
	return even.size < odd.size ? 'utf-16be' : 'utf-16le';
}

const plainCharset = (bytes: Buffer): string => (isUtf8(bytes) ? 'utf-8' : unclaimed(bytes));

function mostlyPrintable(bytes: Buffer): boolean {
	let printable = 0;
	for (const byte of bytes)
		if ((byte >= 0x20 && byte < 0x7f) || byte === 10 || byte === 13 || byte === 9) printable++;
	return printable * 2 > bytes.length;
}

/** Text of a double-byte charset can be valid UTF-8 by chance, if it is short; not a longer one. */
function isSurelyUtf8(bytes: Buffer, label: string): boolean {
	const { valid, long } = utf8Share(bytes);
	return !isLossless(bytes, label) || (long > 0 && valid > 1) || valid > 4;
}

/** Bytes that are tried. */
const SAMPLE = 64 * 1024;
const LOST = /[\ufffd\x80-\x84\x86-\x9f]/;

/** Text has no control characters of the upper range, so a charset that makes them is the wrong one. */
function isLossless(bytes: Buffer, label: string): boolean {
	const text = decodeAs(bytes.subarray(0, SAMPLE), label);
	// The last character of a sample can be cut.
	return !LOST.test(bytes.length > SAMPLE ? text.slice(0, -2) : text);
}
