import type { UntaggedResponse } from '../grammar/response';
import { Watchdog } from '../transport/clock';
import type { Command } from '../commands/command';
import { idle } from '../commands/session/idle';

/** A server may log out who idles for 30 minutes (RFC 2177 §3), and a NAT forgets much sooner. */
const RENEW = 9 * 60_000;

export interface IdleOptions {
	/** Milliseconds after which the iteration ends by itself; Infinity by default. */
	duration?: number;
}

/**
 * What the server tells while it idles, as an async iterator. Leaving the loop, or the end of the
 * duration, ends the idling; what came until then and was not taken is in {@link leftOver}. IDLE
 * is renewed every nine minutes, unseen.
 */
export class Idler implements AsyncIterable<UntaggedResponse> {
	private readonly waiting: UntaggedResponse[] = [];
	private wake: (() => void) | undefined;
	private end: (() => void) | undefined;
	private running: Promise<void> | undefined;
	private error: Error | undefined;
	private over = false;
	private readonly renewal = new Watchdog(() => this.end?.());
	private readonly expiry = new Watchdog(() => this.stop());

	constructor(
		private readonly run: (command: Command<void>) => Promise<void>,
		private readonly options: IdleOptions = {},
	) {}

	/** Responses that came and were not taken; nothing the server said is lost. */
	get leftOver(): readonly UntaggedResponse[] {
		return this.waiting;
	}

	/**
	 * The next responses as they come close together: waits for a first one, then for as long as
	 * the next follows within `interval` milliseconds.
	 * @returns an empty list when the idling is over
	 */
	async burst(interval = 100): Promise<UntaggedResponse[]> {
		const iterator = this[Symbol.asyncIterator]();
		const first = await iterator.next();
		if (first.done) return [];
		const burst = [first.value];
		for (;;) {
			const next = this.waiting.shift();
			if (next) burst.push(next);
			else if (this.over || !(await this.more(interval))) return burst;
		}
	}

	[Symbol.asyncIterator](): AsyncIterator<UntaggedResponse> {
		this.start();
		return {
			next: async () => {
				for (;;) {
					const response = this.waiting.shift();
					if (response) return { done: false, value: response };
					if (this.over) {
						await this.running;
						if (this.waiting.length > 0) continue;
						const { error } = this;
						this.error = undefined;
						if (error) throw error;
						return { done: true, value: undefined };
					}
					await this.more(Infinity);
				}
			},
			return: async () => {
				await this.leave();
				return { done: true, value: undefined };
			},
		};
	}

	/** Ends the idling; resolves when the server has confirmed and other commands may run. */
	async leave(): Promise<void> {
		this.stop();
		await this.running;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.leave();
	}

	/** Sends IDLE, if it hasn't been. */
	start(): this {
		if (this.running) return this;
		this.expiry.set(this.options.duration ?? Infinity);
		this.running = this.keepIdling().catch((error: unknown) => {
			this.error = error as Error;
			this.stop();
		});
		return this;
	}

	private async keepIdling(): Promise<void> {
		while (!this.over) {
			await this.run(
				idle(
					(response) => {
						this.waiting.push(response);
						this.wake?.();
					},
					(end) => {
						if (this.over) return end();
						this.renewal.set(RENEW);
						this.end = () => {
							this.end = undefined;
							end();
						};
					},
				),
			);
			this.renewal.disarm();
		}
	}

	private stop(): void {
		this.over = true;
		this.expiry.stop();
		this.renewal.stop();
		this.end?.();
		this.wake?.();
	}

	/** @returns whether something came, or the idling ended, within so many milliseconds */
	private more(ms: number): Promise<boolean> {
		return new Promise((resolve) => {
			const patience = new Watchdog(() => finish(false));
			const finish = (came: boolean): void => {
				patience.stop();
				this.wake = undefined;
				resolve(came);
			};
			this.wake = () => finish(true);
			patience.set(ms);
		});
	}
}
