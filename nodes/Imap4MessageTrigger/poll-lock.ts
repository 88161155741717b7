/**
 * Whose turn it is: n8n begins the next poll of a node whether the last one is done or not, and with
 * durable cursors it reads the cursor for it before the last one's has been committed.
 */
import type { IDataObject } from 'n8n-workflow';

/** Milliseconds that n8n is given to keep what a poll remembers; after them it has failed to. */
const KEEPING = 60_000;

/** Polls under way, by workflow and node. */
const underWay = new Set<string>();

interface Given {
	/** What was remembered before the poll that gave items. */
	before: string;
	at: number;
}

/** The last poll of each node that gave items. */
const given = new Map<string, Given>();

/** @returns false if a poll of the node is under way already */
export function takeTurn(node: string): boolean {
	if (underWay.has(node)) return false;
	underWay.add(node);
	return true;
}

export function endTurn(node: string): void {
	underWay.delete(node);
}

/** Whether the cursor is still the one that the last items were found with: they would come twice. */
export function isStale(node: string, staticData: IDataObject): boolean {
	const last = given.get(node);
	if (!last) return false;
	if (JSON.stringify(staticData) === last.before && Date.now() - last.at < KEEPING) return true;
	given.delete(node);
	return false;
}

/** @param before what was remembered when the poll began */
export function noteGiven(node: string, before: string): void {
	given.set(node, { before, at: Date.now() });
}
