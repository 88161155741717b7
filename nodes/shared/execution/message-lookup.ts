/** From what items selected to the messages that are there. */
import { UidSet, type OpenMailbox, type Uid } from '../../../engine/index';
import { Turns } from '../../../mail/next-turn';
import { shownText } from '../errors/shown-text';
import { exactQuery, type MessageFilters } from '../message/exact-times';
import { checkAccount, checkUidValidity, MessageGoneError } from '../message/message-reference';
import type { Selection } from '../message/message-selection';
import type { Execution } from './execution';
import { SelectedMessages } from './selected-messages';

const UNCHECKED =
	'Some items name no account, so it was not checked that their messages belong to the account of this node';

/** What an item selects. */
export interface Selecting {
	item: number;
	selection: Selection;
}

export interface FoundMessages {
	found: SelectedMessages;
	/** Messages that items refer to, that are gone, and of which the items accept that. */
	gone: Array<{ item: number; uid: number }>;
}

/**
 * Which messages are meant, and by which items. An item whose message is gone has failed, or accepts it.
 * @param url of the account
 */
export async function findMessages<Wanted extends Selecting>(
	execution: Pick<Execution, 'guarded' | 'fail' | 'failUnsettled' | 'hint'>,
	mailbox: OpenMailbox,
	url: string,
	wanted: readonly Wanted[],
	acceptsGone: (wanted: Wanted) => boolean,
): Promise<FoundMessages> {
	const gone: FoundMessages['gone'] = [];
	const uidsOfAll: Uid[] = [];
	const itemsOfAll: number[] = [];
	const add = (uid: Uid, item: number): void => {
		uidsOfAll.push(uid);
		itemsOfAll.push(item);
	};
	const result = (): FoundMessages => ({
		found: new SelectedMessages(uidsOfAll, itemsOfAll),
		gone,
	});
	const referring: Wanted[] = [];
	const uids: number[] = [];
	const searches: Array<[item: number, filters: MessageFilters | UidSet]> = [];
	const turns = new Turns();
	for (const one of wanted) {
		const { item, selection } = one;
		await turns.next();
		if ('filters' in selection) searches.push([item, selection.filters]);
		else if ('uids' in selection) searches.push([item, selection.uids]);
		else {
			const { reference } = selection;
			try {
				checkAccount(reference, url);
				checkUidValidity(reference, mailbox.uidValidity);
			} catch (error) {
				execution.failUnsettled([item], mailbox.name, error);
				continue;
			}
			if (reference.account === undefined) execution.hint(UNCHECKED);
			referring.push(one);
			uids.push(reference.uid);
		}
	}
	await Promise.all(
		searches.map(([item, wanted]) =>
			execution.guarded([item], mailbox.name, async () => {
				for (const uid of await search(mailbox, wanted)) add(uid, item);
			}),
		),
	);
	if (uids.length === 0) return result();

	const present = await presentUids(mailbox, uids);
	for (const [index, one] of referring.entries()) {
		const { item } = one;
		const uid = uids[index] as number;
		await turns.next();
		if (present.includes(uid)) add(uid as Uid, item);
		else if (acceptsGone(one)) gone.push({ item, uid });
		else {
			const error = new MessageGoneError(
				`The message with UID ${uid} no longer exists: it was moved or deleted in the meantime`,
				'Get the messages again, or set "On Error" to "Continue (using error output)" to continue without it.',
			);
			execution.fail([item], mailbox.name, error);
		}
	}
	return result();
}

/**
 * For what changes messages: says which of those that were meant are not there. A message that an item
 * refers to is an error of that item already.
 */
export function reportNotFound(
	execution: Execution,
	mailbox: string,
	wanted: readonly Selecting[],
	found: SelectedMessages,
): void {
	const others = wanted.filter(({ selection }) => !('reference' in selection));
	if (others.length === 0) return;
	const counts = found.counts();
	for (const { item, selection } of others) {
		if (execution.isSettled(item)) continue;
		const count = counts.get(item) ?? 0;
		if (count === 0) {
			execution.nothingFound(item, mailbox);
		} else if ('uids' in selection && !selection.uids.open && selection.uids.size > count) {
			execution.hint(
				`Of the ${selection.uids.size} UIDs that were named, "${shownText(mailbox)}" has ${count}: nothing was done for the others`,
			);
		}
	}
}

async function search(mailbox: OpenMailbox, wanted: MessageFilters | UidSet): Promise<Uid[]> {
	const query = wanted instanceof UidSet ? { uid: wanted } : await exactQuery(mailbox, wanted);
	return mailbox.search(query);
}

/** Bytes of a set that is still worth sending as it is, rather than the range it lies in. */
const LONG_SET = 4000;

/** Those of the UIDs that the mailbox holds, by one command. */
async function presentUids(
	mailbox: OpenMailbox,
	uids: readonly number[],
): Promise<Pick<UidSet, 'includes'>> {
	const exact = UidSet.from(uids);
	const { ranges } = exact;
	const [first, last] = [ranges[0]?.[0], ranges.at(-1)?.[1]];
	const asked = exact.toString().length > LONG_SET ? `${first}:${last}` : exact;
	const present = await mailbox.search({ uid: asked });
	return present.length > 0 ? UidSet.from(present) : { includes: () => false };
}
