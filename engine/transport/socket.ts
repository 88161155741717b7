import type { ChannelBinding } from './channel-binding';
import net from 'node:net';
import tls from 'node:tls';
import { Imap4AbortError } from '../errors';
import { Watchdog } from './clock';
import { networkError } from './network-error';
import type { TlsOptions } from './tls-options';
import { checkPin, nodeTlsOptions } from './tls-options';
import type { Transport, TransportHandler } from './transport';

/** Resolves a host name, as `net.connect` takes it; e.g. to forbid private addresses. */
export type Lookup = net.LookupFunction;

export interface SocketOptions {
	host: string;
	port: number;
	/** Milliseconds for name resolution, TCP and, where asked for, the TLS handshake. */
	timeout: number;
	tls: TlsOptions;
	lookup?: Lookup;
}

/**
 * Opens a TCP connection.
 * @throws Imap4AbortError HOST_NOT_FOUND, CONNECTION_REFUSED, CONNECTION_FAILED, TIMEOUT
 */
export async function connectTcp(options: SocketOptions, signal?: AbortSignal): Promise<Transport> {
	const socket = net.connect({ host: options.host, port: options.port, lookup: options.lookup });
	await opened(socket, 'connect', options, signal);
	return new SocketTransport(socket, options);
}

/**
 * Opens a TCP connection with implicit TLS (RFC 8314 §3.2).
 * @throws Imap4AbortError as {@link connectTcp}, and TLS_CERTIFICATE, TLS_EXPECTED, TLS_FAILED
 */
export async function connectTls(options: SocketOptions, signal?: AbortSignal): Promise<Transport> {
	const socket = tls.connect({
		host: options.host,
		port: options.port,
		lookup: options.lookup,
		...nodeTlsOptions(options.tls, options.host),
	});
	await opened(socket, 'secureConnect', options, signal);
	checkPin(socket, options.tls, options.host);
	return new SocketTransport(socket, options);
}

/** Whether a server on this address answers a TLS handshake, trusted or not. */
export async function speaksTls(options: SocketOptions, signal?: AbortSignal): Promise<boolean> {
	const { host, port, lookup } = options;
	const socket = tls.connect({ host, port, lookup, rejectUnauthorized: false });
	try {
		await opened(socket, 'secureConnect', options, signal);
		return true;
	} catch {
		return false;
	} finally {
		socket.destroy();
	}
}

/** @returns when the socket is open; it is destroyed on any error, and when `signal` is aborted */
function opened(
	socket: net.Socket,
	event: 'connect' | 'secureConnect',
	options: SocketOptions,
	signal?: AbortSignal,
): Promise<void> {
	const place = `${options.host}:${options.port}`;
	return new Promise((resolve, reject) => {
		const settle = (): void => {
			watchdog.stop();
			signal?.removeEventListener('abort', aborted);
			// Node's own listeners stay: only ours go.
			socket.off(event, ready).off('error', failed).off('close', closed);
		};
		const fail = (error: unknown): void => {
			settle();
			socket.on('error', ignore);
			socket.destroy();
			// eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a signal's reason can be any value
			reject(error);
		};
		const ready = (): void => {
			settle();
			resolve();
		};
		const failed = (error: Error): void => fail(networkError(error, options.host, options.port));
		const closed = (): void =>
			fail(
				new Imap4AbortError(
					'CONNECTION_LOST',
					`${place} closed the connection while it was set up`,
				),
			);
		const aborted = (): void => fail(signal?.reason);
		const watchdog = new Watchdog(() =>
			fail(new Imap4AbortError('TIMEOUT', `${place} did not answer within ${options.timeout} ms`)),
		);
		watchdog.set(options.timeout);
		socket.setNoDelay(true);
		socket.once(event, ready).once('error', failed).once('close', closed);
		if (signal?.aborted) aborted();
		else signal?.addEventListener('abort', aborted, { once: true });
	});
}

/** An error that comes after the end is known must not become an uncaught exception. */
function ignore(): void {
	return undefined;
}

class SocketTransport implements Transport {
	private handler: TransportHandler | undefined;
	private failure: Imap4AbortError | undefined;
	private readonly listeners = {
		data: (chunk: Buffer): void => this.handler?.data(chunk),
		drain: (): void => this.handler?.drained(),
		error: (error: Error): void => {
			this.failure ??= networkError(error, this.options.host, this.options.port);
		},
		close: (): void => this.handler?.closed(this.failure),
	};

	constructor(
		private readonly socket: net.Socket,
		private readonly options: SocketOptions,
	) {
		socket.on('error', this.listeners.error);
	}

	get secure(): boolean {
		return this.socket instanceof tls.TLSSocket;
	}

	get channelBinding(): ChannelBinding | undefined {
		const { socket } = this;
		if (!(socket instanceof tls.TLSSocket)) return undefined;
		// tls-unique is not defined for TLS 1.3 (RFC 9266 §1).
		if (socket.getProtocol() === 'TLSv1.3') {
			const data = socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
			return { type: 'tls-exporter', data };
		}
		// The first Finished of the handshake: the client's, unless the session was resumed (RFC 5929 §3.1).
		const data = socket.isSessionReused() ? socket.getPeerFinished() : socket.getFinished();
		return data && { type: 'tls-unique', data };
	}

	start(handler: TransportHandler): void {
		const first = !this.handler;
		this.handler = handler;
		if (!first) return;
		const { data, drain, close } = this.listeners;
		this.socket.on('data', data).on('drain', drain).on('close', close);
	}

	write(data: Buffer | string): boolean {
		return this.socket.write(data);
	}

	pause(): void {
		this.socket.pause();
	}

	resume(): void {
		this.socket.resume();
	}

	ref(): void {
		this.socket.ref();
	}

	unref(): void {
		this.socket.unref();
	}

	end(): void {
		this.socket.end();
	}

	destroy(): void {
		this.socket.destroy();
	}

	async startTls(): Promise<Transport> {
		const { socket, options } = this;
		const { data, drain, error, close } = this.listeners;
		socket.off('data', data).off('drain', drain).off('close', close).off('error', error);
		socket.on('error', ignore);
		const secured = tls.connect({ socket, ...nodeTlsOptions(options.tls, options.host) });
		await opened(secured, 'secureConnect', options);
		checkPin(secured, options.tls, options.host);
		return new SocketTransport(secured, options);
	}
}
