import type { CommandReader } from './command-reader';
import { BadSyntax } from './command-reader';

/** `1:100` of the first results, or `-1:-100` of the last ones (RFC 9394 §3.1). */
export class PartialRange {
	constructor(
		/** As it was given; the answer repeats it. */
		readonly text: string,
		private readonly first: number,
		private readonly last: number,
	) {}

	/** Those results that are in the range, in their own order. */
	of<Result>(results: readonly Result[]): Result[] {
		const low = Math.min(Math.abs(this.first), Math.abs(this.last));
		const high = Math.max(Math.abs(this.first), Math.abs(this.last));
		if (this.first > 0) return results.slice(low - 1, high);
		return results.slice(Math.max(0, results.length - high), Math.max(0, results.length - low + 1));
	}
}

export function readPartialRange(reader: CommandReader): PartialRange {
	const text = reader.run(/[-\d:]/, 'a partial range');
	const match = /^(-?)([1-9]\d*):(-?)([1-9]\d*)$/.exec(text);
	if (!match || match[1] !== match[3]) throw new BadSyntax(`invalid partial range ${text}`);
	const sign = match[1] ? -1 : 1;
	return new PartialRange(text, sign * Number(match[2]), sign * Number(match[4]));
}
