import net from 'node:net';
import type { TransformCallback } from 'node:stream';
import { Duplex } from 'node:stream';
import zlib from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { MemoryServer } from './index';
import { RawClient, loggedIn, mail } from './raw-client';

/** A socket that can be told to go on with DEFLATE. */
class Deflated extends Duplex {
	private readonly deflate = zlib.createDeflateRaw();
	private readonly inflate = zlib.createInflateRaw();
	private on_ = false;

	constructor(private readonly socket: net.Socket) {
		super();
		socket.on('data', (chunk) => (this.on_ ? this.inflate.write(chunk) : this.push(chunk)));
		socket.on('close', () => this.destroy());
		this.inflate.on('data', (chunk) => this.push(chunk));
		this.deflate.on('data', (chunk) => socket.write(chunk as Buffer));
	}

	compress(): void {
		this.on_ = true;
	}

	override _read(): void {}

	override _write(chunk: Buffer, _encoding: string, done: TransformCallback): void {
		if (!this.on_) return void this.socket.write(chunk, () => done());
		this.deflate.write(chunk);
		this.deflate.flush(zlib.constants.Z_SYNC_FLUSH, () => done());
	}

	override _destroy(error: Error | null, done: TransformCallback): void {
		this.socket.destroy();
		done(error);
	}
}

async function compressed(): Promise<{
	client: RawClient;
	socket: net.Socket;
	server: MemoryServer;
}> {
	const server = await MemoryServer.start();
	onTestFinished(() => server.stop());
	server
		.addAccount('ann', 'secret')
		.mailbox('INBOX')
		.append(mail({}, 'x'.repeat(100_000)));
	const socket = net.connect(server.port, server.host);
	const stream = new Deflated(socket);
	const client = await RawClient.connect(server, stream);
	await client.send('LOGIN ann secret');
	expect(await client.send('COMPRESS DEFLATE')).toEqual(['OK DEFLATE active.']);
	stream.compress();
	return { client, socket, server };
}

test('COMPRESS: what follows its OK is compressed both ways', async () => {
	const { client, socket } = await compressed();
	await client.send('SELECT INBOX');
	const before = socket.bytesRead;
	expect((await client.send('FETCH 1 BODY[TEXT]')).join('\n')).toContain('x'.repeat(100_000));
	expect(socket.bytesRead - before).toBeLessThan(2000);
	await client.send(`APPEND INBOX {5}\r\nhello`);
	expect((await client.send('LOGOUT')).at(0)).toMatch(/^\* BYE/);
});

test('twice is refused', async () => {
	const { client } = await compressed();
	expect((await client.send('COMPRESS DEFLATE'))[0]).toMatch(/^NO \[COMPRESSIONACTIVE\]/);
	expect((await client.send('NOOP'))[0]).toMatch(/^OK/);
});

test('data that is not DEFLATE ends the connection', async () => {
	const { socket } = await compressed();
	const closed = new Promise((resolve) => socket.once('close', resolve));
	socket.write('\xff\xff\xff\xff t NOOP\r\n', 'latin1');
	await closed;
});

test('another mechanism, too early, or not offered: refused', async () => {
	const { client, server } = await loggedIn();
	expect((await client.send('COMPRESS LZ4'))[0]).toMatch(/^NO/);
	const early = await RawClient.connect(server);
	expect((await early.send('COMPRESS DEFLATE'))[0]).toMatch(/^BAD/);
	const without = await loggedIn([], { capabilities: { remove: ['COMPRESS=DEFLATE'] } });
	expect((await without.client.send('COMPRESS DEFLATE'))[0]).toMatch(/^BAD .*unknown/);
});
