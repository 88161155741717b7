/** Groups items that ask for the same, without changing the order of items that may affect each other. */
import { Turns } from '../../../mail/next-turn';

/** What an item may touch. */
export interface Touched {
	/** Equal for all mailboxes that may be the same one; undefined for "may be any mailbox". */
	mailbox: string | undefined;
	/** Undefined for "may be any message of the mailbox". */
	uids: readonly number[] | undefined;
}

interface Placing<Item> {
	/** Items with different keys are in different groups. */
	key(item: Item): string;
	/** Undefined for an item that changes nothing, so that its place does not matter. */
	touched(item: Item): Touched | undefined;
}

/**
 * An item joins the last group of its key, unless a group after that one holds an earlier item that may
 * touch the same messages; it then begins a new group. Running the groups one after another therefore
 * ends with the same state as running the items one after another. Linear in items and UIDs.
 */
export async function groupInOrder<Item>(
	items: readonly Item[],
	placing: Placing<Item>,
): Promise<Item[][]> {
	const [first] = items;
	if (first === undefined) return [];
	const only = placing.key(first);
	// The usual case: nothing has to be remembered of each message.
	if (items.every((item) => placing.key(item) === only)) return [[...items]];
	const groups: Item[][] = [];
	const lastOfKey = new Map<string, number>();
	const conflicts = new Conflicts();
	const turns = new Turns();
	for (const item of items) {
		await turns.next();
		const key = placing.key(item);
		const touched = placing.touched(item);
		const notBefore = touched ? conflicts.lastGroup(touched) : -1;
		let index = lastOfKey.get(key) ?? -1;
		if (index < 0 || index < notBefore) index = groups.push([]) - 1;
		lastOfKey.set(key, index);
		groups[index]?.push(item);
		if (touched) conflicts.add(touched, index);
	}
	return groups;
}

/** The last group, by its index, that touches a message, a mailbox, or anything. */
class Conflicts {
	private last = -1;
	private lastOfUnknownMailbox = -1;
	private readonly lastOfMailbox = new Map<string, number>();
	private readonly lastOfWholeMailbox = new Map<string, number>();
	/** By mailbox and UID. */
	private readonly lastOfMessage = new Map<string, Map<number, number>>();

	/** @returns -1 if there is none */
	lastGroup({ mailbox, uids }: Touched): number {
		if (mailbox === undefined) return this.last;
		if (!uids) return Math.max(this.lastOfUnknownMailbox, this.lastOfMailbox.get(mailbox) ?? -1);
		let last = Math.max(this.lastOfUnknownMailbox, this.lastOfWholeMailbox.get(mailbox) ?? -1);
		const messages = this.lastOfMessage.get(mailbox);
		for (const uid of uids) last = Math.max(last, messages?.get(uid) ?? -1);
		return last;
	}

	add({ mailbox, uids }: Touched, group: number): void {
		this.last = Math.max(this.last, group);
		if (mailbox === undefined) {
			this.lastOfUnknownMailbox = Math.max(this.lastOfUnknownMailbox, group);
			return;
		}
		raise(this.lastOfMailbox, mailbox, group);
		if (!uids) {
			raise(this.lastOfWholeMailbox, mailbox, group);
			return;
		}
		const messages = this.lastOfMessage.get(mailbox) ?? new Map<number, number>();
		this.lastOfMessage.set(mailbox, messages);
		for (const uid of uids) raise(messages, uid, group);
	}
}

function raise<Key>(map: Map<Key, number>, key: Key, value: number): void {
	map.set(key, Math.max(value, map.get(key) ?? -1));
}
