/**
 * Stop, in the editor or by n8n. It ends whatever waits, at once: a connection that is lent is closed (see
 * account/connection-pool), and what is between two commands asks here.
 */
import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

/** Older versions of n8n have no such signal. */
export const stopSignal = (context: IExecuteFunctions): AbortSignal | undefined =>
	context.getExecutionCancelSignal?.();

/** @throws NodeOperationError if the execution was stopped */
export function checkNotStopped(context: IExecuteFunctions): void {
	if (!stopSignal(context)?.aborted) return;
	// n8n knows by the word "canceled" that this is no failure.
	throw new NodeOperationError(context.getNode(), 'The execution was canceled');
}
