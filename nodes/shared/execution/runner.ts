/**
 * The way of all items through an operation, the same for every node. What the items ask for is read
 * first, of each item once and of all accounts: a field that is wrong has changed nothing anywhere. Then the
 * requests of each account are put into sittings, one connection and at most one SELECT each.
 *
 * An operation does not call this itself. It declares its scope: see on-account, on-mailbox, in-mailbox and
 * on-messages.
 */
import type { Imap4 } from '../../../engine/index';
import { Turns } from '../../../mail/next-turn';
import type { Account } from '../account/account';
import type { Execution } from './execution';
import { Requests } from './requests';

/** Items that are done over one connection. */
export interface Sitting<Opened> {
	items: readonly number[];
	/** The mailbox as the user wrote it, for errors; undefined where the errors name it themselves. */
	mailbox?: string;
	/** What to begin with, usually SELECT or EXAMINE. Changes nothing, since it may run again. */
	open(imap: Imap4, kept: boolean): Promise<Opened>;
	/** Runs again, with what `open` returned then, where the connection breaks in a fetch that is accounted for. */
	work(imap: Imap4, opened: Opened): Promise<void>;
}

export interface Scope<Request, Opened> {
	/** @returns what an item asks for; undefined if the item has failed */
	read(item: number, account: Account): Request | undefined | Promise<Request | undefined>;
	/** Which requests go together, and in what order. */
	sittings(
		requests: Requests<Request>,
		account: Account,
	): Sitting<Opened>[] | Promise<Sitting<Opened>[]>;
}

/** Runs all items. Throws, or with Continue On Fail reports, through the execution. */
export async function runItems<Request, Opened>(
	execution: Execution,
	scope: Scope<Request, Opened>,
): Promise<void> {
	// Never does an item get to see what belongs to another's user.
	const byAccount = new Map<Account, Requests<Request>>();
	const turns = new Turns();
	for (const item of execution.allItems) {
		await turns.next();
		// Done by an earlier try, or failed before.
		if (execution.isSettled(item)) continue;
		try {
			const account = await execution.account(item);
			const request = await scope.read(item, account);
			if (request === undefined) continue;
			const requests = byAccount.get(account) ?? new Requests<Request>();
			byAccount.set(account, requests);
			requests.add(item, request);
		} catch (error) {
			execution.failUnsettled([item], undefined, error);
		}
	}
	for (const [account, requests] of byAccount) {
		for (const sitting of await scope.sittings(requests, account)) {
			await execution.guarded(sitting.items, sitting.mailbox, async () => {
				await execution.connection(
					account,
					(imap, kept) => sitting.open(imap, kept),
					(imap, opened) => sitting.work(imap, opened),
				);
				execution.finish(sitting.items);
			});
		}
	}
}

/** Items that share one answer. */
export interface Group {
	items: readonly number[];
	/** The mailbox, for errors. */
	mailbox?: string;
	/** Carried out, so that it is left out where a sitting goes on over another connection. */
	done?: true;
}

/**
 * The groups of one sitting, some at a time; none begins once one of those before it has failed, unless the
 * node continues on fail.
 */
export async function runGroups<G extends Group>(
	execution: Execution,
	groups: readonly G[],
	atOnce: number,
	work: (group: G) => Promise<void>,
): Promise<void> {
	const run = async (group: G): Promise<void> => {
		if (group.done) return;
		await execution.guarded(group.items, group.mailbox, async () => {
			await work(group);
			execution.finish(group.items);
		});
		group.done = true;
	};
	for (let first = 0; first < groups.length; first += atOnce) {
		execution.checkCancelled();
		execution.progress(first, groups.length);
		const ends = await Promise.allSettled(groups.slice(first, first + atOnce).map(run));
		for (const end of ends) if (end.status === 'rejected') throw end.reason;
	}
}
