/**
 * Charsets that neither ICU nor iconv-lite decodes: those that switch between ASCII and a double-byte
 * set by escape sequences (ISO-2022-KR, RFC 1557; ISO-2022-CN, RFC 1922; HZ, RFC 1843), JOHAB, UTF-7
 * (RFC 2152) and UTF-32. The double-byte sets themselves are looked up in iconv-lite's tables.
 */
import { tableDecoder } from '../vendor/iconv';

const ESC = 0x1b;
const SHIFT_OUT = 0x0e;
const SHIFT_IN = 0x0f;
const LF = 0x0a;
const TILDE = 0x7e;

const REPLACEMENT = '\ufffd';

function fromTable(label: string, bytes: Buffer): string {
	const decoder = tableDecoder(label);
	return decoder.write(bytes) + (decoder.end() ?? '');
}

/** Bytes of a 7-bit double-byte set as the 8-bit form of it has them. */
function highHalf(bytes: Buffer): Buffer {
	return Buffer.from(bytes.map((byte) => (byte > 0x20 && byte < 0x7f ? byte | 0x80 : byte)));
}

/** Both ISO-2022-KR and ISO-2022-CN: SO and SI switch; ESC `$` … names the set, `)A` GB 2312, `)C` KS X 1001. */
export function decodeIso2022Shifted(bytes: Buffer, table: 'cp949' | 'gb18030'): string {
	let text = '';
	let shifted = false;
	let start = 0;
	const flush = (end: number): void => {
		const piece = bytes.subarray(start, end);
		text += shifted ? fromTable(table, highHalf(piece)) : piece.toString('latin1');
	};
	for (let at = 0; at < bytes.length; at++) {
		const byte = bytes[at] as number;
		if (byte !== SHIFT_OUT && byte !== SHIFT_IN && byte !== ESC && !(byte === LF && shifted))
			continue;
		flush(at);
		if (byte === SHIFT_OUT) shifted = true;
		else if (byte === SHIFT_IN) shifted = false;
		else if (byte === LF) {
			// Each line begins in ASCII (RFC 1557 §2, RFC 1922 §2).
			text += '\n';
			shifted = false;
		} else if (bytes[at + 1] === 0x24) at += 3;
		start = at + 1;
	}
	flush(bytes.length);
	return text;
}

/** Escape sequences of ISO-2022-JP and its extensions: each one ends what the one before began. */
const DESIGNATION = /\x1b(\$\([CDOQ]|\$[@AB]|\([BIJ]|\.[AF]|N)/g;
/** Of these, how many are followed: each takes its time. What comes behind them is read as RFC 1468 has it. */
const MOST_DESIGNATIONS = 20_000;

/** Whether it has sets that RFC 1468 does not have (ISO-2022-JP-1, -2 and -3: RFC 2237, RFC 1554, JIS X 0213). */
export const isExtendedIso2022Jp = (bytes: Buffer): boolean =>
	/\x1b(?:\$\([CDOQ]|\$A|\.[AF])/.test(bytes.toString('latin1'));

/** Tables of the sets, by what designates them; JIS X 0213 has JIS X 0208 in it. */
const EXTENSIONS: Readonly<Record<string, (bytes: Buffer) => string>> = {
	$A: (bytes) => fromTable('gb18030', highHalf(bytes)),
	'$(C': (bytes) => fromTable('cp949', highHalf(bytes)),
	'$(D': (bytes) => fromTable('euc-jp', inThirdSet(highHalf(bytes))),
	'$(O': (bytes) => fromTable('euc-jp', highHalf(bytes)),
	'$(Q': (bytes) => fromTable('euc-jp', highHalf(bytes)),
};

/** EUC has a byte before each character of JIS X 0212. */
const inThirdSet = (bytes: Buffer): Buffer =>
	Buffer.from(bytes.toString('latin1').replace(/[\xa1-\xfe]{2}/g, '\x8f$&'), 'latin1');

/** @param standard decodes what has no other sets than those of RFC 1468 */
export function decodeExtendedIso2022Jp(
	bytes: Buffer,
	standard: (bytes: Buffer) => string,
): string {
	const found: string[] = [];
	const text = bytes.toString('latin1');
	/** The set of single characters behind ESC N, and the one of all others. */
	let [isGreek, set] = [false, '(B'];
	const add = (start: number, end: number): void => {
		if (start >= end) return;
		const piece = text.slice(start, end);
		const decode = EXTENSIONS[set];
		found.push(
			decode
				? decode(Buffer.from(piece, 'latin1'))
				: standard(Buffer.from(`\x1b${set}${piece}`, 'latin1')),
		);
	};
	let from = 0;
	let left = MOST_DESIGNATIONS;
	for (const { index, 0: escape, 1: designation = '' } of text.matchAll(DESIGNATION)) {
		if (--left < 0) {
			set = '(B';
			break;
		}
		add(from, index);
		from = index + escape.length;
		if (designation === 'N' && from < text.length) {
			const upper = Buffer.from([text.charCodeAt(from++) | 0x80]);
			found.push(isGreek ? fromTable('iso-8859-7', upper) : upper.toString('latin1'));
		} else if (designation.startsWith('.')) isGreek = designation === '.F';
		else set = designation;
	}
	add(from, text.length);
	return found.join('');
}

/** `~{` begins GB 2312, `~}` ends it, `~~` is a tilde, `~` at the end of a line joins lines (RFC 1843). */
export function decodeHz(bytes: Buffer): string {
	let text = '';
	let inGb = false;
	let start = 0;
	const flush = (end: number): void => {
		const piece = bytes.subarray(start, end);
		text += inGb ? fromTable('gb18030', highHalf(piece)) : fromTable('gb18030', piece);
	};
	for (let at = 0; at < bytes.length; at++) {
		const byte = bytes[at] as number;
		if (byte === LF && inGb) {
			flush(at);
			inGb = false;
			start = at;
		}
		if (byte !== TILDE) continue;
		const next = bytes[at + 1];
		if (next !== 0x7b && next !== 0x7d && next !== TILDE && next !== LF) continue;
		flush(at);
		if (next === 0x7b) inGb = true;
		else if (next === 0x7d) inGb = false;
		else if (next === TILDE) text += '~';
		at++;
		start = at + 1;
	}
	flush(bytes.length);
	return text;
}

/** Five bits each name the initial consonant, the vowel and the final consonant; -1 is none of them. */
const JOHAB_INITIAL = [-1, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18];
const JOHAB_VOWEL = [
	-1, -1, -1, 0, 1, 2, 3, 4, -1, -1, 5, 6, 7, 8, 9, 10, -1, -1, 11, 12, 13, 14, 15, 16, -1, -1, 17,
	18, 19, 20,
];
const JOHAB_FINAL = [
	-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, -1, 17, 18, 19, 20, 21, 22, 23, 24,
	25, 26, 27,
];
/** Compatibility letters, in the order of the codes: for a syllable that is a single letter. */
const LONE_INITIAL = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';

/** KS C 5601-1992 annex 3, code page 1361: Hangul by its letters, the rest shifted from KS X 1001. */
export function decodeJohab(bytes: Buffer): string {
	const found: string[] = [];
	for (let at = 0; at < bytes.length; at++) {
		const lead = bytes[at] as number;
		if (lead < 0x80) {
			found.push(lead === 0x5c ? '\\' : String.fromCharCode(lead));
			continue;
		}
		const trail = bytes[++at];
		found.push(trail === undefined ? REPLACEMENT : johabCharacter(lead, trail));
	}
	return found.join('');
}

function johabCharacter(lead: number, trail: number): string {
	if (lead >= 0x84 && lead <= 0xd3) {
		const code = (lead << 8) | trail;
		const initial = JOHAB_INITIAL[(code >> 10) & 31] ?? -1;
		const vowel = JOHAB_VOWEL[(code >> 5) & 31] ?? -1;
		const final = JOHAB_FINAL[code & 31] ?? -1;
		if (initial >= 0 && vowel >= 0 && final >= 0) {
			return String.fromCharCode(0xac00 + (initial * 21 + vowel) * 28 + final);
		}
		if (initial >= 0) return LONE_INITIAL[initial] ?? REPLACEMENT;
		if (vowel >= 0) return String.fromCharCode(0x314f + vowel);
		return REPLACEMENT;
	}
	// Two rows of KS X 1001 share a lead byte: its symbols from D9, its Hanja from E0.
	if (lead < 0xd9 || lead > 0xf9 || trail < 0x31) return REPLACEMENT;
	const cell = trail >= 0x91 ? trail - 0x91 + 78 : trail - 0x31;
	const row = 2 * (lead >= 0xe0 ? lead - 0xe0 : lead - 0xd9) + (cell >= 94 ? 1 : 0);
	const first = lead >= 0xe0 ? 0xca : 0xa1;
	return fromTable('cp949', Buffer.from([first + row, 0xa1 + (cell % 94)]));
}

/** `+…-` is UTF-16 in base64 (RFC 2152). */
export function decodeUtf7(bytes: Buffer): string {
	return bytes.toString('latin1').replace(/\+([A-Za-z0-9+/]*)-?/g, (whole, coded: string) => {
		if (coded === '') return whole === '+-' ? '+' : whole;
		const units = Buffer.from(coded, 'base64');
		// Less than one character: a plus sign that was not escaped.
		if (units.length < 2) return whole;
		return units
			.subarray(0, units.length & ~1)
			.swap16()
			.toString('utf16le');
	});
}

/** @param bigEndian unless a byte order mark says otherwise */
export function decodeUtf32(bytes: Buffer, bigEndian: boolean): string {
	const marked = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
	const big = marked === 0xfeff || (bigEndian && marked !== 0xfffe0000);
	const found: string[] = [];
	for (let at = 0; at + 4 <= bytes.length; at += 4) {
		const code = big ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
		const isScalar = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
		if (at > 0 || code !== 0xfeff) found.push(isScalar ? String.fromCodePoint(code) : REPLACEMENT);
	}
	if (bytes.length % 4 > 0) found.push(REPLACEMENT);
	return found.join('');
}
