import type { AbortSource } from './abort-source';
import { signalOf } from './abort-source';
import type { ChannelBinding } from './channel-binding';
import type { LookupFunction, Socket } from 'node:net';
import net from 'node:net';
import tls from 'node:tls';
import { Imap4AbortError } from '../errors';
import { Watchdog } from './clock';
import { networkError } from './network-error';
import { dialProxy, tunnel } from './proxy';
import type { TlsOptions } from './tls-options';
import { checkPin, nodeTlsOptions } from './tls-options';
import type { Transport, TransportHandler } from './transport';

/** Resolves a host name, as `net.connect` takes it; e.g. to forbid private addresses. */
export type Lookup = LookupFunction;

/** Opens a TCP connection to the server in the caller's own way, e.g. through a tunnel. */
export type ConnectSocket = (target: {
	host: string;
	port: number;
	/** Aborted when the socket is no longer wanted. */
	signal?: AbortSignal;
}) => Promise<Socket>;

export interface SocketOptions {
	host: string;
	port: number;
	/** Milliseconds for name resolution, TCP and, where asked for, the TLS handshake. */
	timeout: number;
	tls: TlsOptions;
	lookup?: Lookup;
	/** From {@link parseProxy}. */
	proxy?: URL;
	connectSocket?: ConnectSocket;
}

/**
 * Opens a TCP connection.
 * @throws Imap4AbortError HOST_NOT_FOUND, CONNECTION_REFUSED, CONNECTION_FAILED, TIMEOUT
 */
export async function connectTcp(options: SocketOptions, signal?: AbortSource): Promise<Transport> {
	return new SocketTransport(await dial(options, signal), options);
}

/**
 * Opens a TCP connection with implicit TLS (RFC 8314 §3.2).
 * @throws Imap4AbortError as {@link connectTcp}, and TLS_CERTIFICATE, TLS_EXPECTED, TLS_FAILED
 */
export async function connectTls(options: SocketOptions, signal?: AbortSource): Promise<Transport> {
	const socket = await dialTls(options, nodeTlsOptions(options.tls, options.host), signal);
	checkPin(socket, options.tls, options.host);
	return new SocketTransport(socket, options);
}

/** Whether a server on this address answers a TLS handshake, trusted or not. */
export async function speaksTls(options: SocketOptions, signal?: AbortSource): Promise<boolean> {
	try {
		(await dialTls(options, { rejectUnauthorized: false }, signal)).destroy();
		return true;
	} catch {
		return false;
	}
}

/**
 * Every connection makes a full handshake. Measured on reconnects with a session to resume: Dovecot
 * drops the connection, Cyrus and Courier ignore the session, and under TLS 1.3 no round trip would be
 * saved (1.5 ms with and without); only TLS 1.2 gained, 0.7 ms on loopback. No secrets are kept for it.
 */
async function dialTls(
	options: SocketOptions,
	tlsOptions: tls.ConnectionOptions,
	signal: AbortSource | undefined,
): Promise<tls.TLSSocket> {
	const { host, port, lookup, proxy, connectSocket } = options;
	const way =
		proxy || connectSocket ? { socket: await dial(options, signal) } : { host, port, lookup };
	const socket = tls.connect({ ...way, ...tlsOptions });
	await opened(socket, 'secureConnect', options, signal);
	return socket;
}

/** An open socket to the server: directly, through the proxy, or as the caller opens it. */
async function dial(options: SocketOptions, signal?: AbortSource): Promise<net.Socket> {
	const { host, port, lookup, proxy, connectSocket } = options;
	if (connectSocket)
		return within(
			connectSocket({ host, port, signal: signal && signalOf(signal) }),
			options,
			signal,
		);
	if (!proxy) {
		const socket = net.connect({ host, port, lookup });
		await opened(socket, 'connect', options, signal);
		return socket;
	}
	const { socket, event, ...place } = dialProxy(proxy, lookup);
	await opened(socket, event, { ...options, ...place }, signal);
	const tunnelled = tunnel(socket, proxy, { host, port }).then(
		() => socket,
		(error: unknown) => {
			socket.on('error', ignore).destroy();
			throw error;
		},
	);
	return within(tunnelled, options, signal, socket);
}

/**
 * Waits for a socket that is being opened.
 * @param underway destroyed if that takes too long, or `signal` is aborted
 */
function within(
	opening: Promise<net.Socket>,
	{ host, port, timeout }: SocketOptions,
	signal: AbortSource | undefined,
	underway?: net.Socket,
): Promise<net.Socket> {
	return new Promise((resolve, reject) => {
		let over = false;
		const fail = (error: unknown): void => {
			settle();
			underway?.on('error', ignore).destroy();
			// eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a signal's reason can be any value
			reject(error);
		};
		const aborted = (): void => fail(signal?.reason);
		const watchdog = new Watchdog(() =>
			fail(new Imap4AbortError('TIMEOUT', `${host}:${port} did not answer within ${timeout} ms`)),
		);
		const settle = (): void => {
			over = true;
			watchdog.stop();
			signal?.removeEventListener('abort', aborted);
		};
		watchdog.set(timeout);
		opening.then((socket) => {
			// What comes too late is no longer wanted.
			if (over) return void socket.on('error', ignore).destroy();
			settle();
			resolve(socket);
		}, fail);
		if (signal?.aborted) aborted();
		else signal?.addEventListener('abort', aborted);
	});
}

/** @returns when the socket is open; it is destroyed on any error, and when `signal` is aborted */
function opened(
	socket: net.Socket,
	event: 'connect' | 'secureConnect',
	options: SocketOptions,
	signal?: AbortSource,
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
		else signal?.addEventListener('abort', aborted);
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
		// The first Finished of the handshake: the client's, since no session is resumed (RFC 5929 §3.1).
		const data = socket.getFinished();
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
