/** What n8n's poll context has beyond its public type; each part may be missing in another version. */
import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

interface PollInternals {
	__emit?: (data: INodeExecutionData[][]) => void;
	__commitCursor?: () => Promise<void>;
}

/** Milliseconds: n8n's budget for a poll that does not run on its durable scheduler. */
const UNSCHEDULED_BUDGET = 5 * 60_000;
/** Milliseconds between two polls up to which the connection is kept for the next one. */
const SOON = 12_000;

const seen = new WeakSet<IPollFunctions>();
const lastStart = new Map<string, number>();

/** The same for all polls of a node. */
export function nodeKey(context: Pick<IPollFunctions, 'getWorkflow' | 'getNode'>): string {
	return `${context.getWorkflow().id ?? ''}:${context.getNode().id}`;
}

/**
 * Whether n8n waits with the activation of the workflow for this poll. n8n makes one context for each
 * activation, and uses it for the activation poll first; its durable scheduler makes one for each poll,
 * with a smaller budget.
 */
export function isActivation(context: IPollFunctions): boolean {
	if (seen.has(context)) return false;
	seen.add(context);
	return (context.getPollBudgetMs?.() ?? UNSCHEDULED_BUDGET) >= UNSCHEDULED_BUDGET;
}

/** @returns whether the next poll of the node is to be expected within seconds */
export function notePollStart(node: string): boolean {
	const now = performance.now();
	const last = lastStart.get(node) ?? -Infinity;
	lastStart.set(node, now);
	return now - last <= SOON;
}

/**
 * Saves the cursor without items. With durable cursors n8n drops what the activation poll has
 * remembered (it commits only polls of its scheduler), so that everything that arrives until the first
 * scheduled poll would count as being there already.
 */
export async function commitCursor(context: IPollFunctions): Promise<void> {
	const { __commitCursor: commit } = context as IPollFunctions & PollInternals;
	if (typeof commit !== 'function') return;
	try {
		await commit.call(context);
	} catch (error) {
		context.logger.warn(
			`The cursor could not be saved, so the next poll starts where this one did: ${(error as Error).message}`,
		);
	}
}

/** Starts an execution with the items, and saves the cursor. @returns false if n8n cannot do so within a poll */
export function emitItems(context: IPollFunctions, items: INodeExecutionData[]): boolean {
	const { __emit: emit } = context as IPollFunctions & PollInternals;
	if (typeof emit !== 'function') return false;
	try {
		emit.call(context, [items]);
		return true;
	} catch {
		return false;
	}
}
