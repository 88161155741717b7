/**
 * Stop, in the editor or by n8n. It ends whatever waits, at once: a connection that is lent is closed (see
 * account/connection-pool), and what is between two commands asks here.
 */
import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

/** What can be stopped between two commands. */
export interface Cancellable {
	/** @throws NodeOperationError if the user has stopped the execution */
	checkCancelled(): void;
}

/** Older versions of n8n have no such signal. */
export const stopSignal = (context: IExecuteFunctions): AbortSignal | undefined =>
	context.getExecutionCancelSignal?.();

/** @throws NodeOperationError if the execution was stopped */
export function checkNotStopped(context: IExecuteFunctions): void {
	if (!stopSignal(context)?.aborted) return;
	// n8n knows by the word "canceled" that this is no failure.
	throw new NodeOperationError(context.getNode(), 'The execution was canceled');
}

/**
 * Waits for a promise no longer than until the signal. What becomes of it after that is ignored.
 * @throws the signal's reason as soon as it is aborted; what `work` rejects with
 */
export async function orAborted<Result>(
	work: Promise<Result>,
	signal: AbortSignal | undefined,
): Promise<Result> {
	if (!signal) return work;
	let stop: () => void = () => undefined;
	const aborted = new Promise<never>((_resolve, reject) => {
		stop = () => reject(signal.reason as Error);
		if (signal.aborted) stop();
		else signal.addEventListener('abort', stop);
	});
	try {
		return await Promise.race([work, aborted]);
	} finally {
		signal.removeEventListener('abort', stop);
	}
}
