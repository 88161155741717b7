/** Quoted-printable (RFC 2045 §6.7) chunk by chunk: no more than some lines are held. */
import { decodeQuotedPrintable } from './quoted-printable';

const LF = 10;
const EQUALS = 61;
/** Blank, tab, and the CR of a line end yet to come. */
const BLANKS = new Set([32, 9, 13]);
/** Bytes of a line that has no end; RFC 2045 allows 76. */
const LONG_LINE = 64 * 1024;

/** Decodes line by line. What is no quoted-printable stays as it is. */
export class QuotedPrintableDecoder {
	private rest: Buffer = Buffer.alloc(0);

	decode(chunk: Buffer): Buffer {
		const all = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
		const lineEnd = lastLineEnd(all);
		const end = all.length - lineEnd > LONG_LINE ? cut(all) : lineEnd;
		this.rest = all.subarray(end);
		return decodeQuotedPrintable(all.subarray(0, end));
	}

	end(): Buffer {
		return decodeQuotedPrintable(this.rest);
	}
}

/** Line ends that are tried; more of them than this are soft ones within `=3D`, which no sender means. */
const MAX_TRIES = 20;
/** Bytes before a line end that are looked at. */
const MAX_LOOK_BACK = 1000;

/** Behind the last line that decodes the same whatever follows; 0 if there is none. */
function lastLineEnd(bytes: Buffer): number {
	let end = bytes.lastIndexOf(LF) + 1;
	for (let tries = 0; end > 0; tries++) {
		if (!isInsideEscape(bytes, end)) return end;
		if (tries === MAX_TRIES) return 0;
		end = end < 2 ? 0 : bytes.lastIndexOf(LF, end - 2) + 1;
	}
	return 0;
}

/** Whether a soft line end joins the beginning of `=3D` to its rest: `=3=` and, on the next line, `D`. */
function isInsideEscape(bytes: Buffer, lineEnd: number): boolean {
	const first = Math.max(0, lineEnd - MAX_LOOK_BACK);
	let at = beforeSoftBreak(bytes, lineEnd);
	// The two bytes before it, other soft line ends in between not counted.
	for (let seen = 0; at !== undefined && at > first && seen < 2;) {
		const byte = bytes[at - 1];
		if (byte === LF) at = beforeSoftBreak(bytes, at);
		else if (byte === EQUALS) return true;
		else {
			seen++;
			at--;
		}
	}
	return at !== undefined && at > 0 && at <= first;
}

/** Where a soft line end (RFC 2045 §6.7, rule 5) begins; undefined if the line ends hard. */
function beforeSoftBreak(bytes: Buffer, lineEnd: number): number | undefined {
	let at = lineEnd - 1;
	while (at > 0 && BLANKS.has(bytes[at - 1] as number)) at--;
	return bytes[at - 1] === EQUALS ? at - 1 : undefined;
}

/** Where a line may be cut: neither within `=3D`, nor behind a blank, which counts only before more. */
function cut(octets: Buffer): number {
	for (let end = octets.length; end > 0; end--) {
		const [last, before] = [octets[end - 1], octets[end - 2]];
		if (!BLANKS.has(last as number) && last !== EQUALS && before !== EQUALS) return end;
	}
	// Nothing but spaces, which no sender means.
	return octets.length;
}
