/** What came of each message of a batch, put out for the items that selected it. */
import { InterruptedFetchError, type Uid } from '../../../engine/index';
import type { MessageBatch } from './on-messages';
import { MessageGoneError } from '../message/message-reference';

/**
 * Runs `work`, then emits its results item by item, messages ascending. If `work` fails midway,
 * only the items all of whose messages were done are put out: none is half done and looks whole.
 * @param work calls `done` for each message that is there; the others are gone for certain
 * @param emit emits the results of one item; the item fails if it throws
 */
export async function eachResult<Result>(
	{
		execution,
		mailbox,
		uids,
		itemsOf,
	}: Pick<MessageBatch<unknown>, 'execution' | 'mailbox' | 'uids' | 'itemsOf'>,
	work: (done: (uid: Uid, result: Result) => void) => Promise<void>,
	emit: (item: number, results: Result[]) => void,
): Promise<void> {
	const results = new Map<number, Result>();
	const uidsOf = new Map<number, number[]>();
	for (const uid of uids) {
		for (const item of itemsOf(uid)) {
			const known = uidsOf.get(item);
			if (known) known.push(uid);
			else uidsOf.set(item, [uid]);
		}
	}
	const settle = (item: number, wanted: readonly number[]): void => {
		const found = wanted.flatMap((uid) => (results.has(uid) ? [results.get(uid) as Result] : []));
		try {
			// An item that has other messages left goes on with those.
			if (found.length === 0) throw messageGone(wanted[0] as number);
			emit(item, found);
		} catch (error) {
			execution.fail([item], mailbox.name, error);
		}
	};
	try {
		await work((uid, result) => results.set(uid, result));
	} catch (error) {
		if (error instanceof InterruptedFetchError && error.resumable) throw error;
		for (const [item, wanted] of uidsOf) {
			if (wanted.every((uid) => results.has(uid))) settle(item, wanted);
		}
		throw error;
	}
	for (const [item, wanted] of uidsOf) settle(item, wanted);
}

/** Someone else removed it since it was looked for; a SEARCH confirmed that. */
export function messageGone(uid: number): MessageGoneError {
	return new MessageGoneError(
		`The message with UID ${uid} no longer exists: it was moved or deleted just now`,
		'Get the messages again.',
	);
}
