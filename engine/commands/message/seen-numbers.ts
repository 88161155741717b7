/** Which numbers came by, in a bit each: a mailbox may have a million messages. */
export class SeenNumbers {
	private readonly words = new Map<number, number>();

	add(number: number): void {
		const key = number >>> 5;
		this.words.set(key, (this.words.get(key) ?? 0) | (1 << (number & 31)));
	}

	has(number: number): boolean {
		return ((this.words.get(number >>> 5) ?? 0) & (1 << (number & 31))) !== 0;
	}
}
