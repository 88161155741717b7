/** Something of each message of a batch: fetched, accounted for, and put out, whatever the server does. */
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, test, vi } from 'vitest';
import {
	Imap4AbortError,
	Imap4Error,
	InterruptedFetchError,
	type Uid,
	type UidSet,
} from '../../../../engine/index';
import { fetchEach, type TakeFound } from '../../../../nodes/shared/execution/fetch-each';
import type { MessageBatch } from '../../../../nodes/shared/execution/on-messages';
import { UserError } from '../../../../nodes/shared/errors/user-error';

const UIDS = [1, 2, 3] as Uid[];

/**
 * A batch of one item for each message, and one for all of them.
 * @param present UIDs that the mailbox still has
 */
function start(present: readonly number[] = UIDS) {
	const emitted: unknown[] = [];
	const failed: Array<[item: number, text: string]> = [];
	let state: { is: unknown } | undefined;
	const mailbox = {
		name: 'INBOX',
		uidValidity: 7,
		search: vi.fn(async () => present),
		closedBy: undefined as Imap4AbortError | undefined,
	};
	const batch = {
		execution: {
			fail: ([item = -1]: readonly number[], _mailbox: string, error: Error) =>
				void failed.push([item, error.message]),
			emitUnreadable: (item: number, json: IDataObject, reason: string) =>
				void emitted.push([item, json, reason]),
		},
		mailbox,
		uids: UIDS,
		itemsOf: (uid: Uid) => [uid, 9],
		remember: <State>(make: () => State): State => (state ??= { is: make() }).is as State,
	} as unknown as MessageBatch<unknown, unknown>;
	const run = (
		fetch: (uids: UidSet, found: TakeFound<string>) => Promise<void>,
		more: { then?: (uids: readonly Uid[]) => Promise<void>; about?: IDataObject } = {},
	): Promise<void> =>
		fetchEach<string>(batch, {
			fetch,
			emit: (item, uid, result) => void emitted.push([item, uid, result]),
			...more,
		});
	return { run, emitted, failed, mailbox };
}

/** @param left out of what comes */
const fetching =
	(...left: number[]) =>
	async (uids: UidSet, found: TakeFound<string>): Promise<void> => {
		for (const uid of uids) if (!left.includes(uid)) found(uid, `m${uid}`);
	};

test('each message is put out for the items that selected it, after what is to be done with all', async () => {
	const { run, emitted, failed } = start();
	const then = vi.fn(async () => expect(emitted).toEqual([]));
	await run(fetching(), { then });
	expect(then).toHaveBeenCalledExactlyOnceWith(UIDS);
	expect(emitted).toEqual([
		[1, 1, 'm1'],
		[9, 1, 'm1'],
		[9, 2, 'm2'],
		[9, 3, 'm3'],
		[2, 2, 'm2'],
		[3, 3, 'm3'],
	]);
	expect(failed).toEqual([]);
});

test('a message that is there and does not come is put out with the reason', async () => {
	const { run, emitted, failed } = start();
	await run(fetching(2), { about: { part: '1.2' } });
	const reference = { mailbox: 'INBOX', uidValidity: 7, uid: 2, part: '1.2' };
	const unreadable = expect.stringMatching(/./) as string;
	const json = { ...reference, unreadable };
	expect(emitted).toContainEqual([2, json, unreadable]);
	expect(emitted).toContainEqual([9, json, unreadable]);
	expect(emitted).toContainEqual([9, 3, 'm3']);
	expect(failed).toEqual([]);
});

test('a message that is gone fails only the item that wanted nothing else', async () => {
	const { run, emitted, failed } = start([1, 3]);
	await run(fetching(2));
	expect(failed).toEqual([[2, expect.stringContaining('UID 2 no longer exists')]]);
	expect(emitted).toEqual([
		[1, 1, 'm1'],
		[9, 1, 'm1'],
		[9, 3, 'm3'],
		[3, 3, 'm3'],
	]);
});

test('an error about one message fails the items that selected it, and nothing of them is put out', async () => {
	const { run, emitted, failed } = start();
	await run(async (uids, found) => {
		for (const uid of uids) found(uid, uid === 3 ? new UserError('no such part') : `m${uid}`);
	});
	expect(failed).toEqual([
		[9, 'no such part'],
		[3, 'no such part'],
	]);
	expect(emitted).toEqual([
		[1, 1, 'm1'],
		[2, 2, 'm2'],
	]);
});

describe('an error that no message is at fault for', () => {
	const refused = async (uids: UidSet, found: TakeFound<string>): Promise<void> => {
		await fetching(2, 3)(uids, found);
		throw new Imap4Error('NO', 'no', { responseCode: 'UNAVAILABLE' });
	};

	test('ends the work; what came before is put out', async () => {
		const { run, emitted } = start();
		await expect(run(refused)).rejects.toMatchObject({ responseCode: 'UNAVAILABLE' });
		expect(emitted).toEqual([[1, 1, 'm1']]);
	});

	test('such as being asked to wait, ends the work', async () => {
		const { run } = start();
		const serverText = 'Request is throttled. Suggested Backoff Time: 1000 milliseconds';
		const throttled = run(async (uids, found) => {
			await fetching(2, 3)(uids, found);
			throw new Imap4Error('NO', 'no', { serverText });
		});
		await expect(throttled).rejects.toMatchObject({ serverText });
	});

	test('ends it before anything is done with what came', async () => {
		const { run, emitted } = start();
		const then = vi.fn(async () => undefined);
		await expect(run(refused, { then })).rejects.toMatchObject({ responseCode: 'UNAVAILABLE' });
		expect(then).not.toHaveBeenCalled();
		expect(emitted).toEqual([]);
	});

	test('of what is to be done with all: nothing is put out', async () => {
		const { run, emitted } = start();
		const then = async (): Promise<void> => {
			throw new Error('not stored');
		};
		await expect(run(fetching(), { then })).rejects.toThrow('not stored');
		expect(emitted).toEqual([]);
	});
});

test('over another connection, only what is left is fetched', async () => {
	const { run, emitted, mailbox } = start();
	const cut = new Imap4AbortError('CONNECTION_LOST', 'cut');
	const first = run(async (uids, found) => {
		await fetching(2, 3)(uids, found);
		mailbox.closedBy = cut;
		throw cut;
	});
	await expect(first).rejects.toBeInstanceOf(InterruptedFetchError);
	expect(emitted).toEqual([]);
	mailbox.closedBy = undefined;
	const sets: string[] = [];
	await run(async (uids, found) => {
		sets.push(uids.toString());
		await fetching()(uids, found);
	});
	expect(sets.join()).toBe('2,3');
	expect(emitted).toHaveLength(6);
});
