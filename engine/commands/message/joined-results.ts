/**
 * What all responses to one command named, each number once: a server that returns one twice has not found
 * more messages. Callers count them, and act on each.
 * @param found of each response, distinct within it
 */
export function joined(found: readonly number[][]): number[] {
	return found.length === 1 ? (found[0] as number[]) : [...new Set(found.flat())];
}
