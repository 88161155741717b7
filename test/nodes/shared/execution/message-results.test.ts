/** What came of each message of a batch: put out item by item, and none half done. */
import { describe, expect, test } from 'vitest';
import { Imap4AbortError, InterruptedFetchError, type Uid } from '../../../../engine/index';
import { eachResult } from '../../../../nodes/shared/execution/message-results';
import type { MessageBatch } from '../../../../nodes/shared/execution/on-messages';
import { MessageGoneError } from '../../../../nodes/shared/message/message-reference';

type Work = (done: (uid: number, result: string) => void) => Promise<void>;

/** @param selected the UIDs that each item selected */
async function run(selected: Record<number, number[]>, work: Work, fails: readonly number[] = []) {
	const emitted: Array<[item: number, results: string[]]> = [];
	const failed: Array<[items: readonly number[], mailbox: string | undefined, error: unknown]> = [];
	const uids = [...new Set(Object.values(selected).flat())].sort((a, b) => a - b) as Uid[];
	const batch = {
		execution: {
			fail: (...failure: (typeof failed)[number]) => void failed.push(failure),
		},
		mailbox: { name: 'INBOX' },
		uids,
		itemsOf: (uid: Uid) =>
			Object.keys(selected)
				.map(Number)
				.filter((item) => selected[item]?.includes(uid)),
	} as unknown as MessageBatch<unknown>;
	let error: unknown;
	try {
		await eachResult<string>(
			batch,
			(done) => work((uid, result) => done(uid as Uid, result)),
			(item, results) => {
				if (fails.includes(item)) throw new Error(`not ${item}`);
				emitted.push([item, results]);
			},
		);
	} catch (thrown) {
		error = thrown;
	}
	return { emitted, failed, error };
}

const all = (...uids: number[]): Work => {
	return async (done) => {
		for (const uid of uids) done(uid, `m${uid}`);
	};
};

describe('each item', () => {
	test('gets the messages that it selected, ascending, in whichever order they came', async () => {
		const { emitted, failed } = await run({ 0: [1, 3], 1: [2, 3] }, all(3, 2, 1));
		expect(emitted).toEqual([
			[0, ['m1', 'm3']],
			[1, ['m2', 'm3']],
		]);
		expect(failed).toEqual([]);
	});

	test('continues with those of its messages that are there', async () => {
		const { emitted, failed } = await run({ 0: [1, 2] }, all(2));
		expect(emitted).toEqual([[0, ['m2']]]);
		expect(failed).toEqual([]);
	});

	test('none of whose messages is there has failed, and the others have not', async () => {
		const { emitted, failed } = await run({ 0: [1, 2], 1: [3] }, all(3));
		expect(emitted).toEqual([[1, ['m3']]]);
		expect(failed).toEqual([[[0], 'INBOX', expect.any(MessageGoneError)]]);
		expect(failed[0]?.[2]).toMatchObject({
			message: 'The message with UID 1 no longer exists: it was moved or deleted just now',
			advice: 'Get the messages again.',
		});
	});

	test('that cannot be put out has failed, and the others have not', async () => {
		const { emitted, failed } = await run({ 0: [1], 1: [1] }, all(1), [0]);
		expect(emitted).toEqual([[1, ['m1']]]);
		expect(failed).toEqual([[[0], 'INBOX', expect.objectContaining({ message: 'not 0' })]]);
	});
});

describe('work that fails midway', () => {
	const broken = (resumable: boolean): InterruptedFetchError =>
		new InterruptedFetchError([2 as Uid], new Imap4AbortError('CONNECTION_LOST', 'cut'), resumable);
	const failing =
		(error: Error): Work =>
		async (done) => {
			done(1, 'm1');
			throw error;
		};

	test.each([
		['of another error', new Error('x')],
		['of a connection that is not opened again', broken(false)],
	])(
		'because %s: only items are put out all of whose messages were done',
		async (_title, cause) => {
			const { emitted, failed, error } = await run({ 0: [1, 2], 1: [1], 2: [2] }, failing(cause));
			expect(emitted).toEqual([[1, ['m1']]]);
			expect(failed).toEqual([]);
			expect(error).toBe(cause);
		},
	);

	test('because of a connection that is opened again: nothing is put out yet', async () => {
		const cause = broken(true);
		const { emitted, failed, error } = await run({ 0: [1], 1: [2] }, failing(cause));
		expect(emitted).toEqual([]);
		expect(failed).toEqual([]);
		expect(error).toBe(cause);
	});
});
