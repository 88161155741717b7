import zlib from 'node:zlib';
import type { FaultySocket } from './faults';

/** DEFLATE in both directions over a connection (RFC 4978). */
export class Compression {
	private readonly deflater = zlib.createDeflateRaw();
	private readonly inflater = zlib.createInflateRaw();
	private pending: Buffer[] = [];

	/**
	 * @param received is given what the client sent, inflated
	 * @param broken is told that it was no DEFLATE
	 */
	constructor(
		private readonly out: FaultySocket,
		received: (octets: Buffer) => void,
		broken: () => void,
	) {
		this.deflater.on('data', (chunk: Buffer) => out.send(chunk));
		this.inflater.on('data', received).on('error', broken);
	}

	/** What one turn sends is flushed together, so that small responses are compressed as one. */
	send(octets: Buffer): void {
		if (this.pending.length === 0) process.nextTick(() => this.flush());
		this.pending.push(octets);
	}

	receive(chunk: Buffer): void {
		this.inflater.write(chunk);
	}

	/** Ends the connection once all is sent. */
	end(): void {
		this.flush();
		this.deflater.flush(zlib.constants.Z_SYNC_FLUSH, () => setImmediate(() => this.out.end()));
	}

	/** The connection is gone. */
	destroy(): void {
		this.deflater.destroy();
		this.inflater.destroy();
	}

	private flush(): void {
		if (this.pending.length === 0 || this.deflater.destroyed) return;
		this.deflater.write(Buffer.concat(this.pending));
		this.deflater.flush(zlib.constants.Z_SYNC_FLUSH);
		this.pending = [];
	}
}
