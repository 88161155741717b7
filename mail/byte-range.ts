/** A piece of a stream. */
import { Readable } from 'node:stream';

/** Bytes from `start` (from 0), `length` at most. */
export interface OctetRange {
	start: number;
	length: number;
}

/** Ends, and lets go of the source, as soon as it has all of its bytes. */
export function octetsIn(source: Readable, range: OctetRange): Readable {
	return Readable.from(cut(source, range), { objectMode: false });
}

async function* cut(source: Readable, { start, length }: OctetRange): AsyncGenerator<Buffer> {
	let at = 0;
	const end = start + length;
	for await (const chunk of source) {
		const octets = chunk as Buffer;
		const piece = octets.subarray(Math.max(0, start - at), Math.max(0, end - at));
		at += octets.length;
		if (piece.length > 0) yield piece;
		if (at >= end) return;
	}
}
