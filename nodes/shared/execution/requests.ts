/** What the items ask for, in the order of the items: two lists, since a map of many thousand takes four times the memory. */
export class Requests<Request> {
	private readonly numbers: number[] = [];
	private readonly requests: Request[] = [];

	/** Ascending. */
	get items(): readonly number[] {
		return this.numbers;
	}

	get values(): readonly Request[] {
		return this.requests;
	}

	/** @param item behind all of those before */
	add(item: number, request: Request): void {
		this.numbers.push(item);
		this.requests.push(request);
	}

	/** @returns undefined for an item that asks for nothing here */
	get(item: number): Request | undefined {
		let low = 0;
		let high = this.numbers.length - 1;
		while (low <= high) {
			const middle = (low + high) >> 1;
			const found = this.numbers[middle] as number;
			if (found === item) return this.requests[middle];
			if (found < item) low = middle + 1;
			else high = middle - 1;
		}
		return undefined;
	}

	*[Symbol.iterator](): Generator<[item: number, request: Request]> {
		for (const [index, item] of this.numbers.entries())
			yield [item, this.requests[index] as Request];
	}
}
