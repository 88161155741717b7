/** Passes octets on after half of a round trip each way, and counts how often the client waited for the server. */
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

const HOST = '127.0.0.1';

export interface Counted {
	connections: number;
	/** Opening a connection is one; commands that are sent together are one. */
	roundTrips: number;
	octetsUp: number;
	octetsDown: number;
}

export interface CountingProxy {
	port: number;
	/** Since the last call. */
	take(): Counted;
	stop(): Promise<void>;
}

const nothing = (): Counted => ({ connections: 0, roundTrips: 0, octetsUp: 0, octetsDown: 0 });

/** @param roundTrip milliseconds */
export async function startCountingProxy(
	target: number,
	roundTrip: number,
): Promise<CountingProxy> {
	let counted = nothing();
	const sockets = new Set<Socket>();
	const server = createServer((client) => {
		const upstream = connect(target, HOST);
		counted.connections++;
		let waiting = false;
		const pass = (from: Socket, to: Socket, count: (octets: number) => void): void => {
			sockets.add(from.setNoDelay(true));
			from.on('error', () => undefined);
			from.on('data', (chunk) => {
				count(chunk.length);
				setTimeout(() => void (to.destroyed || to.write(chunk)), roundTrip / 2);
			});
			from.on('close', () => setTimeout(() => to.destroy(), roundTrip / 2));
		};
		pass(client, upstream, (octets) => {
			if (!waiting) counted.roundTrips++;
			waiting = true;
			counted.octetsUp += octets;
		});
		let greeted = false;
		pass(upstream, client, (octets) => {
			if (!greeted) counted.roundTrips++;
			greeted = true;
			waiting = false;
			counted.octetsDown += octets;
		});
	});
	await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
	return {
		port: (server.address() as AddressInfo).port,
		take() {
			const taken = counted;
			counted = nothing();
			return taken;
		},
		async stop() {
			for (const socket of sockets) socket.destroy();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
}
