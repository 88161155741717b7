/** Operations of one command for each item, all on one connection. */
import type { IDataObject } from 'n8n-workflow';
import type { Imap4 } from '../../engine/index';
import type { Execution } from './execution';
import { readMailbox } from './mailbox-locator';
import { probe, withConnection } from './pool';

/** Commands under way at a time, where they don't depend on one another. */
const AT_ONCE = 50;

export interface EachMailbox {
	/**
	 * One after the other, so that nothing more is changed once one has failed; else many at once, to
	 * save round trips.
	 */
	inTurn: boolean;
	/** The name of the item's mailbox; that of the field "Mailbox" by default. */
	mailbox?(item: number): string;
	/** @returns what to put out: one object, or one for each result */
	run(imap: Imap4, mailbox: string, item: number): Promise<IDataObject | IDataObject[]>;
}

export async function eachMailbox(execution: Execution, each: EachMailbox): Promise<void> {
	const mailboxOf = each.mailbox ?? ((item) => readMailbox(execution.context, item));
	const treat = (imap: Imap4, item: number): Promise<void | undefined> =>
		execution.guarded([item], undefined, async () => {
			const mailbox = mailboxOf(item);
			await execution.guarded([item], mailbox, async () => {
				for (const json of [await each.run(imap, mailbox, item)].flat()) execution.emit(item, json);
			});
		});
	await execution.eachAccount((account, items) =>
		withConnection(account, probe, async (imap) => {
			const atOnce = each.inTurn ? 1 : AT_ONCE;
			for (let first = 0; first < items.length; first += atOnce) {
				execution.checkCancelled();
				const some = items.slice(first, first + atOnce);
				const ends = await Promise.allSettled(some.map((item) => treat(imap, item)));
				for (const end of ends) if (end.status === 'rejected') throw end.reason;
			}
		}),
	);
}
