/** Line ends as IMAP wants them (RFC 9051 §6.3.12), in a stream of any length. */
import { Transform, type TransformCallback } from 'node:stream';

const CR = 13;
const LF = 10;

/** Makes every bare CR or LF a CRLF. */
export class CrlfStream extends Transform {
	private afterCr = false;

	override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
		let out = Buffer.allocUnsafe(chunk.length * 2 + 1);
		let length = 0;
		for (const byte of chunk) {
			if (this.afterCr && byte !== LF) out[length++] = LF;
			if (byte === LF && !this.afterCr) out[length++] = CR;
			out[length++] = byte;
			this.afterCr = byte === CR;
		}
		out = out.subarray(0, length);
		done(null, out);
	}

	override _flush(done: TransformCallback): void {
		done(null, this.afterCr ? Buffer.from([LF]) : undefined);
	}
}
