import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** The system may give a port again as soon as it is free, before the server it is meant for listens on it. */
const given = new Set<number>();

/** A port that nobody uses at the moment, for servers that take no 0 for "any"; each is given once. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
	for (;;) {
		const port = await unusedPort(host);
		if (given.has(port)) continue;
		given.add(port);
		return port;
	}
}

async function unusedPort(host: string): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, host, resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}
