/** Messages that a server left as they were although it refused nothing: which items fail, and by which words. */
import { describe, expect, test, vi } from 'vitest';
import type { Uid } from '../../../../engine/index';
import { failKept, notChanged, notRemoved } from '../../../../nodes/shared/execution/kept-messages';

describe('the error', () => {
	test.each([
		[() => notRemoved(1), 'The server reported success, but did not remove a message'],
		[() => notRemoved(2), 'The server reported success, but did not remove 2 messages'],
		[
			() => notRemoved(2, true),
			'The server copied 2 messages without removing the original, so running this again would copy it again',
		],
		[
			() => notChanged(1, '\\Seen'),
			'The server reported success, but did not change the flag "\\Seen" of a message',
		],
		[
			() => notChanged(2, 'k'),
			'The server reported success, but did not change the flag "k" of 2 messages',
		],
	])('%#: says what the server left, and which rights to look at', (make, message) => {
		const error = make();
		expect(error.message).toBe(message);
		expect(error.advice).toContain('Get My Rights');
	});
});

describe('the items that have failed', () => {
	/** @param itemsOf by UID */
	const failedFor = (kept: number[], itemsOf: Record<number, number[]>) => {
		const fail = vi.fn();
		const batch = {
			execution: { fail },
			mailbox: { name: 'INBOX' },
			itemsOf: (uid: Uid) => itemsOf[uid] ?? [],
		};
		failKept(batch as never, new Set(kept as Uid[]), notRemoved);
		return fail.mock.calls;
	};

	test('are those that selected them, in their order, each once', () => {
		expect(failedFor([5, 7], { 5: [10, 2], 6: [3], 7: [2, 9] })).toEqual([
			[[2, 9, 10], 'INBOX', expect.objectContaining({ message: notRemoved(2).message })],
		]);
	});

	test('are none where none was left', () => {
		expect(failedFor([], { 5: [1] })).toEqual([]);
	});
});
