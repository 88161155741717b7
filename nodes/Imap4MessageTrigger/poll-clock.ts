/** Keeps a poll within the time that n8n gives it. */
import type { IPollFunctions } from 'n8n-workflow';
import { Imap4AbortError, Imap4Error, type Imap4, type Timeouts } from '../../engine/index';

/** Milliseconds, where n8n names no budget. */
const USUAL_BUDGET = 60_000;
const LONGEST_BUDGET = 5 * 60_000;
/** The part of the budget after which nothing new is begun, and after which all is cut off. */
const BEGIN = 0.5;
const CUT = 0.9;

export class PollClock {
	private readonly started = Date.now();
	private expired = false;

	/** @param budget milliseconds */
	constructor(private readonly budget: number) {}

	static of(context: IPollFunctions): PollClock {
		// Older versions of n8n name none.
		const budget = context.getPollBudgetMs?.() ?? USUAL_BUDGET;
		return new PollClock(Math.min(budget, LONGEST_BUDGET));
	}

	/** Milliseconds in which something new may be begun; the rest is for the next poll. */
	get left(): number {
		return Math.max(0, this.started + this.budget * BEGIN - Date.now());
	}

	get hasTime(): boolean {
		return this.left > 0;
	}

	/** Deadlines of a connection that fit into the budget. */
	get timeouts(): Timeouts {
		const one = Math.max(250, Math.min(30_000, this.budget / 4));
		return { connect: one, greeting: one, command: one, ready: Math.max(one, this.budget * BEGIN) };
	}

	/**
	 * Cuts the connection off when the time is up, so that `work` ends.
	 * @throws Imap4AbortError TIMEOUT then, and what `work` throws
	 */
	async limit<Result>(imap: Imap4, work: () => Promise<Result>): Promise<Result> {
		const left = this.started + this.budget * CUT - Date.now();
		const timer = setTimeout(
			() => {
				this.expired = true;
				imap.destroy();
			},
			Math.max(0, left),
		);
		try {
			return await work();
		} catch (error) {
			if (!this.expired || !(error instanceof Imap4Error)) throw error;
			throw new Imap4AbortError(
				'TIMEOUT',
				`The poll was not done after ${Math.round((this.budget * CUT) / 1000)} s, so the connection was closed; the next poll repeats it`,
				{ cause: error },
			);
		} finally {
			clearTimeout(timer);
		}
	}
}
