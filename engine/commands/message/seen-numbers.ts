/** Which numbers came by, in a bit each: a mailbox may have a million messages. */
export class SeenNumbers {
	private readonly words = new Map<number, number>();
	/** The word of the number added last, where the next one belongs too as a rule. */
	private key = -1;
	private bits = 0;

	add(number: number): void {
		const key = number >>> 5;
		if (key !== this.key) {
			this.words.set(this.key, this.bits);
			this.bits = this.words.get(key) ?? 0;
			this.key = key;
		}
		this.bits |= 1 << (number & 31);
	}

	has(number: number): boolean {
		const key = number >>> 5;
		const bits = key === this.key ? this.bits : (this.words.get(key) ?? 0);
		return (bits & (1 << (number & 31))) !== 0;
	}
}
