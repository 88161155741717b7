/**
 * When n8n deactivates a workflow or shuts down. A poll is not told, so the node has a `trigger()` beside
 * its `poll()` whose only purpose is n8n's call of `closeFunction`.
 */
const active = new Map<string, AbortController>();

/** Aborted when the node is deactivated. */
export function deactivation(node: string): AbortSignal {
	let controller = active.get(node);
	if (!controller) active.set(node, (controller = new AbortController()));
	return controller.signal;
}

/** @returns what n8n calls when it deactivates the node */
export function activate(node: string): () => Promise<void> {
	const controller = new AbortController();
	active.set(node, controller);
	return async () => {
		controller.abort();
	};
}
