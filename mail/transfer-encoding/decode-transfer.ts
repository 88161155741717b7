/** Takes the transfer encoding off: of a stream of any length, or of bytes that are there. */
import { pipeline, Transform, type Readable, type TransformCallback } from 'node:stream';
import { Turns } from '../next-turn';
import { Base64Decoder } from './base64';
import { transferEncoding, type TransferEncoding } from './encoding-name';
import { decodeQuotedPrintable } from './quoted-printable';
import { QuotedPrintableDecoder } from './quoted-printable-decoder';
import { UuDecoder } from './uuencode';

interface ChunkDecoder {
	decode(chunk: Buffer): Buffer;
	end(): Buffer;
}

function decoderOf(name: Exclude<TransferEncoding, 'none'>): ChunkDecoder {
	switch (name) {
		case 'quoted-printable':
			return new QuotedPrintableDecoder();
		case 'base64':
			return new Base64Decoder();
		case 'uuencode':
			return new UuDecoder();
	}
}

class DecodingStream extends Transform {
	constructor(private readonly decoder: ChunkDecoder) {
		super();
	}

	override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
		done(null, this.decoder.decode(chunk));
	}

	override _flush(done: TransformCallback): void {
		done(null, this.decoder.end());
	}
}

/**
 * The bytes as the sender had them. What is damaged is decoded as far as it goes; an unknown encoding
 * is left as it is. An error of the source is one of the result.
 * @param encoding Content-Transfer-Encoding, as it was written
 */
export function decodedStream(source: Readable, encoding: string): Readable {
	const name = transferEncoding(encoding);
	if (name === 'none') return source;
	// The result fails as well, and its reader sees the error.
	return pipeline(source, new DecodingStream(decoderOf(name)), () => undefined);
}

/** Bytes that are decoded in one go: larger ones cost the time to get fresh memory for them. */
const CHUNK = 64 * 1024;

/** The same for bytes; other work gets its turn in between. */
export async function decodedBytes(bytes: Buffer, encoding: string): Promise<Buffer> {
	const name = transferEncoding(encoding);
	if (name === 'none') return bytes;
	if (name === 'quoted-printable' && bytes.length <= CHUNK) return decodeQuotedPrintable(bytes);
	const decoder = decoderOf(name);
	const found: Buffer[] = [];
	const turns = new Turns();
	for (let at = 0; at < bytes.length; at += CHUNK) {
		found.push(decoder.decode(bytes.subarray(at, at + CHUNK)));
		await turns.next();
	}
	found.push(decoder.end());
	return joined(found);
}

/** The pieces in one; a single one as it is, which most are. */
export function joined(pieces: readonly Buffer[]): Buffer {
	const [first, ...others] = pieces.filter(({ length }) => length > 0);
	return first && others.length === 0 ? first : Buffer.concat(pieces);
}
