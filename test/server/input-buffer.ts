const SMALLEST = 16 * 1024;
/** An empty store larger than this is given back. */
const LARGEST_KEPT = 1024 * 1024;

/**
 * Octets that came and were not taken yet, in one piece. What was taken is never written over, and
 * each octet is copied a few times at most, however small the pieces it comes in.
 */
export class InputBuffer {
	private store = Buffer.alloc(0);
	private start = 0;
	private end = 0;

	get octets(): Buffer {
		return this.store.subarray(this.start, this.end);
	}

	add(chunk: Buffer): void {
		if (this.end + chunk.length > this.store.length) {
			const held = this.octets;
			this.store = Buffer.allocUnsafeSlow(Math.max(SMALLEST, 2 * (held.length + chunk.length)));
			this.end = held.copy(this.store);
			this.start = 0;
		}
		this.end += chunk.copy(this.store, this.end);
	}

	take(length: number): Buffer {
		this.start += length;
		const taken = this.store.subarray(this.start - length, this.start);
		if (this.start === this.end && this.store.length > LARGEST_KEPT) {
			this.store = Buffer.alloc(0);
			this.start = this.end = 0;
		}
		return taken;
	}

	clear(): void {
		this.start = this.end;
	}
}
