/**
 * A process that passes octets on to another port, each way after half of the round trip it is to
 * add: `node delay-proxy.js <port> <milliseconds of round trip>`. It prints the port it listens on.
 */
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

const HOST = '127.0.0.1';
/** Octets on their way in one direction, before the sender is held: 1.6 GB/s at 10 ms. */
const ON_THE_WAY = 16 * 1024 * 1024;

const [target, roundTrip] = process.argv.slice(2).map(Number) as [number, number];

const server = createServer((client) => {
	const upstream = connect(target, HOST);
	for (const socket of [client, upstream]) {
		socket.setNoDelay(true);
		socket.on('error', () => undefined);
	}
	pass(client, upstream);
	pass(upstream, client);
});

/** Timers of equal length fire in the order they were set. */
function pass(from: Socket, to: Socket): void {
	let onTheWay = 0;
	from.on('data', (chunk) => {
		onTheWay += chunk.length;
		if (onTheWay > ON_THE_WAY) from.pause();
		setTimeout(() => {
			onTheWay -= chunk.length;
			if (onTheWay <= ON_THE_WAY) from.resume();
			if (!to.destroyed) to.write(chunk);
		}, roundTrip / 2);
	});
	from.on('close', () => setTimeout(() => to.end(), roundTrip / 2));
}

server.listen(0, HOST, () => console.log((server.address() as AddressInfo).port));
