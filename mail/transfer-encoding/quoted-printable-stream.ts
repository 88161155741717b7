/** Quoted-printable (RFC 2045 §6.7) in a stream of any length: no more than some lines are held. */
import { Transform, type TransformCallback } from 'node:stream';
import { decodeQuotedPrintable } from '../vendor/quoted-printable';

const LF = 10;
const EQUALS = 61;
/** Blank, tab, and the CR of a line end yet to come. */
const BLANKS = new Set([32, 9, 13]);
/** Octets of a line that has no end; RFC 2045 allows 76. */
const LONG_LINE = 64 * 1024;

/** Decodes line by line. What is no quoted-printable stays as it is. */
export class QuotedPrintableStream extends Transform {
	private rest: Buffer = Buffer.alloc(0);

	override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
		const all = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
		const lineEnd = all.lastIndexOf(LF) + 1;
		const end = all.length - lineEnd > LONG_LINE ? cut(all) : lineEnd;
		this.rest = all.subarray(end);
		done(null, end > 0 ? decodeQuotedPrintable(all.subarray(0, end)) : undefined);
	}

	override _flush(done: TransformCallback): void {
		done(null, this.rest.length > 0 ? decodeQuotedPrintable(this.rest) : undefined);
	}
}

/** Where a line may be cut: neither within `=3D`, nor behind a blank, which counts only before more. */
function cut(octets: Buffer): number {
	for (let end = octets.length; end > 0; end--) {
		const [last, before] = [octets[end - 1], octets[end - 2]];
		if (!BLANKS.has(last as number) && last !== EQUALS && before !== EQUALS) return end;
	}
	// Nothing but blanks, which no sender means.
	return octets.length;
}
