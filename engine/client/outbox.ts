import { Imap4AbortError } from '../errors';
import type { Trace } from './trace';
import type { Transport } from '../transport/transport';
import type { LiteralStream, Segment } from '../wire/writer';

/** Octets of a literal that are handed to the connection in one piece. */
const PIECE = 256 * 1024;

/** Octets up to which pieces are put together: copying them costs less than another system call. */
const BATCH = 64 * 1024;

/** What the outbox is busy with, after which it can take the next command. */
interface Writing {
	tag: string;
	segments: readonly Segment[];
	/** The segment whose literal comes next. */
	index: number;
	/** Waits for `+`, else its literal is on the way. */
	wait: boolean;
	/** The server has answered the command while its literal was on the way. */
	answered?: boolean;
	written: () => void;
}

/**
 * Puts commands on the wire: stops at a synchronizing literal until the server says `+`
 * (RFC 9051 §4.3), lets large literals flow with backpressure, and sends what is written within
 * one turn of the event loop in one piece.
 */
export class Outbox {
	private pieces: (string | Buffer)[] = [];
	private writing: Writing | undefined;
	private full: (() => void) | undefined;
	private stopped = false;
	/** The stream of the caller's that is being sent. */
	private source: AsyncIterator<Uint8Array> | undefined;

	constructor(
		private transport: Transport,
		private readonly fail: (error: Imap4AbortError) => void,
		/** A piece of a large literal has gone out: a long upload is no silence. */
		private readonly progressed: () => void,
		private readonly trace: Trace | undefined,
	) {}

	attach(transport: Transport): void {
		this.transport = transport;
	}

	/** Whether no other command can be written yet. */
	get waiting(): boolean {
		return this.writing !== undefined;
	}

	/** Whether the command with this tag has not been written whole yet. */
	isWriting(tag: string): boolean {
		return this.writing?.tag === tag;
	}

	/** @param written called if the command could not be written whole at once, when it has been */
	command(tag: string, segments: readonly Segment[], written: () => void): void {
		this.write(`${tag} `);
		this.segments({ tag, segments, index: 0, wait: false, written });
	}

	/** A line in the course of a command, e.g. a SASL response. */
	line(text: string, secret: boolean): void {
		this.write(`${text}\r\n`);
		this.trace?.({ direction: 'send', text: secret ? '***' : text });
	}

	/**
	 * The server said `+`.
	 * @returns whether a literal was waiting for it
	 */
	proceed(): boolean {
		const { writing } = this;
		if (!writing?.wait) return false;
		this.writing = undefined;
		const literal = writing.segments[writing.index]?.literal as Buffer | LiteralStream;
		if (!this.literal(literal, writing)) return true;
		this.segments({ ...writing, index: writing.index + 1, wait: false });
		return true;
	}

	/**
	 * The command has ended. One that waited for `+` was refused: its literal is not sent.
	 * @returns `cut short` if not all of it had been sent
	 */
	ends(tag: string): 'complete' | 'cut short' {
		const { writing } = this;
		if (writing?.tag !== tag) return 'complete';
		// A literal already on its way must still be sent whole, or the connection is out of step.
		if (writing.wait) this.writing = undefined;
		else writing.answered = true;
		return 'cut short';
	}

	drained(): void {
		const { full } = this;
		this.full = undefined;
		full?.();
	}

	stop(): void {
		this.stopped = true;
		this.writing = undefined;
		this.pieces = [];
		this.drained();
		this.endSource();
	}

	/** Lets the caller's stream end as well, even while it is being waited for. */
	private endSource(): void {
		const { source } = this;
		this.source = undefined;
		const end = async (): Promise<unknown> => source?.return?.();
		// No one waits for this any more, so its failure is not reported.
		end().catch(() => undefined);
	}

	private segments(writing: Writing): void {
		for (; writing.index < writing.segments.length; writing.index++) {
			const { text, shown, literal, wait } = writing.segments[writing.index] as Segment;
			this.write(text);
			this.trace?.({
				direction: 'send',
				text: `${writing.index === 0 ? `${writing.tag} ` : ''}${(shown ?? text).trimEnd()}`,
			});
			if (literal === undefined) continue;
			if (wait) {
				this.writing = { ...writing, wait: true };
				return;
			}
			if (!this.literal(literal, writing)) return;
		}
	}

	/** @returns whether it was written at once */
	private literal(literal: Buffer | LiteralStream, writing: Writing): boolean {
		if (Buffer.isBuffer(literal) && literal.length <= PIECE) {
			this.write(literal);
			return true;
		}
		const state: Writing = { ...writing, wait: false };
		this.writing = state;
		this.flush();
		void this.pour(Buffer.isBuffer(literal) ? inPieces(literal) : literal, state);
		return false;
	}

	private async pour(literal: LiteralStream, writing: Writing): Promise<void> {
		let left = literal.size;
		try {
			const source = literal.octets[Symbol.asyncIterator]();
			this.source = source;
			for (;;) {
				const { done, value: chunk } = await source.next();
				if (this.stopped) return;
				if (done) break;
				left -= chunk.length;
				if (left < 0) break;
				const bytes = Buffer.isBuffer(chunk)
					? chunk
					: Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
				if (!this.transport.write(bytes))
					await new Promise<void>((resolve) => (this.full = resolve));
				if (this.stopped) return;
				this.progressed();
			}
		} catch (error) {
			return this.cut('The bytes to send could not be read', error);
		}
		if (left !== 0) {
			return this.cut(
				`The bytes to send were ${left > 0 ? 'fewer' : 'more'} than the ${literal.size} announced`,
			);
		}
		this.source = undefined;
		this.writing = undefined;
		// What else belongs to a command that is refused already is not sent: only its line is ended.
		if (writing.answered) this.write('\r\n');
		else this.segments({ ...writing, index: writing.index + 1 });
		if (!this.writing) writing.written();
	}

	/** A literal that stops half-way leaves the connection out of step. */
	private cut(message: string, cause?: unknown): void {
		this.fail(new Imap4AbortError('CLOSED', message, { cause }));
	}

	private write(piece: string | Buffer): void {
		if (this.pieces.length === 0) queueMicrotask(() => this.flush());
		this.pieces.push(piece);
	}

	private flush(): void {
		const { pieces } = this;
		if (pieces.length === 0 || this.stopped) return;
		this.pieces = [];
		// Most commands are nothing but text, which Node encodes as it writes.
		if (pieces.every((piece) => typeof piece === 'string'))
			return void this.transport.write(pieces.join(''));
		let batch: Buffer[] = [];
		let size = 0;
		const send = (): void => {
			if (size > 0)
				this.transport.write(
					batch.length === 1 ? (batch[0] as Buffer) : Buffer.concat(batch, size),
				);
			batch = [];
			size = 0;
		};
		let text = '';
		const add = (octets: Buffer): void => {
			if (size + octets.length > BATCH) send();
			batch.push(octets);
			size += octets.length;
		};
		for (const piece of pieces) {
			if (typeof piece === 'string') {
				text += piece;
				continue;
			}
			if (text !== '') add(Buffer.from(text));
			text = '';
			add(piece);
		}
		if (text !== '') add(Buffer.from(text));
		send();
	}
}

function inPieces(literal: Buffer): LiteralStream {
	async function* pieces(): AsyncGenerator<Buffer> {
		for (let at = 0; at < literal.length; at += PIECE) yield literal.subarray(at, at + PIECE);
	}
	return { size: literal.length, octets: pieces() };
}
