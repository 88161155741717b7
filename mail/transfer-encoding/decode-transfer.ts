/** Takes the transfer encoding off: of a stream of any length, or of bytes that are there. */
import { pipeline, Transform, type Readable, type TransformCallback } from 'node:stream';
import { nextTurn } from '../next-turn';
import { decodeQuotedPrintable } from '../vendor/quoted-printable';
import { Base64Decoder } from './base64';
import { transferEncoding } from './encoding-name';
import { QuotedPrintableStream } from './quoted-printable-stream';
import { UuDecoder } from './uuencode';

interface ChunkDecoder {
	decode(chunk: Buffer): Buffer;
	end(): Buffer;
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
	const decoder =
		name === 'quoted-printable'
			? new QuotedPrintableStream()
			: new DecodingStream(name === 'base64' ? new Base64Decoder() : new UuDecoder());
	// The result fails as well, and its reader sees the error.
	return pipeline(source, decoder, () => undefined);
}

const CHUNK = 512 * 1024;

/** The same for bytes; other work gets its turn in between. */
export async function decodedBytes(bytes: Buffer, encoding: string): Promise<Buffer> {
	const name = transferEncoding(encoding);
	if (name === 'none') return bytes;
	if (name === 'quoted-printable' && bytes.length <= CHUNK) return decodeQuotedPrintable(bytes);
	const found: Buffer[] = [];
	if (name === 'quoted-printable') {
		const stream = new QuotedPrintableStream();
		stream.on('data', (chunk: Buffer) => found.push(chunk));
		for (let at = 0; at < bytes.length; at += CHUNK) {
			stream.write(bytes.subarray(at, at + CHUNK));
			await nextTurn();
		}
		await new Promise<void>((done) => stream.on('end', done).end());
		return Buffer.concat(found);
	}
	const decoder = name === 'base64' ? new Base64Decoder() : new UuDecoder();
	for (let at = 0; at < bytes.length; at += CHUNK) {
		found.push(decoder.decode(bytes.subarray(at, at + CHUNK)));
		if (at + CHUNK < bytes.length) await nextTurn();
	}
	found.push(decoder.end());
	return Buffer.concat(found);
}
