/**
 * Stop If More Than for all items of one mailbox together. Those that ask for different things, as a move to a
 * mailbox of each year does, are in different batches, and none may change anything before all are counted.
 */
import type { OpenMailbox, Uid } from '../../../engine/index';
import { findMessages, type Selecting } from './message-lookup';
import { checkCount } from './safeguards';

/** Of the batches of one account. */
export class CountLimits {
	private readonly limits = new Map<string, CountLimit>();

	/**
	 * @param key equal for batches that are counted together
	 * @param stopIfMoreThan 0 for no limit
	 */
	join(key: string, stopIfMoreThan: number, batch: readonly Selecting[]): CountLimit {
		const limit = this.limits.get(key) ?? new CountLimit(stopIfMoreThan);
		this.limits.set(key, limit);
		limit.batches.push(batch);
		return limit;
	}
}

export class CountLimit {
	readonly batches: Array<readonly Selecting[]> = [];
	/** The messages of all batches. */
	private uids: Set<Uid> | undefined;
	/** Whether a batch was allowed, and may have changed something. */
	private isBegun = false;

	constructor(private readonly stopIfMoreThan: number) {}

	/**
	 * @param uids of the batch that is about to begin
	 * @param url of the account
	 * @throws UserError if there are more messages than allowed
	 */
	async check(uids: readonly Uid[], mailbox: OpenMailbox, url: string): Promise<void> {
		const { batches, stopIfMoreThan } = this;
		if (stopIfMoreThan === 0) return;
		this.uids ??= new Set(batches.length > 1 ? await findAll(mailbox, url, batches.flat()) : []);
		// What could not be found then, or came since, counts from now on.
		for (const uid of uids) this.uids.add(uid);
		checkCount(
			this.uids.size,
			stopIfMoreThan,
			this.isBegun ? 'for these items' : 'in this mailbox',
		);
		this.isBegun = true;
	}
}

/** What can't be found counts for nothing; its own batch reports it, or counts it if it is found then. */
async function findAll(
	mailbox: OpenMailbox,
	url: string,
	wanted: readonly Selecting[],
): Promise<readonly Uid[]> {
	const silent = {
		hint: () => undefined,
		fail: () => undefined,
		failUnsettled: () => undefined,
		guarded: async <Result>(
			_items: unknown,
			_mailbox: unknown,
			work: () => Promise<Result> | Result,
		): Promise<Result | undefined> => {
			try {
				return await work();
			} catch {
				return undefined;
			}
		},
	};
	const { found } = await findMessages(silent, mailbox, url, wanted, () => true);
	return found.uids;
}
