import { Readable } from 'node:stream';
import { Imap4Error } from '../errors';

/** How a body that is being streamed slows the connection down. */
export interface BodyFlow {
	/** Stop reading from the connection until {@link resume}; called as often as it likes. */
	pause(): void;
	resume(): void;
	/** Whether another command waits behind this body, so that holding the connection is no answer. */
	readonly contended: boolean;
	/** Octets that may be kept of a body that nobody reads while {@link contended}. */
	readonly unreadLimit: number;
}

/** Octets kept for a reader that is slower than the connection. */
const HIGH_WATER = 256 * 1024;

const noFlow: BodyFlow = {
	pause: () => undefined,
	resume: () => undefined,
	contended: false,
	unreadLimit: Infinity,
};

/**
 * One body section of a fetched message: `BODY[…]`, `BINARY[…]`, `RFC822…`.
 *
 * A small one is there when the message is ({@link content}). A large one is still on its way
 * when the message is handed out: read it with {@link stream} or {@link bytes} before asking for
 * the next message; leaving it unread discards it.
 * @example
 * for await (const { body } of mailbox.fetch('1', { body: [{ section: '1', peek: true }] })) {
 * 	const [text] = body;
 * 	text?.section; // '1'
 * 	console.log((await text?.bytes())?.toString());
 * }
 */
export class MessageBody {
	private held: Buffer | null | undefined;
	/** Octets announced; undefined for NIL and while nothing has come. */
	private announced: number | undefined;
	private flow: BodyFlow = noFlow;
	private queue: Buffer[] = [];
	private queued = 0;
	private ended = false;
	private discarded = false;
	private error: Error | undefined;
	private readable: Readable | undefined;
	private starving = false;
	private arrival: (() => void)[] = [];
	private before: MessageBody | undefined;

	constructor(
		/** The section in upper case: empty for the whole, `HEADER`, `1.2.MIME`, `HEADER.FIELDS (…)`. */
		readonly section: string,
		/** First octet of the section that is in here, where a part of it was asked for. */
		readonly origin?: number,
	) {}

	/** Octets; undefined if there is no such section (NIL), or not before it has arrived. */
	get size(): number | undefined {
		return this.announced;
	}

	/** The octets if they arrived in one piece; null for NIL; undefined for a streamed body. */
	get content(): Buffer | null | undefined {
		return this.held;
	}

	/**
	 * All octets in memory; null if the server says there is no such section (NIL).
	 * @throws Imap4Error BODY_DISCARDED if it was left unread too long, or as {@link stream}
	 * @example
	 * for await (const { body } of mailbox.fetch('1', { body: [{ section: 'HEADER' }] })) {
	 * 	console.log((await body[0]?.bytes())?.toString());
	 * }
	 */
	async bytes(): Promise<Buffer | null> {
		if (this.held !== undefined) return this.held;
		if (this.announced === undefined) {
			this.passOver();
			await this.arrived();
		}
		if (this.held !== undefined) return this.held;
		const chunks: Buffer[] = [];
		for await (const chunk of this.stream()) chunks.push(chunk as Buffer);
		return Buffer.concat(chunks);
	}

	/**
	 * The octets as a stream, with backpressure up to the server. It can be asked for once. For a
	 * section that is NIL it is empty. It fails with the session's error if the connection breaks.
	 * @example
	 * const { pipeline } = await import('node:stream/promises');
	 * const { createWriteStream } = await import('node:fs');
	 * for await (const { uid, body } of mailbox.fetch('1:*', { body: [{}] })) {
	 * 	const [whole] = body;
	 * 	if (whole) await pipeline(whole.stream(), createWriteStream(`${folder}/${uid}.eml`));
	 * }
	 */
	stream(): Readable {
		if (this.held !== undefined)
			return Readable.from(this.held?.length ? [this.held] : [], { objectMode: false });
		if (this.readable)
			throw new Imap4Error('STATE', 'The stream of this body has already been taken');
		this.readable = new Readable({
			highWaterMark: HIGH_WATER,
			read: () => this.feed(),
			destroy: (error, done) => {
				if (!this.ended) this.discard();
				done(error);
			},
		});
		// Keeps an unhandled "error" event from ending the process; readers still receive the error.
		this.readable.on('error', () => undefined);
		if (this.error) this.readable.destroy(this.error);
		return this.readable;
	}

	/** Whether someone has taken the stream, or waits for it to begin. */
	get taken(): boolean {
		return this.readable !== undefined || this.arrival.length > 0;
	}

	/**
	 * Lets what hasn't been read go by.
	 * @example
	 * for await (const { size, body } of mailbox.fetch('1:*', { size: true, body: [{}] })) {
	 * 	if (size && size > 1_000_000) body[0]?.discard();
	 * }
	 */
	discard(): void {
		if (this.held !== undefined || this.discarded) return;
		this.discarded = true;
		this.queue = [];
		this.queued = 0;
		this.error ??= new Imap4Error('BODY_DISCARDED', 'The body was not read while it could be');
		this.flow.resume();
	}

	/** @internal The bodies of a message come one behind the other. */
	follow(before: MessageBody): void {
		this.before = before;
	}

	/** @internal The section arrived whole. */
	hold(content: Buffer | null): void {
		if (this.readable && !this.ended) {
			// Its stream was taken while it was still behind another body.
			if (content && content.length > 0) this.readable.push(content);
			this.readable.push(null);
		}
		this.held = content;
		this.announced = content?.length;
		this.ended = true;
		this.notify();
	}

	/** @internal The section begins to arrive. */
	begin(size: number, flow: BodyFlow): void {
		this.announced = size;
		this.flow = flow;
		this.notify();
	}

	/** @internal */
	chunk(bytes: Buffer): void {
		if (this.discarded || bytes.length === 0) return;
		if (this.readable && this.starving && this.queue.length === 0) {
			this.starving = this.readable.push(bytes);
			if (!this.starving) this.flow.pause();
			return;
		}
		this.queue.push(bytes);
		this.queued += bytes.length;
		if (this.queued < HIGH_WATER) return;
		if (this.readable || !this.flow.contended) this.flow.pause();
		else if (this.queued > this.flow.unreadLimit) {
			this.error = new Imap4Error(
				'BODY_DISCARDED',
				`A body of ${this.announced} bytes was left unread while another command waited behind it; read it first, or use a second connection`,
			);
			this.discard();
		}
	}

	/** @internal */
	end(): void {
		this.ended = true;
		if (this.readable && this.queue.length === 0) this.readable.push(null);
		// Its last octets may have held the connection, and nothing would let it go any more.
		this.flow.resume();
	}

	/** @internal The connection is gone. */
	fail(error: Error): void {
		if (this.ended) return;
		this.ended = true;
		this.error ??= error;
		this.readable?.destroy(error);
		this.notify();
	}

	private feed(): void {
		const readable = this.readable as Readable;
		if (this.discarded) {
			readable.destroy(this.error);
			return;
		}
		if (this.announced === undefined) this.passOver();
		this.starving = true;
		while (this.starving) {
			const bytes = this.queue.shift();
			if (!bytes) break;
			this.queued -= bytes.length;
			this.starving = readable.push(bytes);
		}
		if (this.queue.length > 0) return;
		if (this.ended) readable.push(null);
		// Even behind the end: what follows this body may be held back as well.
		this.flow.resume();
	}

	/** Discards what comes before this body, unless it is being read: waiting for both would never end. */
	private passOver(): void {
		const { before } = this;
		if (!before) return;
		before.passOver();
		if (!before.taken) before.discard();
	}

	private arrived(): Promise<void> {
		if (this.error) return Promise.reject(this.error);
		return new Promise((resolve, reject) => {
			this.arrival.push(() => (this.error ? reject(this.error) : resolve()));
		});
	}

	private notify(): void {
		for (const waiting of this.arrival.splice(0)) waiting();
	}
}
