import type { FramerHandler } from '../../../engine/wire/framer';
import { Framer } from '../../../engine/wire/framer';
import type { Limits } from '../../../engine/wire/limits';
import { defaultLimits } from '../../../engine/wire/limits';

/** A stretch of a response, `stream` being the octets of a streamed literal. */
export type Stretch = { text: string } | { announced: number; line: string } | { stream: string };

export interface Framing {
	framer: Framer;
	stretches: Stretch[];
}

/** A framer whose literals from `limits.streamThreshold` up are streamed. */
export function framing(limits: Partial<Limits> = {}): Framing {
	const stretches: Stretch[] = [];
	const handler: FramerHandler = {
		response: (buffer, start, end) =>
			void stretches.push({ text: buffer.toString('latin1', start, end) }),
		literal(buffer, start, end, size) {
			stretches.push({ announced: size, line: buffer.toString('latin1', start, end) });
			let stream = '';
			return {
				chunk: (bytes) => void (stream += bytes.toString('latin1')),
				end: () => void stretches.push({ stream }),
			};
		},
	};
	return { framer: new Framer(handler, { ...defaultLimits, ...limits }), stretches };
}

export function framed(
	chunks: readonly (string | Buffer)[],
	limits: Partial<Limits> = {},
): Stretch[] {
	const { framer, stretches } = framing(limits);
	for (const chunk of chunks) framer.push(octets(chunk));
	return stretches;
}

/** The octets of a text with one character an octet. */
export function octets(text: string | Buffer): Buffer {
	return Buffer.isBuffer(text) ? text : Buffer.from(text, 'latin1');
}

/** The octets in chunks of the sizes given, the last one taking the rest. */
export function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
	const chunks: Buffer[] = [];
	let at = 0;
	for (const size of sizes) {
		if (at >= bytes.length) break;
		chunks.push(bytes.subarray(at, at + size));
		at += size;
	}
	if (at < bytes.length) chunks.push(bytes.subarray(at));
	return chunks;
}
