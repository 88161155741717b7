import { setImmediate } from 'node:timers/promises';

/** Long work on a message gives other work its turn: a promise that is fulfilled in the next turn of the event loop. */
export const nextTurn = (): Promise<void> => setImmediate();

/** Milliseconds of work after which other work gets its turn. */
const TURN = 20;

/** One for all: it is asked for each of a hundred thousand messages. */
const AT_ONCE = Promise.resolve();

/** The turns of one piece of long work. */
export class Turns {
	private since = performance.now();

	/** Gives other work its turn if it has waited for long. */
	next(): Promise<void> {
		return performance.now() - this.since < TURN ? AT_ONCE : this.give();
	}

	private async give(): Promise<void> {
		await nextTurn();
		this.since = performance.now();
	}
}
