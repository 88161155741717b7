/**
 * What ends work before it is done: the part of an `AbortSignal` that the engine needs. An object of
 * Node's with its events would take about a tenth of the CPU of a login.
 */
export interface AbortSource {
	readonly aborted: boolean;
	/** Why, once it is aborted. */
	readonly reason: unknown;
	/** @param listener called once, when it is aborted */
	addEventListener(type: 'abort', listener: () => void): void;
	removeEventListener(type: 'abort', listener: () => void): void;
}

/** A signal for code of the caller's, aborted together with the source. */
export function signalOf(source: AbortSource): AbortSignal {
	if (source instanceof AbortSignal) return source;
	const controller = new AbortController();
	const follow = (): void => controller.abort(source.reason);
	if (source.aborted) follow();
	else source.addEventListener('abort', follow);
	return controller.signal;
}
