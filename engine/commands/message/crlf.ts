/** Line ends as messages have them: CRLF, and no bare CR or LF (RFC 5322 §2.3, RFC 9051 §6.3.12). */
import { CR, LF } from '../../wire/octets';

/** The message with every bare CR or LF made CRLF; itself if there is none. */
export function withCrlf(message: Buffer): Buffer {
	const expanded = expand(message, false);
	return message.at(-1) === CR ? Buffer.concat([expanded, Buffer.from([LF])]) : expanded;
}

/** The same of a stream, as it is read. It is the same wherever the stream is cut into chunks. */
export async function* streamWithCrlf(
	chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
	let afterCr = false;
	for await (const chunk of chunks) {
		if (chunk.length === 0) continue;
		const bytes = asBuffer(chunk);
		if (afterCr && bytes[0] !== LF) yield Buffer.from([LF]);
		yield expand(bytes, afterCr);
		afterCr = bytes.at(-1) === CR;
	}
	if (afterCr) yield Buffer.from([LF]);
}

export function asBuffer(bytes: Uint8Array): Buffer {
	return Buffer.isBuffer(bytes)
		? bytes
		: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Makes every bare LF, and every bare CR but the last byte, a CRLF.
 * @param afterCr whether a CR came right before the first byte
 */
function expand(bytes: Buffer, afterCr: boolean): Buffer {
	let bare = 0;
	for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
		if (at === 0 ? !afterCr : bytes[at - 1] !== CR) bare++;
	}
	const last = bytes.length - 1;
	for (let at = bytes.indexOf(CR); at >= 0 && at < last; at = bytes.indexOf(CR, at + 1)) {
		if (bytes[at + 1] !== LF) bare++;
	}
	if (bare === 0) return bytes;
	const result = Buffer.allocUnsafe(bytes.length + bare);
	let to = 0;
	for (let at = 0; at <= last; at++) {
		const byte = bytes[at] as number;
		if (byte === LF && (at === 0 ? !afterCr : bytes[at - 1] !== CR)) result[to++] = CR;
		result[to++] = byte;
		if (byte === CR && at < last && bytes[at + 1] !== LF) result[to++] = LF;
	}
	return result;
}
