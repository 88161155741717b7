/** Operations of one command for each item, all on one connection. */
import type { IDataObject } from 'n8n-workflow';
import type { Imap4 } from '../../../engine/index';
import type { Execution } from './execution';
import { choiceText, type MailboxChoice } from '../mailbox/mailbox-choice';
import { readMailboxChoice } from '../mailbox/mailbox-locator';
import { MailboxResolver } from '../mailbox/mailbox-resolver';
import { probe } from '../account/connection-pool';

/** Commands under way at a time, where they don't depend on one another. */
const AT_ONCE = 50;

export interface EachMailbox {
	/**
	 * One after the other, so that nothing more is changed once one has failed; else many at once, to
	 * save round trips.
	 */
	inTurn: boolean;
	/** The item's mailbox; that of the field "Mailbox" by default. */
	mailbox?(item: number): MailboxChoice;
	/** For an operation that creates the mailbox: a path is then fitted to the server's layout only. */
	creates?: true;
	/**
	 * For what only reads: that on which the answer depends beside the mailbox. Items for which both are
	 * the same share one answer. Without it each item is treated by itself.
	 */
	sameFor?(item: number): unknown;
	/**
	 * @param item one of those that share the answer
	 * @returns what to put out: one object, or one for each result
	 */
	run(
		imap: Imap4,
		mailbox: string,
		item: number,
		resolver: MailboxResolver,
	): Promise<IDataObject | IDataObject[]>;
}

interface Planned {
	mailbox: MailboxChoice;
	items: number[];
}

export async function eachMailbox(execution: Execution, each: EachMailbox): Promise<void> {
	const treat = async (
		imap: Imap4,
		resolver: MailboxResolver,
		{ mailbox, items }: Planned,
	): Promise<void> => {
		await execution.guarded(items, choiceText(mailbox), async () => {
			const { name, requested } =
				each.creates && mailbox.by === 'path'
					? await resolver.nameForNew(mailbox.path)
					: await resolver.resolve(mailbox);
			const results = [await each.run(imap, name, items[0] as number, resolver)].flat();
			const more = requested === undefined ? {} : { requestedMailbox: requested };
			for (const item of items)
				for (const json of results) execution.emit(item, { ...json, ...more });
		});
	};
	const planAll = (items: readonly number[]): Promise<Planned[]> => plan(execution, each, items);
	await execution.eachPlan(planAll, async (account, planned) => {
		if (planned.length === 0) return;
		await execution.connection(account, probe, async (imap) => {
			const resolver = new MailboxResolver(imap, account.identity);
			const atOnce = each.inTurn ? 1 : AT_ONCE;
			for (let first = 0; first < planned.length; first += atOnce) {
				execution.checkCancelled();
				execution.progress(first, planned.length);
				const some = planned.slice(first, first + atOnce);
				const ends = await Promise.allSettled(some.map((one) => treat(imap, resolver, one)));
				for (const end of ends) if (end.status === 'rejected') throw end.reason;
			}
		});
	});
}

async function plan(
	execution: Execution,
	{
		mailbox: mailboxOf = (item) => readMailboxChoice(execution.context, item),
		sameFor,
	}: EachMailbox,
	items: readonly number[],
): Promise<Planned[]> {
	const planned = new Map<string, Planned>();
	for (const item of items) {
		await execution.guarded([item], undefined, () => {
			const mailbox = mailboxOf(item);
			const key = JSON.stringify(sameFor ? [mailbox, sameFor(item)] : item);
			const same = planned.get(key);
			if (same) same.items.push(item);
			else planned.set(key, { mailbox, items: [item] });
		});
	}
	return [...planned.values()];
}
