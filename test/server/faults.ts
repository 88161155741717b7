import type net from 'node:net';

/** What goes wrong on demand. All are off by default. */
export interface Faults {
	/** Cut the connection once the server has sent so many bytes. */
	cutAfterSent?: number;
	/** Cut the connection once the client has sent so many bytes. */
	cutAfterReceived?: number;
	/** Send in pieces of these sizes, over and over, each by itself. */
	chunkSizes?: readonly number[];
	/** Milliseconds to wait before each thing sent. */
	delay?: number;
	/** Bytes to send before the k-th thing that the server sends. */
	garbage?: {
		/** Counted from 1. */
		before: number;
		/** What to send. */
		octets: Buffer;
	};
	/** What to send in place of what the server sends. */
	rewrite?: (octets: Buffer) => Buffer;
	/** Answers in place of the server; undefined lets the server answer, '' never answers. */
	on?: (command: { tag: string; line: string }) => string | undefined;
}

/** What has gone over all connections so far. */
export interface Traffic {
	/** Bytes to clients. */
	sent: number;
	/** Bytes from clients. */
	received: number;
	/** Things sent, each a response or more. */
	responses: number;
}

/** A socket that fails as it is told to. */
export class FaultySocket {
	private sent = 0;
	private got = 0;
	private count = 0;
	private chain: Promise<void> | undefined;

	constructor(
		private readonly socket: net.Socket,
		private readonly faults: Faults,
		private readonly traffic: Traffic,
	) {}

	send(octets: Buffer): void {
		this.count++;
		this.traffic.responses++;
		const { garbage, delay, chunkSizes, rewrite } = this.faults;
		const sent = rewrite ? rewrite(octets) : octets;
		const all = garbage?.before === this.count ? Buffer.concat([garbage.octets, sent]) : sent;
		if (!delay && !chunkSizes && !this.chain) {
			this.write(all);
			return;
		}
		this.chain = (this.chain ?? Promise.resolve()).then(async () => {
			if (delay) await new Promise((resolve) => setTimeout(resolve, delay));
			if (!chunkSizes) return this.write(all);
			for (let at = 0, turn = 0; at < all.length; turn++) {
				const size = Math.max(1, chunkSizes[turn % chunkSizes.length] ?? 1);
				this.write(all.subarray(at, at + size));
				at += size;
				await new Promise((resolve) => setImmediate(resolve));
			}
		});
	}

	/** @returns false if the connection is cut now */
	received(octets: number): boolean {
		this.got += octets;
		this.traffic.received += octets;
		if (this.got < (this.faults.cutAfterReceived ?? Infinity)) return true;
		this.socket.destroy();
		return false;
	}

	end(): void {
		if (this.chain) void this.chain.then(() => this.socket.end());
		else this.socket.end();
	}

	/** Sends what is held back, before the socket is wrapped in another. */
	flush(): void {
		while (this.socket.writableCorked > 0) this.socket.uncork();
	}

	private write(octets: Buffer): void {
		if (this.socket.destroyed) return;
		// What one turn sends goes out together: a system call for each response is slow.
		if (this.socket.writableCorked === 0) {
			this.socket.cork();
			process.nextTick(() => this.socket.uncork());
		}
		const left = (this.faults.cutAfterSent ?? Infinity) - this.sent;
		if (left <= 0) return;
		this.sent += octets.length;
		this.traffic.sent += octets.length;
		if (octets.length < left) {
			this.socket.write(octets);
			return;
		}
		this.socket.write(octets.subarray(0, left), () => this.socket.destroy());
	}
}
