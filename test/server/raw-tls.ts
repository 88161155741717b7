import net from 'node:net';
import tls from 'node:tls';
import { inject } from 'vitest';
import type { MemoryServer } from './index';
import { RawClient } from './raw-client';

export interface Secured {
	client: RawClient;
	socket: tls.TLSSocket;
}

/** TLS from the first octet. @param options a client certificate, an older version … */
export async function overTls(
	server: MemoryServer,
	options: tls.ConnectionOptions = {},
): Promise<Secured> {
	const { ca } = inject('certificates');
	const socket = tls.connect({ host: server.host, port: server.port, ca, ...options });
	return { client: await RawClient.connect(server, socket), socket };
}

/** A connection that began in clear text. */
export async function overStartTls(
	server: MemoryServer,
	options: tls.ConnectionOptions = {},
): Promise<Secured> {
	const { ca } = inject('certificates');
	const clear = net.connect(server.port, server.host);
	await (await RawClient.connect(server, clear)).send('STARTTLS');
	clear.removeAllListeners('data');
	const socket = tls.connect({ socket: clear, ca, servername: 'localhost', ...options });
	// Its answer stands for the greeting, which there is no second of.
	socket.write('x NOOP\r\n');
	return { client: await RawClient.connect(server, socket), socket };
}
