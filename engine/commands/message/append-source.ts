import { Imap4Error } from '../../errors';
import type { LiteralStream } from '../../wire/writer';
import type { AppendOptions } from './append';
import { withCrlf } from './append';

/** A message to append: octets, text (sent as UTF-8), or a stream of octets. */
export type MessageSource = Uint8Array | string | AsyncIterable<Uint8Array>;

export interface MessageToAppend extends AppendOptions {
	message: MessageSource;
	/** Octets of a stream, which is then sent as it is while it is read. */
	size?: number;
}

/**
 * The message as a literal. A stream needs its size in octets to be sent as it comes; without it
 * the stream is read into memory.
 * @param binary leaves line ends as they are
 * @throws Imap4Error ARGUMENT
 */
export function literalOf(
	message: MessageSource,
	size: number | undefined,
	binary = false,
): Buffer | LiteralStream | Promise<Buffer> {
	if (typeof message === 'string') return withCrlf(Buffer.from(message, 'utf8'));
	if (message instanceof Uint8Array) {
		const octets = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
		return binary ? octets : withCrlf(octets);
	}
	if (size === undefined) return collect(message);
	if (!Number.isSafeInteger(size) || size < 0) {
		throw new Imap4Error('ARGUMENT', `${size} is no size of a message in octets`);
	}
	return { octets: message, size };
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of stream) chunks.push(chunk);
	return withCrlf(Buffer.concat(chunks));
}
