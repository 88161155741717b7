import { Imap4Error } from '../../errors';
import type { LiteralStream } from '../../wire/writer';
import type { AppendedMessage, AppendOptions } from './append';
import { asBuffer, streamWithCrlf, withCrlf } from './crlf';

/** Opens a stream of the message's bytes; called twice, and each time the same bytes come. */
export type MessageOpener = () => AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>;

/**
 * A message to append: bytes, text (sent as UTF-8), a stream of bytes, or what opens such a stream.
 * A large message is best given as what opens it: it is read once to find its size, which APPEND has to
 * announce, and once to send it, and never held in memory. A plain stream is read into memory, except
 * with `lineEndings: 'unchanged'` and a `size`.
 */
export type MessageSource = Uint8Array | string | AsyncIterable<Uint8Array> | MessageOpener;

/** A message and what the server keeps with it. */
export interface MessageToAppend extends AppendOptions {
	/** Its source. */
	message: MessageSource;
	/**
	 * What becomes of line ends, whatever kind of source the message has: `crlf` (the default) makes
	 * every bare CR and LF a CRLF, as messages must have them (RFC 5322 §2.3); `unchanged` sends the
	 * bytes as they are, as `binary` does.
	 */
	lineEndings?: 'crlf' | 'unchanged';
	/** Bytes of a stream. With `lineEndings: 'unchanged'` it is sent while it is read. */
	size?: number;
}

/**
 * The message as a literal, with how to append it; a promise only where a stream must be read first.
 * @throws Imap4Error ARGUMENT as {@link literalOf}
 */
export function appendedMessage(
	source: MessageToAppend,
): AppendedMessage | Promise<AppendedMessage> {
	const { message: _message, size: _size, lineEndings: _lineEndings, ...options } = source;
	const octets = literalOf(source);
	return octets instanceof Promise
		? octets.then((read) => ({ ...options, octets: read }))
		: { ...options, octets };
}

/**
 * The message as a literal.
 * @throws Imap4Error ARGUMENT for a size that is not one, or not the stream's
 */
export function literalOf({
	message,
	size,
	binary = false,
	lineEndings = binary ? 'unchanged' : 'crlf',
}: MessageToAppend): Buffer | LiteralStream | Promise<Buffer | LiteralStream> {
	const convert = lineEndings !== 'unchanged';
	if (typeof message === 'string' || message instanceof Uint8Array) {
		const bytes = typeof message === 'string' ? Buffer.from(message, 'utf8') : asBuffer(message);
		return convert ? withCrlf(bytes) : bytes;
	}
	if (size !== undefined && (!Number.isSafeInteger(size) || size < 0)) {
		throw new Imap4Error('ARGUMENT', `${size} is not a valid size of a message in bytes`);
	}
	if (typeof message === 'function') return opened(message, size, convert);
	if (size !== undefined && !convert) return { octets: message, size };
	return collect(message, size, convert);
}

async function opened(
	open: MessageOpener,
	size: number | undefined,
	convert: boolean,
): Promise<LiteralStream> {
	async function* read(): AsyncGenerator<Uint8Array, void, undefined> {
		const stream = await open();
		yield* convert ? streamWithCrlf(stream) : stream;
	}
	if (size !== undefined && !convert) return { octets: read(), size };
	let length = 0;
	for await (const chunk of read()) length += chunk.length;
	return { octets: read(), size: length };
}

async function collect(
	stream: AsyncIterable<Uint8Array>,
	size: number | undefined,
	convert: boolean,
): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of stream) {
		chunks.push(chunk);
		length += chunk.length;
		// One without end must not fill the memory.
		if (length > (size ?? Infinity)) break;
	}
	if (size !== undefined && length !== size) {
		const how = length < size ? 'only ' : 'more than ';
		const found = length < size ? length : size;
		throw new Imap4Error(
			'ARGUMENT',
			`The stream has ${how}${found} bytes; its size was given as ${size}`,
		);
	}
	const bytes = Buffer.concat(chunks);
	return convert ? withCrlf(bytes) : bytes;
}
