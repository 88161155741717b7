import type { SessionState } from '../command';
import { Imap4Error } from '../../errors';
import type { FetchedMessage } from '../../grammar/fetch';
import type { UidSet } from '../../grammar/message-set';
import { vanishedUids } from '../vanished-uids';
import type { MessageSink } from './fetch-answers';

/** Messages kept for a caller that is slower than the server, before the connection is held. */
const MOST_WAITING = 1000;
const MOST_OCTETS = 4 * 1024 * 1024;

/**
 * The messages of a fetch, as they arrive. Nothing is sent before they are asked for; they can be
 * iterated once: a second iteration throws an error with the code STATE.
 *
 * The server is held up while the caller is busy, unless another command waits behind the fetch:
 * then messages are kept in memory. A body that is streamed must be read before the next message
 * is asked for. Leaving the loop early lets the rest go by.
 * @example
 * for await (const message of mailbox.fetch('1:*', { flags: true })) {
 * 	if (message.flags?.includes('\\Flagged')) break; // the other messages are passed over
 * }
 */
export class FetchedMessages implements AsyncIterable<FetchedMessage> {
	/** Messages and the octets of their bodies, as far as they are known. */
	private waiting: ({ message: FetchedMessage; octets: number } | undefined)[] = [];
	private next = 0;
	private octets = 0;
	private wanted: ((result: IteratorResult<FetchedMessage>) => void) | undefined;
	private wantedFailed: ((error: Error) => void) | undefined;
	private ended = false;
	private error: Error | undefined;
	private left = false;
	private current: FetchedMessage | undefined;
	private session: SessionState | undefined;
	private started = false;
	private readonly gone: string[] = [];

	/** @internal @param begin sends the command or commands, whose messages come to the sink */
	constructor(private readonly begin: (sink: MessageSink) => Promise<void>) {}

	/** UIDs that are gone, once all messages have come, where the fetch asked for them with `vanished`. */
	get vanishedUids(): UidSet | undefined {
		return vanishedUids(this.gone);
	}

	/**
	 * All messages at once. Streamed bodies are read into memory.
	 * @example
	 * const messages = await mailbox.fetch('1:10', { envelope: true }).all();
	 */
	async all(): Promise<FetchedMessage[]> {
		const messages: FetchedMessage[] = [];
		for await (const message of this) {
			for (const body of message.body) {
				const bytes = await body.bytes();
				if (body.content === undefined) body.hold(bytes);
			}
			messages.push(message);
		}
		return messages;
	}

	/** Sends the command. @throws Imap4Error STATE the second time */
	[Symbol.asyncIterator](): AsyncIterator<FetchedMessage> {
		if (this.started) {
			throw new Imap4Error(
				'STATE',
				'The messages of a fetch can be iterated once; fetch them again',
				{
					command: 'FETCH',
				},
			);
		}
		this.started = true;
		this.begin(this).then(
			() => this.finish(undefined),
			(error: unknown) => this.finish(error as Error),
		);
		return {
			next: () => this.take(),
			return: async () => {
				this.leave();
				return { done: true, value: undefined };
			},
		};
	}

	/** @internal */
	message(message: FetchedMessage, session: SessionState): void {
		this.session = session;
		if (this.left) return discardBodies(message);
		const { wanted } = this;
		if (wanted) {
			this.wanted = this.wantedFailed = undefined;
			this.current = message;
			wanted({ done: false, value: message });
			return;
		}
		let octets = 0;
		for (const { size = 0 } of message.body) octets += size;
		this.waiting.push({ message, octets });
		this.octets += octets;
		const many = this.waiting.length - this.next > MOST_WAITING || this.octets > MOST_OCTETS;
		if (many && !session.flow.contended) session.flow.pause();
	}

	/** @internal */
	vanished(uids: string): void {
		this.gone.push(uids);
	}

	private take(): Promise<IteratorResult<FetchedMessage>> {
		this.leaveCurrent();
		const waiting = this.waiting[this.next];
		if (waiting) {
			const { message, octets } = waiting;
			// A queue that is never empty must not hold what was taken.
			this.waiting[this.next] = undefined;
			this.next++;
			this.octets -= octets;
			if (this.next === this.waiting.length) {
				this.waiting = [];
				this.next = this.octets = 0;
				this.session?.flow.resume();
			}
			this.current = message;
			return Promise.resolve({ done: false, value: message });
		}
		if (this.ended) {
			const { error } = this;
			this.error = undefined;
			return error ? Promise.reject(error) : Promise.resolve({ done: true, value: undefined });
		}
		return new Promise((resolve, reject) => {
			this.wanted = resolve;
			this.wantedFailed = reject;
		});
	}

	private leaveCurrent(): void {
		const { current } = this;
		this.current = undefined;
		if (current) discardBodies(current);
	}

	private leave(): void {
		this.left = true;
		this.leaveCurrent();
		for (const one of this.waiting.splice(0)) if (one) discardBodies(one.message);
		this.session?.flow.resume();
	}

	private finish(error: Error | undefined): void {
		this.ended = true;
		// A set in several commands may continue: what comes after an error is discarded.
		this.left ||= error !== undefined;
		const { wanted, wantedFailed } = this;
		this.wanted = this.wantedFailed = undefined;
		if (!wanted) this.error = error;
		else if (error) wantedFailed?.(error);
		else wanted({ done: true, value: undefined });
	}
}

/** A body whose stream was taken belongs to its reader; the others are discarded. */
function discardBodies(message: FetchedMessage): void {
	for (const body of message.body) if (!body.taken) body.discard();
}
