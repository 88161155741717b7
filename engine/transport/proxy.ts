import net from 'node:net';
import tls from 'node:tls';
import { Imap4AbortError, Imap4Error } from '../errors';
import { networkError } from './network-error';

/** Most bytes of an HTTP proxy's answer; its header is all that matters. */
const MAX_ANSWER = 16 * 1024;

/** What a SOCKS5 proxy answers to CONNECT (RFC 1928 §6). */
const SOCKS_REPLIES = [
	'',
	'the proxy failed',
	'its rules do not allow it',
	'the network is unreachable',
	'the host is unreachable',
	'the connection was refused',
	'it took too long',
	'it does not support CONNECT',
	'it does not support this type of address',
];

const DEFAULT_PORTS: Record<string, number> = {
	'socks5:': 1080,
	'socks5h:': 1080,
	'http:': 8080,
	'https:': 443,
};

/**
 * Checks the URL of a proxy: `socks5://user:password@host:1080` (RFC 1928, RFC 1929), or `http://` and
 * `https://` for HTTP CONNECT (RFC 9110 §9.3.6). The proxy resolves the server's name.
 * @throws Imap4Error ARGUMENT
 */
export function parseProxy(text: string): URL {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !Object.hasOwn(DEFAULT_PORTS, url.protocol) || url.hostname === '') {
		throw new Imap4Error(
			'ARGUMENT',
			'The proxy is not a valid URL. Use socks5://host:port, http://host:port or https://host:port',
		);
	}
	for (const part of [url.username, url.password]) {
		// A percent sign that is not part of an escape stands for itself nowhere in a URL.
		if (/%(?![0-9a-f]{2})/i.test(part) || Buffer.byteLength(decoded(part)) > 255) {
			throw new Imap4Error(
				'ARGUMENT',
				'The user name or password of the proxy is not valid: percent-encode it, at most 255 bytes each',
			);
		}
	}
	return url;
}

/** A user name or password in a URL; bytes that are not UTF-8 cannot occur in it. */
function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		throw new Imap4Error('ARGUMENT', 'The user name or password of the proxy is not UTF-8');
	}
}

/** Opens a socket to the proxy; it is connected once it emits the event. */
export function dialProxy(
	proxy: URL,
	lookup?: net.LookupFunction,
): { socket: net.Socket; event: 'connect' | 'secureConnect'; host: string; port: number } {
	const host = proxy.hostname.replace(/^\[|\]$/g, '');
	const port = Number(proxy.port) || (DEFAULT_PORTS[proxy.protocol] as number);
	if (proxy.protocol !== 'https:')
		return { socket: net.connect({ host, port, lookup }), event: 'connect', host, port };
	const servername = net.isIP(host) ? undefined : host;
	const socket = tls.connect({ host, port, lookup, servername });
	return { socket, event: 'secureConnect', host, port };
}

/**
 * Asks the proxy on an open socket for a connection to the server. Afterwards the socket carries
 * that connection; nothing of what the server has sent is consumed.
 * @throws Imap4AbortError CONNECTION_REFUSED, CONNECTION_FAILED, CONNECTION_LOST
 */
export async function tunnel(
	socket: net.Socket,
	proxy: URL,
	target: { host: string; port: number },
): Promise<void> {
	const reader = new SocketReader(socket, proxy.hostname);
	try {
		if (proxy.protocol.startsWith('socks')) await socks5(socket, reader, proxy, target);
		else await httpConnect(socket, reader, proxy, target);
	} finally {
		reader.release();
	}
}

async function socks5(
	socket: net.Socket,
	reader: SocketReader,
	proxy: URL,
	{ host, port }: { host: string; port: number },
): Promise<void> {
	const user = Buffer.from(decoded(proxy.username));
	const password = Buffer.from(decoded(proxy.password));
	socket.write(user.length > 0 ? Buffer.from([5, 2, 0, 2]) : Buffer.from([5, 1, 0]));
	const [version, method] = await reader.exactly(2);
	if (version !== 5) throw refused(proxy, 'it is not a SOCKS5 proxy');
	if (method === 2 && user.length > 0) {
		socket.write(
			Buffer.concat([
				Buffer.from([1, user.length]),
				user,
				Buffer.from([password.length]),
				password,
			]),
		);
		const [, status] = await reader.exactly(2);
		if (status !== 0) throw refused(proxy, 'it does not accept the user name and password');
	} else if (method !== 0) {
		throw refused(proxy, 'it demands a way to log in that is not supported, or a user name');
	}
	const portBytes = Buffer.from([port >> 8, port & 0xff]);
	socket.write(Buffer.concat([Buffer.from([5, 1, 0]), socksAddress(host), portBytes]));
	const [, reply = 1, , type] = await reader.exactly(4);
	if (reply !== 0) {
		const why = SOCKS_REPLIES[reply] ?? `error ${reply}`;
		throw refused(proxy, why, reply === 5 ? 'CONNECTION_REFUSED' : 'CONNECTION_FAILED');
	}
	// The address that the proxy uses itself: of no interest, but it has to be read.
	const length = type === 1 ? 4 : type === 4 ? 16 : (await reader.exactly(1))[0];
	await reader.exactly((length as number) + 2);
}

function socksAddress(host: string): Buffer {
	if (net.isIPv4(host)) return Buffer.from([1, ...host.split('.').map(Number)]);
	const name = Buffer.from(host);
	if (name.length > 255)
		throw new Imap4Error('ARGUMENT', 'A host name behind a SOCKS proxy has at most 255 bytes');
	return Buffer.concat([Buffer.from([3, name.length]), name]);
}

async function httpConnect(
	socket: net.Socket,
	reader: SocketReader,
	proxy: URL,
	{ host, port }: { host: string; port: number },
): Promise<void> {
	if (!/^[\w.:-]+$/.test(host))
		throw new Imap4Error('ARGUMENT', 'The host name contains characters that a proxy cannot take');
	const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
	const login = `${decoded(proxy.username)}:${decoded(proxy.password)}`;
	const authorization =
		login === ':' ? '' : `Proxy-Authorization: Basic ${Buffer.from(login).toString('base64')}\r\n`;
	socket.write(`CONNECT ${place} HTTP/1.1\r\nHost: ${place}\r\n${authorization}\r\n`);
	const answer = await reader.header();
	const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1];
	if (status === undefined) throw refused(proxy, 'it is not an HTTP proxy');
	if (status === '407') throw refused(proxy, 'it demands a user name and password, or other ones');
	if (!status.startsWith('2')) throw refused(proxy, `it answered with HTTP status ${status}`);
}

function refused(
	proxy: URL,
	why: string,
	code: 'CONNECTION_FAILED' | 'CONNECTION_REFUSED' = 'CONNECTION_FAILED',
): Imap4AbortError {
	return new Imap4AbortError(code, `The proxy ${proxy.host} did not connect to the server: ${why}`);
}

/** Reads what the proxy answers, byte by byte where it must: what follows is the server's. */
class SocketReader {
	private wake: (() => void) | undefined;
	private failure: Error | undefined;
	private readonly onReadable = (): void => this.wake?.();
	private readonly onEnd = (error?: Error): void => {
		this.failure ??= error
			? networkError(error, this.host, this.socket.remotePort ?? 0)
			: new Imap4AbortError('CONNECTION_LOST', `The proxy ${this.host} closed the connection`);
		this.wake?.();
	};
	private readonly onClose = (): void => this.onEnd();

	constructor(
		private readonly socket: net.Socket,
		private readonly host: string,
	) {
		socket
			.on('readable', this.onReadable)
			.on('error', this.onEnd)
			.on('end', this.onClose)
			.on('close', this.onClose);
	}

	async exactly(count: number): Promise<Buffer> {
		for (;;) {
			const bytes = this.socket.read(count) as Buffer | null;
			if (bytes && bytes.length === count) return bytes;
			await this.more();
		}
	}

	/** Everything up to the first empty line. */
	async header(): Promise<string> {
		let text = '';
		while (!text.endsWith('\r\n\r\n')) {
			if (text.length > MAX_ANSWER)
				throw new Imap4AbortError(
					'LIMIT',
					`The proxy ${this.host} sent a header that does not end`,
				);
			text += (await this.exactly(1)).toString('latin1');
		}
		return text;
	}

	/** Leaves the socket as it was, paused. */
	release(): void {
		this.socket
			.off('readable', this.onReadable)
			.off('error', this.onEnd)
			.off('end', this.onClose)
			.off('close', this.onClose);
	}

	private more(): Promise<void> {
		if (this.failure) return Promise.reject(this.failure);
		return new Promise((resolve, reject) => {
			this.wake = () => (this.failure ? reject(this.failure) : resolve());
		});
	}
}
