/** Something of each message of a set, over one connection, with every message accounted for. */
import {
	FetchLedger,
	type FetchedMessage,
	type FetchItems,
	type OpenMailbox,
	type Uid,
} from '../../../engine/index';
import { concernsMessage } from '../errors/advice';
import { onOneConnection } from '../account/interrupted-fetch';

/**
 * One FETCH, and more where the server refuses a set because of one message, or leaves messages out.
 * @param take gets each message that came; false if something is missing in it, so that it did not come
 * @returns which messages did not come: those that are gone for certain, and the others with the reason
 * @throws Imap4Error if the connection breaks, or if it is not single messages that are at fault
 */
export async function fetchAccounted(
	mailbox: OpenMailbox,
	uids: readonly number[],
	items: FetchItems,
	take: (uid: Uid, message: FetchedMessage) => unknown,
): Promise<Pick<FetchLedger, 'gone' | 'unreadable'>> {
	const ledger = new FetchLedger(uids);
	const settled = ledger.settle(
		mailbox,
		async (some, came) => {
			for await (const message of mailbox.fetch(some, { ...items, uid: true })) {
				const { uid } = message;
				if (uid !== undefined && (await take(uid, message)) !== false) came(uid);
			}
		},
		{ concernsMessage },
	);
	await onOneConnection(settled);
	return ledger;
}
