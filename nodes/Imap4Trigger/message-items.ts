/** Messages as the items that the trigger gives. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { fetchOutputs } from '../shared/message-output';
import { itemId, type Visit } from './visit';

/** Messages fetched at a time; between batches the poll may end. */
const BATCH = 50;

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
	while (handled < wanted.length && (handled === 0 || clock.hasTime)) {
		const batch = wanted.slice(handled, handled + BATCH);
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
	}
	return { items, handled: wanted.slice(0, handled) };
}
