import type { Uid } from '../../../engine/index';

/**
 * The messages that are there, and the items that selected each: as lists in order of UIDs, since a map with a list
 * for each of many thousand messages takes ten times the memory.
 */
export class SelectedMessages {
	/** Ascending, each once. */
	readonly uids: readonly Uid[];
	/** As {@link selectedBy}, a message once for each item. */
	private readonly all: readonly Uid[];
	private readonly selectedBy: readonly number[];

	/** @param selections of messages by items; an item does not select a message twice */
	constructor(uids: readonly Uid[], items: readonly number[]) {
		const uidAt = (index: number): Uid => uids[index] as Uid;
		const order = uids.map((_uid, index) => index).sort((a, b) => uidAt(a) - uidAt(b));
		this.all = order.map(uidAt);
		this.selectedBy = order.map((index) => items[index] as number);
		this.uids = this.all.filter((uid, index) => uid !== this.all[index - 1]);
	}

	/** In the order in which they selected it. */
	itemsOf(uid: Uid): readonly number[] {
		const { all, selectedBy } = this;
		let low = 0;
		let high = all.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			const found = all[middle] as Uid;
			if (found < uid) low = middle + 1;
			else high = middle;
		}
		let end = low;
		while (all[end] === uid) end++;
		return selectedBy.slice(low, end);
	}

	/** How many messages each item selected. */
	counts(): Map<number, number> {
		const counts = new Map<number, number>();
		for (const item of this.selectedBy) counts.set(item, (counts.get(item) ?? 0) + 1);
		return counts;
	}
}
