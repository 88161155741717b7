/**
 * Each number once, in the order given: a server that returns one twice has not found more messages. Callers
 * count them, and act on each.
 */
export function distinct(numbers: number[]): number[] {
	let last = 0;
	for (const number of numbers) {
		if (number <= last) return [...new Set(numbers)];
		last = number;
	}
	// Ascending, as nearly all are.
	return numbers;
}
