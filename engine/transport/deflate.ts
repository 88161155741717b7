import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib';
import { Imap4AbortError } from '../errors';
import type { Transport, TransportHandler } from './transport';

/**
 * A connection whose octets are compressed both ways (COMPRESS=DEFLATE, RFC 4978 §3). What a
 * small input can swell to is never held: it flows on in pieces, under the limits of responses.
 * @param received what of the compressed stream came before the change
 */
export function deflated(inner: Transport, received: Buffer): Transport {
	const inflate = createInflateRaw();
	const deflate = createDeflateRaw({ flush: constants.Z_SYNC_FLUSH });
	let handler: TransportHandler | undefined;
	let over = false;
	const close = (error?: Imap4AbortError): void => {
		if (over) return;
		over = true;
		inflate.destroy();
		deflate.destroy();
		handler?.closed(error);
	};
	inflate.on('data', (chunk: Buffer) => handler?.data(chunk));
	inflate.on('drain', () => inner.resume());
	inflate.on('error', (error) => {
		inner.destroy();
		close(
			new Imap4AbortError('PROTOCOL', 'The server sent data that cannot be decompressed', {
				cause: error,
			}),
		);
	});
	deflate.on('data', (chunk: Buffer) => {
		if (!inner.write(chunk)) deflate.pause();
	});
	deflate.on('drain', () => handler?.drained());
	deflate.on('error', () => undefined);
	inflate.pause();
	const take = (chunk: Buffer): void => {
		if (!over && !inflate.write(chunk)) inner.pause();
	};
	return {
		get secure() {
			return inner.secure;
		},
		start(to) {
			const first = !handler;
			handler = to;
			if (!first) return;
			inner.start({
				data: take,
				drained: () => void deflate.resume(),
				// What is still being decompressed comes before the end.
				closed: (error) => (over ? undefined : inflate.end(() => setImmediate(close, error))),
			});
			if (received.length > 0) take(received);
			inflate.resume();
			inner.resume();
		},
		write: (data) => deflate.write(data),
		pause: () => void inflate.pause(),
		resume: () => void inflate.resume(),
		ref: () => inner.ref(),
		unref: () => inner.unref(),
		end: () => void deflate.end(() => inner.end()),
		destroy() {
			over = true;
			inflate.destroy();
			deflate.destroy();
			inner.destroy();
		},
	};
}
