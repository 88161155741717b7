/** Numbers that look random and are the same in every run: mulberry32, 32 bits of state. */
export class Random {
	constructor(private state: number) {}

	/** At least 0, below 1. */
	next(): number {
		this.state = (this.state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	/** An integer from `least` to `most`, both included. */
	integer(least: number, most: number): number {
		return least + Math.floor(this.next() * (most - least + 1));
	}

	chance(probability: number): boolean {
		return this.next() < probability;
	}

	/** @param list not empty */
	pick<Value>(list: readonly Value[]): Value {
		return list[this.integer(0, list.length - 1)] as Value;
	}

	/** `count` different ones of `list`, in random order. */
	some<Value>(list: readonly Value[], count: number): Value[] {
		const left = [...list];
		const picked: Value[] = [];
		while (picked.length < count && left.length > 0) {
			picked.push(...left.splice(this.integer(0, left.length - 1), 1));
		}
		return picked;
	}

	bytes(length: number): Buffer {
		return Buffer.from(Uint8Array.from({ length }, () => this.integer(0, 255)));
	}
}
