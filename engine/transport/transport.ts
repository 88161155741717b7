import type { ChannelBinding } from './channel-binding';
import type { Imap4AbortError } from '../errors';

/** What a transport reports. */
export interface TransportHandler {
	/** Bytes have come. */
	data(chunk: Buffer): void;
	/** The connection has ended; called once, after the last data. Without an error: the far end closed. */
	closed(error?: Imap4AbortError): void;
	/** More can be written after {@link Transport.write} returned false. */
	drained(): void;
}

/**
 * A reliable stream of octets to a server, already open. Callers may bring their own (a tunnel, a
 * test's). Nothing is delivered before {@link start}.
 */
export interface Transport {
	/** Nobody on the network path can read it: TLS, or a process of our own. */
	readonly secure: boolean;
	/** Missing where there is no TLS. */
	readonly channelBinding?: ChannelBinding;
	/** Begins to deliver. A second call replaces the handler. */
	start(handler: TransportHandler): void;
	/** @returns false if the caller should wait for `drained` before writing much more */
	write(data: Buffer | string): boolean;
	/** Delivers nothing until {@link resume}. */
	pause(): void;
	/** Delivers again. */
	resume(): void;
	/** Keeps the process alive while this connection is open. */
	ref(): void;
	/** Lets the process end although this connection is open. */
	unref(): void;
	/** Closes after what was written has been sent. */
	end(): void;
	/** Closes at once. */
	destroy(): void;
	/**
	 * Changes to TLS in place (RFC 9051 §6.2.1); the next thing written is the handshake.
	 * Missing where the transport cannot.
	 */
	startTls?(): Promise<Transport>;
}
