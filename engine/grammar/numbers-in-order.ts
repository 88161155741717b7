/** Most numbers taken from one set; a mailbox cannot sensibly hold more. */
const MAX_NUMBERS = 10_000_000;
const LARGEST = 0xffff_ffff;

/**
 * The numbers of a set in the order written: COPYUID pairs them with those of another set, ESORT
 * returns them sorted. A {@link MessageSet} would put them in ascending order.
 * @returns undefined for what is not a set of numbers
 */
export function numbersInOrder(text: string): number[] | undefined {
	const numbers: number[] = [];
	for (const range of text.split(',')) {
		const match = /^(\d+)(?::(\d+))?$/.exec(range);
		if (!match) return undefined;
		const first = Number(match[1]);
		const last = Number(match[2] ?? match[1]);
		// Either end may come first (RFC 4315 §3): a range always counts upwards.
		const [low, high] = first <= last ? [first, last] : [last, first];
		if (low < 1 || high > LARGEST) return undefined;
		if (high - low + numbers.length >= MAX_NUMBERS) return undefined;
		for (let number = low; number <= high; number++) numbers.push(number);
	}
	return numbers;
}
