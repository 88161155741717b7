import type { AbortSource } from '../transport/abort-source';
import { Watchdog } from '../transport/clock';

/**
 * Ends work at the caller's signal or after a time limit, whichever comes first. Nothing that
 * happens meanwhile puts the limit off.
 */
export class Cancellation implements AbortSource {
	aborted = false;
	reason: unknown;
	private readonly listeners = new Set<() => void>();
	private readonly watchdog: Watchdog;
	private readonly follow: () => void;

	/**
	 * @param ms from now; Infinity for no limit
	 * @param expired the {@link reason} when the limit has passed
	 * @param parent the caller's signal, whose reason is passed on
	 */
	constructor(
		ms: number,
		expired: () => Error,
		private readonly parent?: AbortSignal,
	) {
		this.watchdog = new Watchdog(() => this.abort(expired()));
		this.watchdog.set(ms);
		this.follow = () => this.abort(parent?.reason);
		if (parent?.aborted) this.follow();
		else parent?.addEventListener('abort', this.follow);
	}

	addEventListener(_type: 'abort', listener: () => void): void {
		this.listeners.add(listener);
	}

	removeEventListener(_type: 'abort', listener: () => void): void {
		this.listeners.delete(listener);
	}

	/** The work is done: the limit no longer counts, and the caller's signal is no longer watched. */
	stop(): void {
		this.watchdog.stop();
		this.parent?.removeEventListener('abort', this.follow);
	}

	private abort(reason: unknown): void {
		if (this.aborted) return;
		this.aborted = true;
		this.reason = reason;
		for (const listener of [...this.listeners]) listener();
	}
}

/**
 * @returns what `work` comes to
 * @throws the source's reason as soon as it is aborted; what becomes of `work` then is ignored
 */
export function untilAborted<Result>(work: Promise<Result>, source: AbortSource): Promise<Result> {
	return new Promise((resolve, reject) => {
		// eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a signal's reason can be any value
		const abort = (): void => reject(source.reason);
		const done = (): void => source.removeEventListener('abort', abort);
		work.then(
			(result) => {
				done();
				resolve(result);
			},
			(error: Error) => {
				done();
				reject(error);
			},
		);
		if (source.aborted) abort();
		else source.addEventListener('abort', abort);
	});
}
