/** One absolute deadline for a poll, over everything that it does. */
import type { IPollFunctions } from 'n8n-workflow';
import { Imap4AbortError, type Timeouts } from '../../engine/index';

/** Milliseconds, where n8n names no budget. */
const USUAL_BUDGET = 60_000;
const LONGEST_BUDGET = 5 * 60_000;
/** The part of the budget after which nothing new is begun, after which waiting ends, and the deadline. */
const BEGIN = 0.5;
const WAIT = 0.7;
/** The same as the first for what came while the poll waited. */
const BEGIN_WAITING = 0.8;
const DEADLINE = 0.9;
/** Milliseconds, and part of the budget, in which work that was cut off may hand back what it has. */
const GRACE = 1_000;
const GRACE_PART = 0.05;

export class PollClock {
	// Not the time of day, which may be set back or forth.
	private readonly started = performance.now();
	private readonly controller = new AbortController();
	private begin = BEGIN;
	private isGivenUp = false;

	/** @param budget milliseconds */
	constructor(private readonly budget: number) {}

	static of(context: IPollFunctions): PollClock {
		// Older versions of n8n name none.
		const budget = context.getPollBudgetMs?.() ?? USUAL_BUDGET;
		return new PollClock(Math.min(budget, LONGEST_BUDGET));
	}

	/** Aborted at the deadline: the connection that was lent with it is closed then, so that whatever waits for it ends. */
	get signal(): AbortSignal {
		return this.controller.signal;
	}

	get isOver(): boolean {
		return this.signal.aborted;
	}

	/**
	 * To be called before anything counts as delivered or done: n8n has been told that the poll failed, so
	 * nobody takes what work that did not end with it still finds.
	 * @throws Imap4AbortError TIMEOUT
	 */
	throwIfGivenUp(): void {
		if (this.isGivenUp) throw this.signal.reason;
	}

	/** Milliseconds in which something new may be begun; the rest is for the next poll. */
	get left(): number {
		return this.until(this.begin);
	}

	get hasTime(): boolean {
		return this.left > 0;
	}

	/** Milliseconds in which the poll may wait for new messages. */
	get leftToWait(): number {
		return this.until(WAIT);
	}

	/** From now on the poll only waits, so that what comes late has time left. */
	startWaiting(): void {
		this.begin = BEGIN_WAITING;
	}

	/** Time limits of a connection that fit into the budget. */
	get timeouts(): Timeouts {
		const one = Math.max(250, Math.min(30_000, this.budget / 4));
		return { connect: one, greeting: one, command: one, ready: Math.max(one, this.budget * BEGIN) };
	}

	/**
	 * Runs `work`, and ends it at the deadline whatever it is waiting for.
	 * @throws Imap4AbortError TIMEOUT at the deadline; what `work` throws
	 */
	async limit<Result>(work: () => Promise<Result>): Promise<Result> {
		const timers: NodeJS.Timeout[] = [];
		const overdue = new Promise<never>((_resolve, reject) => {
			timers.push(
				setTimeout(() => {
					const error = this.overdue();
					this.controller.abort(error);
					const grace = Math.min(GRACE, this.budget * GRACE_PART);
					timers.push(
						setTimeout(() => {
							this.isGivenUp = true;
							reject(error);
						}, grace),
					);
				}, this.until(DEADLINE)),
			);
		});
		try {
			return await Promise.race([work(), overdue]);
		} catch (error) {
			throw this.isOver ? (this.signal.reason as Error) : error;
		} finally {
			for (const timer of timers) clearTimeout(timer);
		}
	}

	private until(part: number): number {
		return Math.max(0, this.started + this.budget * part - performance.now());
	}

	private overdue(): Error {
		return new Imap4AbortError(
			'TIMEOUT',
			`The poll did not finish within ${Math.round((this.budget * DEADLINE) / 1000)} s, so the connection was closed. The next poll repeats it.`,
		);
	}
}
