/**
 * One poll of a node at a time: n8n begins the next poll whether the last one is done or not, and with
 * durable cursors it reads the cursor for it before that of the last one has been committed.
 */
import type { IDataObject } from 'n8n-workflow';

/** Milliseconds that n8n gets to save what a poll remembers; after them saving has failed. */
const SAVING = 60_000;

/** Polls under way, by workflow and node. */
const underWay = new Set<string>();

interface Delivered {
	/** What was remembered before the poll that delivered items. */
	before: string;
	at: number;
}

/** The last deliveries of each node. */
const delivered = new Map<string, Delivered[]>();

/** @returns false if a poll of the node is under way */
export function lockPoll(node: string): boolean {
	if (underWay.has(node)) return false;
	underWay.add(node);
	return true;
}

export function unlockPoll(node: string): void {
	underWay.delete(node);
}

/** Whether the cursor is one that items were found with before: they would be delivered twice. */
export function isStale(node: string, staticData: IDataObject): boolean {
	const current = JSON.stringify(staticData);
	const last = delivered.get(node) ?? [];
	if (last.some(({ before, at }) => before === current && Date.now() - at < SAVING)) return true;
	// Saved. A cursor may return to what it was before, as that of a quota does.
	delivered.delete(node);
	return false;
}

/** @param before what was remembered when the items were looked for */
export function noteDelivery(node: string, before: string): void {
	delivered.set(node, [...(delivered.get(node) ?? []), { before, at: Date.now() }].slice(-20));
}
