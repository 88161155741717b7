/**
 * Stop If More Than for all items of one mailbox together. Those that ask for different things, as a move to a
 * mailbox of each year does, are in different batches, and none may change anything before all are counted.
 */
import type { OpenMailbox } from '../../../engine/index';
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
	/** How many messages all batches have, before the first of them. */
	private total: number | undefined;

	constructor(private readonly stopIfMoreThan: number) {}

	/**
	 * @param count of the batch that is about to begin
	 * @param url of the account
	 * @throws UserError if there are more messages than allowed
	 */
	async check(count: number, mailbox: OpenMailbox, url: string): Promise<void> {
		const { batches, stopIfMoreThan } = this;
		if (stopIfMoreThan > 0 && batches.length > 1) {
			this.total ??= await countAll(mailbox, url, batches.flat());
		}
		checkCount(Math.max(count, this.total ?? 0), stopIfMoreThan);
	}
}

/** What can't be found counts for nothing; its own batch reports it. */
async function countAll(
	mailbox: OpenMailbox,
	url: string,
	wanted: readonly Selecting[],
): Promise<number> {
	const silent = {
		hint: () => undefined,
		fail: () => undefined,
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
	return found.uids.length;
}
