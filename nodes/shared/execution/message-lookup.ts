/** From what items selected to the messages that are there. */
import { UidSet, type OpenMailbox, type Uid } from '../../../engine/index';
import { Turns } from '../../../mail/next-turn';
import { shownText } from '../errors/shown-text';
import { exactQuery, type MessageFilters } from '../message/exact-times';
import { checkAccount, checkUidValidity, MessageGoneError } from '../message/message-reference';
import type { Selection } from '../message/message-selection';
import type { Execution } from './execution';

const UNCHECKED =
	'Some items name no account, so it was not checked that their messages belong to the account of this node';

export interface FoundMessages {
	/** The items that selected each. */
	byUid: Map<Uid, number[]>;
	/** By item: the message that it refers to is gone, and it accepts that. */
	gone: Map<number, number>;
}

/**
 * Which messages are meant, and by which items. An item whose message is gone has failed, or accepts it.
 * @param url of the account
 */
export async function findMessages(
	execution: Execution,
	mailbox: OpenMailbox,
	url: string,
	selections: ReadonlyMap<number, Selection>,
	accepting: ReadonlySet<number>,
): Promise<FoundMessages> {
	const gone = new Map<number, number>();
	const byUid = new Map<Uid, number[]>();
	const add = (uid: Uid, item: number): void => {
		const items = byUid.get(uid);
		if (items) items.push(item);
		else byUid.set(uid, [item]);
	};
	const references = new Map<number, number>();
	const searches: Array<[item: number, filters: MessageFilters | UidSet]> = [];
	const turns = new Turns();
	for (const [item, selection] of selections) {
		await turns.next();
		if ('filters' in selection) searches.push([item, selection.filters]);
		else if ('uids' in selection) searches.push([item, selection.uids]);
		else {
			await execution.guarded([item], mailbox.name, () => {
				checkAccount(selection.reference, url);
				checkUidValidity(selection.reference, mailbox.uidValidity);
				if (selection.reference.account === undefined) execution.hint(UNCHECKED);
				references.set(item, selection.reference.uid);
			});
		}
	}
	await Promise.all(
		searches.map(([item, wanted]) =>
			execution.guarded([item], mailbox.name, async () => {
				for (const uid of await search(mailbox, wanted)) add(uid, item);
			}),
		),
	);
	if (references.size === 0) return { byUid, gone };

	const present = await presentUids(mailbox, [...references.values()]);
	for (const [item, uid] of references) {
		await turns.next();
		if (present.has(uid)) add(uid as Uid, item);
		else if (accepting.has(item)) gone.set(item, uid);
		else {
			const error = new MessageGoneError(
				`The message with UID ${uid} no longer exists: it was moved or deleted in the meantime`,
				'Get the messages again, or set "On Error" to "Continue (using error output)" to continue without it.',
			);
			execution.fail([item], mailbox.name, error);
		}
	}
	return { byUid, gone };
}

/**
 * For what changes messages: says which of those that were meant are not there. A message that an item
 * refers to is an error of that item already.
 */
export function reportNotFound(
	execution: Execution,
	mailbox: string,
	selections: ReadonlyMap<number, Selection>,
	{ byUid }: FoundMessages,
): void {
	const found = new Map<number, number>();
	for (const items of byUid.values()) {
		for (const item of items) found.set(item, (found.get(item) ?? 0) + 1);
	}
	for (const [item, selection] of selections) {
		if (execution.isSettled(item) || 'reference' in selection) continue;
		const count = found.get(item) ?? 0;
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
async function presentUids(mailbox: OpenMailbox, uids: readonly number[]): Promise<Set<number>> {
	const exact = UidSet.from(uids);
	const { ranges } = exact;
	const [first, last] = [ranges[0]?.[0], ranges.at(-1)?.[1]];
	const asked = exact.toString().length > LONG_SET ? `${first}:${last}` : exact;
	return new Set(await mailbox.search({ uid: asked }));
}
