import type { Socket } from 'node:net';

/** Pieces written before the client gets its turn. */
const AT_ONCE = 8;

/**
 * Writes octets in small pieces, each in a packet of its own as far as the system lets it: how
 * many of them the client reads in one go depends on how fast it is.
 */
export class PieceWriter {
	private waiting: Buffer[] = [];
	private busy = false;
	private seed = 1;

	/** @param smallest, largest octets of a piece */
	constructor(
		private readonly socket: Socket,
		private readonly smallest: number,
		private readonly largest: number,
	) {}

	write(parts: Buffer[]): void {
		this.waiting.push(...parts);
		if (!this.busy) this.go();
	}

	private go(): void {
		this.busy = true;
		for (let count = 0; count < AT_ONCE; count++) {
			const [part] = this.waiting;
			if (!part || this.socket.destroyed) {
				this.busy = false;
				return;
			}
			const size = this.nextSize();
			this.socket.write(part.subarray(0, size));
			if (part.length <= size) this.waiting.shift();
			else this.waiting[0] = part.subarray(size);
		}
		setImmediate(() => this.go());
	}

	/** The same sizes in every run. */
	private nextSize(): number {
		this.seed = (Math.imul(this.seed, 1103515245) + 12345) & 0x7fffffff;
		return this.smallest + ((this.seed >> 8) % (this.largest - this.smallest + 1));
	}
}
