import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { Random } from '../fuzz/random';

/** Octets after which a connection is cut: one at most, a few hundred kilobytes at the outside. */
const LONGEST = 600_000;

/** Stands between client and server, and cuts each connection at some octet, in one of three ways. */
export class CuttingProxy {
	cuts = 0;
	octets = 0;
	/** Until then connections are let be. */
	peaceful = false;
	private readonly sockets = new Set<Socket>();
	private readonly server = createServer((client) => this.join(client));

	constructor(
		private readonly target: number,
		private readonly random: Random,
	) {}

	/** @returns the port, on 127.0.0.1 */
	async listen(): Promise<number> {
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
		return (this.server.address() as { port: number }).port;
	}

	async close(): Promise<void> {
		for (const socket of this.sockets) socket.destroy();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private join(client: Socket): void {
		const server = connect(this.target, '127.0.0.1');
		// Half of them while little has been said, when a login or a command is under way.
		const span = this.random.below(2) === 0 ? 3_000 : LONGEST;
		let left = 1 + this.random.below(span);
		for (const [from, to] of [
			[client, server],
			[server, client],
		] as const) {
			this.sockets.add(from);
			from.on('error', () => to.destroy());
			from.on('close', () => {
				this.sockets.delete(from);
				to.destroy();
			});
			from.on('end', () => to.end());
			from.on('data', (chunk) => {
				this.octets += chunk.length;
				if (this.peaceful || chunk.length < left) {
					left -= chunk.length;
					if (!to.write(chunk)) {
						from.pause();
						to.once('drain', () => from.resume());
					}
					return;
				}
				this.cuts++;
				to.write(chunk.subarray(0, left));
				left = Infinity;
				this.cut(client, server);
			});
		}
	}

	private cut(client: Socket, server: Socket): void {
		const how = this.random.below(3);
		if (how === 0) client.resetAndDestroy();
		else if (how === 1) client.end();
		else client.destroy();
		server.end();
	}
}
