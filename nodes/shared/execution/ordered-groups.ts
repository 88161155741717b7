/** Groups items that ask for the same, without changing the order of items that may affect each other. */
import { Turns } from '../../../mail/next-turn';

/** What an item may touch. */
export interface Touched {
	/** Equal for all mailboxes that may be the same one; undefined for "may be any mailbox". */
	mailbox: string | undefined;
	/** Undefined for "may be any message of the mailbox". */
	uids: readonly number[] | undefined;
}

interface Placed {
	/** Items with different keys are in different groups. */
	key: string;
	/** Undefined for an item that changes nothing, so that its place does not matter. */
	touched: Touched | undefined;
}

/**
 * An item joins the last group of its key, unless a group after that one holds an earlier item that may
 * touch the same messages; it then begins a new group. Running the groups one after another therefore
 * ends with the same state as running the items one after another. Linear in items and UIDs.
 */
export async function groupInOrder<Item>(
	items: Iterable<Item>,
	place: (item: Item) => Placed,
): Promise<Item[][]> {
	const groups: Item[][] = [];
	const lastOfKey = new Map<string, { index: number; group: Item[] }>();
	const conflicts = new Conflicts();
	const turns = new Turns();
	for (const item of items) {
		await turns.next();
		const { key, touched } = place(item);
		const notBefore = touched ? conflicts.lastGroup(touched) : -1;
		let last = lastOfKey.get(key);
		if (!last || last.index < notBefore) {
			last = { index: groups.length, group: [] };
			lastOfKey.set(key, last);
			groups.push(last.group);
		}
		last.group.push(item);
		if (touched) conflicts.add(touched, last.index);
	}
	return groups;
}

/** The last group, by its index, that touches a message, a mailbox, or anything. */
class Conflicts {
	private last = -1;
	private lastOfUnknownMailbox = -1;
	private readonly lastOfMailbox = new Map<string, number>();
	private readonly lastOfWholeMailbox = new Map<string, number>();
	private readonly lastOfMessage = new Map<string, number>();

	/** @returns -1 if there is none */
	lastGroup({ mailbox, uids }: Touched): number {
		if (mailbox === undefined) return this.last;
		if (!uids) return Math.max(this.lastOfUnknownMailbox, this.lastOfMailbox.get(mailbox) ?? -1);
		let last = Math.max(this.lastOfUnknownMailbox, this.lastOfWholeMailbox.get(mailbox) ?? -1);
		for (const uid of uids)
			last = Math.max(last, this.lastOfMessage.get(`${uid} ${mailbox}`) ?? -1);
		return last;
	}

	add({ mailbox, uids }: Touched, group: number): void {
		this.last = Math.max(this.last, group);
		if (mailbox === undefined) {
			this.lastOfUnknownMailbox = Math.max(this.lastOfUnknownMailbox, group);
			return;
		}
		raise(this.lastOfMailbox, mailbox, group);
		if (uids) for (const uid of uids) raise(this.lastOfMessage, `${uid} ${mailbox}`, group);
		else raise(this.lastOfWholeMailbox, mailbox, group);
	}
}

function raise(map: Map<string, number>, key: string, value: number): void {
	map.set(key, Math.max(value, map.get(key) ?? -1));
}
