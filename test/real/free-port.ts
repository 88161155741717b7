import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A port that nobody uses at the moment, for servers that take no 0 for "any". */
export async function freePort(host = '127.0.0.1'): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, host, resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}
