/** The one deadline of a poll. */
import type { IPollFunctions } from 'n8n-workflow';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PollClock } from '../../../nodes/Imap4MessageTrigger/poll-clock';

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
	vi.useRealTimers();
});

const never = (): Promise<never> => new Promise(() => undefined);

test('half of the budget is for what begins, and seven tenths for waiting', () => {
	const clock = new PollClock(60_000);
	expect(clock.left).toBe(30_000);
	expect(clock.leftToWait).toBe(42_000);
	vi.advanceTimersByTime(29_999);
	expect(clock.hasTime).toBe(true);
	vi.advanceTimersByTime(1);
	expect(clock.hasTime).toBe(false);
	expect(clock.leftToWait).toBe(12_000);
	vi.advanceTimersByTime(20_000);
	expect(clock.left).toBe(0);
	expect(clock.leftToWait).toBe(0);
});

test('what comes while the poll waits may begin for longer', () => {
	const clock = new PollClock(60_000);
	clock.startWaiting();
	expect(clock.left).toBe(48_000);
});

test.each<[string, Partial<IPollFunctions>, number]>([
	['n8n’s', { getPollBudgetMs: () => 20_000 }, 20_000],
	['a minute where n8n names none', {}, 60_000],
	['five minutes at most', { getPollBudgetMs: () => 3_600_000 }, 300_000],
])('the budget is %s', (_title, context, budget) => {
	expect(PollClock.of(context as IPollFunctions).left).toBe(budget / 2);
});

test.each([
	[60_000, 15_000, 30_000],
	[300_000, 30_000, 150_000],
	[800, 250, 400],
	[200, 250, 250],
])('with %i ms, an answer may take %i ms and the login %i ms', (budget, one, ready) => {
	const { timeouts } = new PollClock(budget);
	expect(timeouts).toEqual({ connect: one, greeting: one, command: one, ready });
});

test('work that ends in time returns its result or throws its error, and no timer is left', async () => {
	const clock = new PollClock(60_000);
	expect(await clock.limit(async () => 'done')).toBe('done');
	await expect(clock.limit(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
	expect(vi.getTimerCount()).toBe(0);
	expect(clock.isOver).toBe(false);
});

test('at the deadline the signal is aborted, and then the poll ends with a timeout', async () => {
	const clock = new PollClock(60_000);
	const close = vi.fn();
	clock.signal.addEventListener('abort', close);
	const ended = vi.fn();
	const poll = clock.limit(never).catch(ended);
	await vi.advanceTimersByTimeAsync(53_999);
	expect(clock.isOver).toBe(false);
	expect(close).not.toHaveBeenCalled();
	await vi.advanceTimersByTimeAsync(1);
	expect(clock.isOver).toBe(true);
	expect(close).toHaveBeenCalledOnce();
	await vi.advanceTimersByTimeAsync(999);
	expect(ended).not.toHaveBeenCalled();
	await vi.advanceTimersByTimeAsync(1);
	await poll;
	expect(ended).toHaveBeenCalledWith(
		expect.objectContaining({
			code: 'TIMEOUT',
			message:
				'The poll did not finish within 54 s, so the connection was closed. The next poll repeats it.',
		}),
	);
	expect(vi.getTimerCount()).toBe(0);
});

test('what is found after the poll was given up does not count', async () => {
	const clock = new PollClock(60_000);
	const failed = expect(clock.limit(never)).rejects.toMatchObject({ code: 'TIMEOUT' });
	expect(() => clock.throwIfGivenUp()).not.toThrow();
	// Work that was cut off still may hand back what it has.
	await vi.advanceTimersByTimeAsync(54_000);
	expect(() => clock.throwIfGivenUp()).not.toThrow();
	await vi.advanceTimersByTimeAsync(1_000);
	expect(() => clock.throwIfGivenUp()).toThrow('The poll did not finish within 54 s');
	await failed;
});

test('work that is cut off may hand back what it has, within a twentieth of a short budget', async () => {
	const clock = new PollClock(10_000);
	const work = (): Promise<string> =>
		new Promise((resolve) => setTimeout(() => resolve('what it has'), 9_499));
	const poll = clock.limit(work);
	await vi.advanceTimersByTimeAsync(9_499);
	expect(await poll).toBe('what it has');
	expect(vi.getTimerCount()).toBe(0);

	const slow = new PollClock(10_000);
	const failed = expect(slow.limit(never)).rejects.toMatchObject({ code: 'TIMEOUT' });
	await vi.advanceTimersByTimeAsync(9_500);
	expect(vi.getTimerCount()).toBe(0);
	await failed;
});

test('an error of the closed connection is reported as the timeout that caused it', async () => {
	const clock = new PollClock(60_000);
	const poll = clock.limit(
		() =>
			new Promise((_resolve, reject) =>
				clock.signal.addEventListener('abort', () => reject(new Error('The connection is lost'))),
			),
	);
	const failed = expect(poll).rejects.toMatchObject({ code: 'TIMEOUT' });
	await vi.advanceTimersByTimeAsync(54_000);
	await failed;
});

test('a clock that is set meanwhile changes nothing', () => {
	vi.useFakeTimers({ toFake: ['Date', 'performance'] });
	const clock = new PollClock(60_000);
	for (const hours of [-9, 18]) {
		vi.setSystemTime(Date.now() + hours * 3_600_000);
		expect(clock.left).toBe(30_000);
		expect(clock.leftToWait).toBe(42_000);
	}
});
