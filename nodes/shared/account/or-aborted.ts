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
