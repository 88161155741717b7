import { InterruptedFetchError } from '../../../engine/index';

/** The error of the connection, where it broke during a fetch that is accounted for. */
export const connectionError = (error: unknown): unknown =>
	error instanceof InterruptedFetchError ? error.cause : error;

/**
 * For work that must not be continued over another connection: its accounting is not kept, or it has
 * changed something by then.
 * @throws what `work` rejects with; the error of the connection where that broke
 */
export async function onOneConnection<Result>(work: Promise<Result>): Promise<Result> {
	try {
		return await work;
	} catch (error) {
		throw connectionError(error);
	}
}
