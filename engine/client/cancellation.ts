import { Watchdog } from '../transport/clock';

/**
 * Ends work at the caller's signal or after a time limit, whichever comes first. Nothing that
 * happens meanwhile puts the limit off.
 */
export class Cancellation {
	private readonly controller = new AbortController();
	private readonly watchdog: Watchdog;
	private readonly follow: () => void;

	/**
	 * @param ms from now; Infinity for no limit
	 * @param expired the reason of {@link signal} when the limit has passed
	 * @param parent the caller's signal, whose reason is passed on
	 */
	constructor(
		ms: number,
		expired: () => Error,
		private readonly parent?: AbortSignal,
	) {
		this.watchdog = new Watchdog(() => this.controller.abort(expired()));
		this.watchdog.set(ms);
		this.follow = () => this.controller.abort(parent?.reason);
		if (parent?.aborted) this.follow();
		else parent?.addEventListener('abort', this.follow);
	}

	get signal(): AbortSignal {
		return this.controller.signal;
	}

	/** @returns what `work` comes to; the signal's reason, at once, if that is aborted before */
	race<Result>(work: Promise<Result>): Promise<Result> {
		return untilAborted(work, this.signal);
	}

	/** The work is done: the limit no longer counts, and the caller's signal is no longer watched. */
	stop(): void {
		this.watchdog.stop();
		this.parent?.removeEventListener('abort', this.follow);
	}
}

/**
 * @returns what `work` comes to
 * @throws the signal's reason as soon as it is aborted; what becomes of `work` then is ignored
 */
export function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
	return new Promise((resolve, reject) => {
		const abort = (): void => reject(signal.reason as Error);
		const done = (): void => signal.removeEventListener('abort', abort);
		work.then(resolve, reject).finally(done);
		if (signal.aborted) abort();
		else signal.addEventListener('abort', abort);
	});
}
