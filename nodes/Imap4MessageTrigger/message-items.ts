/** Messages as the items that the trigger gives. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { fetchOutputs } from '../shared/message/message-output';
import { itemId, type Visit } from './mailbox-poll';

/** Messages fetched at a time at most; between batches the poll may end. */
const MOST_AT_ONCE = 50;

export interface MessageItems {
	items: INodeExecutionData[];
	/** Those of the UIDs that were dealt with; a message that is gone is dealt with as well. */
	handled: readonly number[];
}

/**
 * @param uids as many of them as there is room and time for are fetched, from the first on
 * @param more what else an item tells
 * @throws Imap4Error; then none counts as handled
 */
export async function messageItems(
	visit: Visit,
	uids: readonly number[],
	more: (uid: number) => IDataObject = () => ({}),
): Promise<MessageItems> {
	const { context, settings, clock, imap, mailbox } = visit;
	const items: INodeExecutionData[] = [];
	const wanted = uids.slice(0, visit.room);
	let handled = 0;
	// One first, to learn how long they take: a batch that did not fit would be cut off, in each poll anew.
	let size = 1;
	const began = Date.now();
	while (handled < wanted.length && (handled === 0 || clock.hasTime)) {
		const batch = wanted.slice(handled, handled + size);
		await fetchOutputs(
			{ context, checkCancelled: () => undefined },
			imap,
			mailbox,
			batch,
			settings.output,
			(uid, json, binary) => {
				items.push({
					json: { id: itemId(visit, uid), event: settings.event, ...json, ...more(uid) },
					...(binary ? { binary } : {}),
				});
			},
		);
		handled += batch.length;
		const each = (Date.now() - began) / handled;
		size = Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(clock.left / Math.max(each, 0.01))));
	}
	return { items, handled: wanted.slice(0, handled) };
}
