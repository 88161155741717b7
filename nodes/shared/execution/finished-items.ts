/**
 * Retry On Fail: n8n runs the whole node again, with all of its items. What an earlier try has finished is not done
 * again, or a message would be stored twice, and one that was moved would no longer be found.
 */
import type { IExecuteData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { runsAsTool } from './ai-tool';

/** One in most cases; a list only where there are several, since there may be many thousand items. */
export type ItemOutput = INodeExecutionData | INodeExecutionData[];

/** By item. */
export type FinishedItems = Map<number, ItemOutput>;

/** By what n8n runs the node with: the same object in each try, another one in each turn of a loop. */
const byRun = new WeakMap<IExecuteData, FinishedItems>();

/**
 * What the tries of this run have finished so far; an execution adds to it.
 * @returns undefined where n8n does not try again
 */
export function finishedItems(context: IExecuteFunctions): FinishedItems | undefined {
	// An agent can call its tool several times with the same input, and wants something else each time.
	if (context.getNode().retryOnFail !== true || runsAsTool(context)) return undefined;
	const run = context.getExecuteData();
	const known = byRun.get(run) ?? new Map<number, ItemOutput>();
	byRun.set(run, known);
	return known;
}
