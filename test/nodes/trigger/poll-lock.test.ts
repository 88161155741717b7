/** One poll of a node at a time, and no delivery twice from one cursor. */
import { afterEach, expect, test, vi } from 'vitest';
import {
	isStale,
	lockPoll,
	noteDelivery,
	onNextPoll,
	unlockPoll,
} from '../../../nodes/Imap4MessageTrigger/poll-lock';

const { signal } = new AbortController();
let count = 0;
/** A node that no other test knows. */
const node = (): string => `lock-${++count}`;

afterEach(() => {
	vi.useRealTimers();
});

test('a poll is refused while another of its node is under way, and only of its node', async () => {
	const [one, other] = [node(), node()];
	expect(await lockPoll(one, signal)).toBe(true);
	expect(await lockPoll(one, signal)).toBe(false);
	expect(await lockPoll(other, signal)).toBe(true);
	unlockPoll(one);
	expect(await lockPoll(other, signal)).toBe(false);
	expect(await lockPoll(one, signal)).toBe(true);
});

test('a poll that waits hands over to the next one, which begins when it has ended', async () => {
	const one = node();
	await lockPoll(one, signal);
	const handOver = vi.fn();
	onNextPoll(one, handOver);
	let began = false;
	const next = lockPoll(one, signal).then((locked) => (began = locked));
	expect(handOver).toHaveBeenCalledOnce();
	await Promise.resolve();
	expect(began).toBe(false);
	unlockPoll(one);
	expect(await next).toBe(true);
	expect(await lockPoll(one, signal)).toBe(false);
});

test('a poll hands over to one only', async () => {
	const one = node();
	await lockPoll(one, signal);
	const handOver = vi.fn();
	onNextPoll(one, handOver);
	const next = lockPoll(one, signal);
	expect(await lockPoll(one, signal)).toBe(false);
	expect(handOver).toHaveBeenCalledOnce();
	unlockPoll(one);
	expect(await next).toBe(true);
});

test('a poll that waits no longer does not hand over', async () => {
	const one = node();
	await lockPoll(one, signal);
	const handOver = vi.fn();
	const end = onNextPoll(one, handOver);
	end();
	expect(await lockPoll(one, signal)).toBe(false);
	expect(handOver).not.toHaveBeenCalled();
});

test('the next poll gives up at its deadline if the one before does not end', async () => {
	const one = node();
	await lockPoll(one, signal);
	onNextPoll(one, () => undefined);
	const deadline = new AbortController();
	const next = lockPoll(one, deadline.signal);
	deadline.abort(new Error('over'));
	expect(await next).toBe(false);
	expect(await lockPoll(one, signal)).toBe(false);
	unlockPoll(one);
	expect(await lockPoll(one, signal)).toBe(true);
});

test('without a poll under way there is nothing to hand over or to end', async () => {
	const one = node();
	const handOver = vi.fn();
	expect(onNextPoll(one, handOver)()).toBeUndefined();
	unlockPoll(one);
	expect(await lockPoll(one, signal)).toBe(true);
	expect(await lockPoll(one, signal)).toBe(false);
	expect(handOver).not.toHaveBeenCalled();
});

test('a cursor that items were found with is stale until it is saved', () => {
	const [one, other] = [node(), node()];
	expect(isStale(one, { n: 1 })).toBe(false);
	noteDelivery(one, JSON.stringify({ n: 1 }));
	expect(isStale(one, { n: 1 })).toBe(true);
	expect(isStale(other, { n: 1 })).toBe(false);
	expect(isStale(one, { n: 2 })).toBe(false);
	// That was the saved one; what comes later may be the same as before.
	expect(isStale(one, { n: 1 })).toBe(false);
});

test('all cursors of deliveries that are not saved yet are stale, the last twenty', () => {
	const one = node();
	for (let n = 1; n <= 21; n++) noteDelivery(one, JSON.stringify({ n }));
	expect(isStale(one, { n: 21 })).toBe(true);
	expect(isStale(one, { n: 2 })).toBe(true);
	expect(isStale(one, { n: 1 })).toBe(false);
});

test('after a minute n8n has not saved the cursor, and the poll is repeated', () => {
	vi.useFakeTimers({ toFake: ['performance'] });
	const one = node();
	noteDelivery(one, JSON.stringify({ n: 1 }));
	vi.advanceTimersByTime(59_999);
	expect(isStale(one, { n: 1 })).toBe(true);
	vi.advanceTimersByTime(1);
	expect(isStale(one, { n: 1 })).toBe(false);
});

test('also if the clock is set back meanwhile', () => {
	vi.useFakeTimers({ toFake: ['performance', 'Date'] });
	const one = node();
	noteDelivery(one, JSON.stringify({ n: 1 }));
	vi.setSystemTime(Date.now() - 365 * 24 * 3_600_000);
	vi.advanceTimersByTime(60_000);
	expect(isStale(one, { n: 1 })).toBe(false);
});
