/** Waiting without waiting: time passes only where nothing else happens, and then in great steps. */
import { onTestFinished, vi } from 'vitest';

/** Turns of the event loop with nothing to do between two steps; what was sent has arrived by then. */
const TURNS = 20;
/** Milliseconds of one step. */
const STEP = 5;

/**
 * What threads of the pool do takes time that nobody sees: without mechanisms that hash passwords, and
 * compression, all happens in the event loop.
 */
export const IN_EVENT_LOOP: readonly string[] = [
	...['SHA-1', 'SHA-256', 'SHA-1-PLUS', 'SHA-256-PLUS'].map((name) => `AUTH=SCRAM-${name}`),
	'COMPRESS=DEFLATE',
];

/**
 * From now on until the end of the test.
 * @param most milliseconds that pass; then time stands still, so that a test which waits for longer fails
 */
export function hurryTime(most = 20_000): void {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
	let turns = 0;
	let next = setImmediate(turn);
	function turn(): void {
		turns++;
		if (turns % TURNS === 0 && (turns / TURNS) * STEP <= most) vi.advanceTimersByTime(STEP);
		next = setImmediate(turn);
	}
	onTestFinished(() => {
		clearImmediate(next);
		vi.useRealTimers();
	});
}
