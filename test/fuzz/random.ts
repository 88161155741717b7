/** Numbers that look random and are the same for the same seed (xorshift32). */
export class Random {
	private state: number;

	constructor(seed: number) {
		this.state = seed >>> 0 || 1;
	}

	/** From 0 up to, and without, the limit. */
	below(limit: number): number {
		this.state ^= this.state << 13;
		this.state ^= this.state >>> 17;
		this.state ^= this.state << 5;
		return (this.state >>> 0) % limit;
	}

	of<Value>(values: readonly Value[]): Value {
		return values[this.below(values.length)] as Value;
	}
}
