/**
 * One poll of a node at a time: n8n begins the next poll whether the last one is done or not, and with
 * durable cursors it reads the cursor for it before that of the last one has been committed.
 */
import type { IDataObject } from 'n8n-workflow';
import { orAborted } from '../shared/account/or-aborted';

/** Milliseconds that n8n gets to save what a poll remembers; after them saving has failed. */
const SAVING = 60_000;

interface UnderWay {
	ended: Promise<void>;
	end(): void;
	/** Set while the poll only waits for new mail. */
	handOver: (() => void) | undefined;
}

/** Polls under way, by workflow and node. */
const underWay = new Map<string, UnderWay>();

interface Delivered {
	/** What was remembered before the poll that delivered items. */
	before: string;
	at: number;
}

/** The last deliveries of each node. */
const delivered = new Map<string, Delivered[]>();

/**
 * A poll that only waits for new mail hands over to the one that n8n begins meanwhile, which has all its
 * time still before it. So there is no gap between the two.
 * @returns false if a poll of the node is under way
 */
export async function lockPoll(node: string, signal: AbortSignal): Promise<boolean> {
	const other = underWay.get(node);
	if (other) {
		const { handOver } = other;
		if (!handOver) return false;
		other.handOver = undefined;
		handOver();
		await orAborted(other.ended, signal).catch(() => undefined);
		if (underWay.has(node)) return false;
	}
	let end = (): void => undefined;
	const ended = new Promise<void>((resolve) => (end = resolve));
	underWay.set(node, { ended, end, handOver: undefined });
	return true;
}

export function unlockPoll(node: string): void {
	underWay.get(node)?.end();
	underWay.delete(node);
}

/** @param handOver called when another poll of the node begins; ends the wait. @returns ends that */
export function onNextPoll(node: string, handOver: () => void): () => void {
	const poll = underWay.get(node);
	if (!poll) return () => undefined;
	poll.handOver = handOver;
	return () => (poll.handOver = undefined);
}

/** Whether the cursor is one that items were found with before: they would be delivered twice. */
export function isStale(node: string, staticData: IDataObject): boolean {
	const current = JSON.stringify(staticData);
	const last = delivered.get(node);
	if (last?.some(({ before, at }) => before === current && performance.now() - at < SAVING))
		return true;
	// Saved. A cursor may return to what it was before, as that of a quota does.
	delivered.delete(node);
	return false;
}

/** @param before what was remembered when the items were looked for */
export function noteDelivery(node: string, before: string): void {
	delivered.set(
		node,
		[...(delivered.get(node) ?? []), { before, at: performance.now() }].slice(-20),
	);
}
