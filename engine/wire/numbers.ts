import { COMMA, NINE, SPACE, TAB, ZERO } from './octets';

/** Numbers of one response: 16 MiB do not hold more different ones. */
export const MOST_NUMBERS = 2_500_000;

/**
 * Reads the numbers in `buffer[at..end)`, separated by spaces or commas, into `numbers`, which is empty: up to the
 * first octet of another kind, or until there are more than {@link MOST_NUMBERS}.
 *
 * A loop and nothing more: V8 compiles it while it runs, and gives the code up for what never ran behind it.
 * @returns where they end; the same below zero if they are not in ascending order
 */
export function readNumbers(buffer: Buffer, at: number, end: number, numbers: number[]): number {
	let last = 0;
	let ascending = true;
	while (at < end) {
		let byte = buffer[at] as number;
		if (byte >= ZERO && byte <= NINE) {
			let value = byte - ZERO;
			while (++at < end) {
				byte = buffer[at] as number;
				if (byte < ZERO || byte > NINE) break;
				value = value * 10 + (byte - ZERO);
			}
			if (value <= last) {
				ascending = false;
				// Only where some are there twice can there be many more, each of which takes memory.
				if (numbers.length > MOST_NUMBERS) break;
			}
			last = value;
			numbers.push(value);
		} else if (byte === SPACE || byte === COMMA || byte === TAB) at++;
		else break;
	}
	return ascending ? at : -at;
}
