import { idle } from '../commands/session/idle';
import { noop } from '../commands/session/noop';
import type { UntaggedResponse } from '../grammar/response';
import { now, Watchdog } from '../transport/clock';
import type { Session } from './session';

/** A server may log out a client that idles for 30 minutes (RFC 2177 §3), and a NAT forgets much sooner. */
const RENEWAL = 9 * 60_000;
/** An IDLE that the server ends sooner than this, without being asked to, was none. */
const SHORTEST_IDLE = 10_000;
/** How long to wait before IDLE is tried again after such an end; after the last, it is not. */
const BACKOFF = [1000, 5000];
/** Between two NOOPs to a server that does not idle. */
const POLL_INTERVAL = 30_000;

/** How long to wait for what the server sends. */
export interface IdleOptions {
	/** Milliseconds after which the iteration ends by itself; Infinity by default. */
	duration?: number;
	/** Ends the iteration at once: it throws the signal's reason. The connection stays usable. */
	signal?: AbortSignal;
}

/**
 * What the server sends while it idles, as an async iterator. Leaving the loop, or the end of the
 * duration, ends the idling; what came until then and was not taken is in {@link leftOver}. IDLE
 * is renewed every nine minutes, unseen. A server that ends IDLE at once is asked again a little
 * later, and then polled by NOOP every half minute.
 *
 * The iteration ends without waiting for a server that has not confirmed IDLE yet; commands that
 * follow wait for it, and the session's timeout for commands applies.
 * @example
 * for await (const response of imap.idle({ duration: 60_000 })) {
 * 	if (response.type === 'EXISTS') console.log(response.number, 'messages now');
 * 	break;
 * }
 */
export class Idler implements AsyncIterable<UntaggedResponse> {
	private readonly waiting: UntaggedResponse[] = [];
	private readonly wakes = new Set<() => void>();
	/** Sends DONE; missing while the server does not idle. */
	private end: (() => void) | undefined;
	/** IDLE has been sent, and the server has not said that it idles. */
	private unconfirmed = false;
	private running: Promise<void> | undefined;
	private error: Error | undefined;
	private over = false;
	private readonly renewal = new Watchdog(() => this.end?.());
	private readonly expiry = new Watchdog(() => this.stop());
	/** Takes back the NOOP of a poll. */
	private readonly stopping = new AbortController();
	private readonly abort = (): void => this.stop();

	/** @internal */
	constructor(
		private readonly session: Session,
		private readonly options: IdleOptions = {},
	) {}

	/** Responses that came and were not taken; nothing the server sent is lost. */
	get leftOver(): readonly UntaggedResponse[] {
		return this.waiting;
	}

	/**
	 * The next responses as they come close together: waits for a first one, then for as long as
	 * the next follows within `interval` milliseconds.
	 * @returns an empty list when the idling is over
	 * @example
	 * await using idler = imap.idle({ duration: 60_000 });
	 * const responses = await idler.burst();
	 */
	async burst(interval = 100): Promise<UntaggedResponse[]> {
		const iterator = this[Symbol.asyncIterator]();
		const first = await iterator.next();
		if (first.done) return [];
		const burst = [first.value];
		for (;;) {
			const next = this.waiting.shift();
			if (next) burst.push(next);
			else if (this.over || !(await this.woken(interval))) return burst;
		}
	}

	/** What comes from here on, and before it what came and was not taken. */
	[Symbol.asyncIterator](): AsyncIterator<UntaggedResponse> {
		this.start();
		return {
			next: () => this.next(),
			return: async () => {
				await this.leave();
				return { done: true, value: undefined };
			},
		};
	}

	/**
	 * Ends the idling; resolves when the server has confirmed that, if it had confirmed that it idles.
	 * @example
	 * const idler = imap.idle().start();
	 * await idler.leave();
	 * await imap.noop(); // commands can be sent again
	 */
	async leave(): Promise<void> {
		this.stop();
		if (!this.unconfirmed) await this.running;
	}

	/** The same as {@link leave}. */
	async [Symbol.asyncDispose](): Promise<void> {
		await this.leave();
	}

	/**
	 * Sends IDLE, if it hasn't been.
	 * @example
	 * const idler = imap.idle().start();
	 * await idler.leave();
	 * for (const response of idler.leftOver) console.log(response.type);
	 */
	start(): this {
		if (this.running) return this;
		const { duration = Infinity, signal } = this.options;
		if (signal?.aborted) this.over = true;
		else signal?.addEventListener('abort', this.abort, { once: true });
		this.expiry.set(duration);
		this.running = this.keepIdling()
			.catch((error: unknown) => {
				this.error = error as Error;
			})
			.finally(() => this.stop());
		return this;
	}

	private async next(): Promise<IteratorResult<UntaggedResponse>> {
		for (;;) {
			this.options.signal?.throwIfAborted();
			const response = this.waiting.shift();
			if (response) return { done: false, value: response };
			if (!this.over) {
				await this.woken(Infinity);
				continue;
			}
			if (!this.unconfirmed) await this.running;
			if (this.waiting.length > 0) continue;
			const { error } = this;
			this.error = undefined;
			if (error) throw error;
			return { done: true, value: undefined };
		}
	}

	private async keepIdling(): Promise<void> {
		const stopListening = this.session.listen((response) => this.take(response));
		try {
			let refusals = 0;
			while (!this.over) {
				const lasted = await this.idleOnce();
				refusals = lasted < SHORTEST_IDLE ? refusals + 1 : 0;
				await this.pause(BACKOFF[refusals - 1] ?? 0);
				if (refusals > BACKOFF.length) return await this.poll();
			}
		} finally {
			stopListening();
		}
	}

	/** @returns milliseconds until it ended */
	private async idleOnce(): Promise<number> {
		const started = now();
		this.unconfirmed = true;
		try {
			await this.session.run(
				idle(
					(response) => this.take(response),
					(end) => {
						this.unconfirmed = false;
						this.end = () => {
							this.end = undefined;
							end();
						};
						if (this.over) this.end();
						else this.renewal.set(RENEWAL);
					},
				),
			);
		} finally {
			this.unconfirmed = false;
			this.end = undefined;
		}
		return now() - started;
	}

	private async poll(): Promise<void> {
		const { signal } = this.stopping;
		while (!this.over) {
			try {
				await this.session.run(noop(), { signal });
			} catch (error) {
				if (!signal.aborted) throw error;
			}
			await this.pause(POLL_INTERVAL);
		}
	}

	private take(response: UntaggedResponse): void {
		this.waiting.push(response);
		this.wake();
	}

	private stop(): void {
		this.over = true;
		this.expiry.stop();
		this.renewal.stop();
		this.options.signal?.removeEventListener('abort', this.abort);
		this.end?.();
		this.stopping.abort();
		this.wake();
	}

	private wake(): void {
		for (const wake of [...this.wakes]) wake();
	}

	private async pause(ms: number): Promise<void> {
		const until = now() + ms;
		while (!this.over && now() < until) await this.woken(until - now());
	}

	/** @returns whether something came, or the idling ended, within so many milliseconds */
	private woken(ms: number): Promise<boolean> {
		return new Promise((resolve) => {
			const timer = new Watchdog(() => finish(false));
			const finish = (came: boolean): void => {
				timer.stop();
				this.wakes.delete(wake);
				resolve(came);
			};
			const wake = (): void => finish(true);
			this.wakes.add(wake);
			timer.set(ms);
		});
	}
}
