import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import type { Transport, TransportHandler } from '../../engine/index';
import { largeMessage } from './messages';
import { onEachServer } from './on-each-server';

/** A transport as a caller may write it: no more than what the interface asks for. */
class OwnTransport implements Transport {
	readonly secure = false;
	/** Octets that went either way. */
	readonly octets = { sent: 0, received: 0 };
	private handler: TransportHandler | undefined;

	constructor(private readonly socket: Socket) {
		socket.on('error', () => undefined);
	}

	start(handler: TransportHandler): void {
		const first = !this.handler;
		this.handler = handler;
		if (!first) return;
		this.socket.on('data', (chunk: Buffer) => {
			this.octets.received += chunk.length;
			this.handler?.data(chunk);
		});
		this.socket.on('drain', () => this.handler?.drained());
		this.socket.on('close', () => this.handler?.closed());
	}

	write(data: Buffer | string): boolean {
		this.octets.sent += Buffer.byteLength(data);
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
}

onEachServer((bench) => {
	test('a session over what the caller brings', async () => {
		const { host } = bench.running;
		const socket = connect({ host, port: bench.running.port('none') });
		await once(socket, 'connect');
		const transport = new OwnTransport(socket);
		const { imap } = await bench.logIn(undefined, { transport });
		const large = largeMessage(2_000_000);
		await imap.append('INBOX', large);
		await imap.open();
		const [found] = await imap.selected.bySequenceNumber
			.fetch('1', { body: [{ section: '' }] })
			.all();
		expect(found?.body[0]?.content?.equals(large)).toBe(true);
		expect(transport.octets.sent).toBeGreaterThan(large.length);
		expect(transport.octets.received).toBeGreaterThan(large.length);
		expect(await imap.logout()).not.toBe('');
		expect(socket.destroyed).toBe(true);
	});
});
