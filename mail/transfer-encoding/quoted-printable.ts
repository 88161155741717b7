/** Quoted-printable (RFC 2045 §6.7), as tolerant as mail programs are: an invalid escape stays as it is. */

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const EQUALS = 0x3d;

/** By character: the value of a hexadecimal digit, -1 for others. */
const digits = new Int8Array(256).fill(-1);
for (const [value, digit] of [...'0123456789ABCDEF'].entries()) {
	digits[digit.charCodeAt(0)] = digits[digit.toLowerCase().charCodeAt(0)] = value;
}

const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === TAB;

/** All of it, in one pass over the bytes. */
export function decodeQuotedPrintable(bytes: Buffer): Buffer {
	const { length } = bytes;
	const decoded = Buffer.allocUnsafe(length);
	let count = 0;
	/** Behind the last escape or soft line end: spaces before it count, even at the end of a line. */
	let from = 0;
	for (let at = 0; at < length;) {
		let byte = bytes[at] as number;
		// Nearly all bytes stand for themselves.
		while (byte !== EQUALS && byte !== LF && byte !== CR) {
			decoded[count++] = byte;
			if (++at === length) break;
			byte = bytes[at] as number;
		}
		if (at === length) break;
		if (byte !== EQUALS) {
			count = withoutBlanks(decoded, from, count);
			decoded[count++] = byte;
			at++;
			continue;
		}
		const behind = behindSoftBreak(bytes, at);
		if (behind > at) {
			at = behind;
			from = count;
			continue;
		}
		// A soft line end can take an escape apart.
		const high = behindSoftBreaks(bytes, at + 1);
		const low = behindSoftBreaks(bytes, high + 1);
		const value = low < length ? valueOf(bytes[high] as number, bytes[low] as number) : -1;
		decoded[count++] = value < 0 ? EQUALS : value;
		at = value < 0 ? at + 1 : low + 1;
		if (value >= 0) from = count;
	}
	return decoded.subarray(0, withoutBlanks(decoded, from, count));
}

/** Mail systems put spaces at the ends of lines. */
function withoutBlanks(bytes: Buffer, from: number, end: number): number {
	while (end > from && isBlank(bytes[end - 1])) end--;
	return end;
}

/** @returns -1 if one of them is not a hexadecimal digit */
function valueOf(high: number, low: number): number {
	const [first, second] = [digits[high] as number, digits[low] as number];
	return first < 0 || second < 0 ? -1 : first * 16 + second;
}

/** @returns where the next line begins, if this `=` ends its line softly; else where it is */
function behindSoftBreak(bytes: Buffer, equals: number): number {
	const { length } = bytes;
	let at = equals + 1;
	while (at < length && isBlank(bytes[at])) at++;
	if (at === length) return length;
	if (bytes[at] === CR) {
		at++;
		while (at < length && isBlank(bytes[at])) at++;
	}
	return at < length && bytes[at] === LF ? at + 1 : equals;
}

function behindSoftBreaks(bytes: Buffer, start: number): number {
	let at = start;
	while (at < bytes.length && bytes[at] === EQUALS) {
		const behind = behindSoftBreak(bytes, at);
		if (behind === at) break;
		at = behind;
	}
	return at;
}
