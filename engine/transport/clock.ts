/**
 * The engine's only timers. They never keep the process alive: an open connection does that.
 */

/** Milliseconds of a clock that never jumps. */
export function now(): number {
	return performance.now();
}

/** A timer whose deadline can be moved cheaply: putting it off sets no new timer. */
export class Watchdog {
	private timer: NodeJS.Timeout | undefined;
	private deadline = Infinity;
	/** When the present timer goes off; never later than the deadline. */
	private due = Infinity;

	constructor(private readonly onExpire: () => void) {}

	/** @param ms from now; Infinity stops it */
	set(ms: number): void {
		this.deadline = now() + ms;
		if (this.deadline < this.due) this.arm(ms);
	}

	/** Forgets the deadline; the timer may stay, for the next one. */
	disarm(): void {
		this.deadline = Infinity;
	}

	stop(): void {
		this.deadline = this.due = Infinity;
		clearTimeout(this.timer);
	}

	private arm(ms: number): void {
		clearTimeout(this.timer);
		const wait = Math.min(Math.max(ms, 1), 2 ** 31 - 1);
		this.due = now() + wait;
		this.timer = setTimeout(() => {
			this.due = Infinity;
			const left = this.deadline - now();
			if (left === Infinity) return;
			if (left > 0) this.arm(left);
			else this.onExpire();
		}, wait);
		this.timer.unref();
	}
}
