import { Imap4Error } from '../errors';
import type { SequenceNumber, Uid } from './message-number';

/** What `*` stands for: the largest number in use, whatever it is (RFC 9051 §9 `seq-number`). */
const LAST = Infinity;
const LARGEST = 4294967295;

/** Both ends inclusive. */
type Ranges = readonly (readonly [number, number])[];

/** What names a set of UIDs: `1:20,40:*`, a number, numbers, or a set. */
export type UidSetLike = string | number | readonly number[] | UidSet;
/** What names a set of sequence numbers: `1:20,40:*`, a number, numbers, or a set. */
export type SequenceSetLike = string | number | readonly number[] | SequenceSet;
/** A set of messages, by UID or by sequence number. */
export type AnySet = UidSet | SequenceSet;

/**
 * A set of messages (RFC 9051 `sequence-set`): parsed, merged and printed again, never expanded, so
 * that `1:4294967295` costs no more than `1`. {@link UidSet} names them by UID, {@link SequenceSet} by
 * sequence number.
 */
export abstract class MessageSet<N extends number> {
	/** What its numbers are. */
	abstract readonly kind: 'UID' | 'sequence number';

	/** @param ranges ascending, disjoint and not adjacent */
	protected constructor(
		readonly ranges: Ranges,
		/**
		 * What the last search with `save` found, as the server remembers it: `$` (RFC 5182). Which
		 * messages these are isn't known here, so it counts as {@link open}.
		 */
		readonly isSaved = false,
	) {}

	/** Capabilities that a command with this set needs. */
	get needs(): readonly string[] {
		return this.isSaved ? ['SEARCHRES'] : [];
	}

	/**
	 * Whether the number is in the set. What `*` stands for isn't known here: see {@link open}.
	 * @example
	 * UidSet.from('1:20').includes(7); // true
	 */
	includes(value: N | number): boolean {
		let low = 0;
		let high = this.ranges.length - 1;
		while (low <= high) {
			const middle = (low + high) >> 1;
			const range = this.ranges[middle] as readonly [number, number];
			if (value < range[0]) high = middle - 1;
			else if (value > range[1]) low = middle + 1;
			else return true;
		}
		return false;
	}

	/** Whether the set holds `*`, and with it always the last message, `5000:*` of 10 included. */
	get open(): boolean {
		return this.isSaved || this.ranges.at(-1)?.[1] === LAST;
	}

	/** How many numbers it holds; Infinity for one with `*`. */
	get size(): number {
		if (this.isSaved) return Infinity;
		return this.ranges.reduce((sum, [first, last]) => sum + (last - first + 1 || 1), 0);
	}

	/** The numbers, ascending. @throws Imap4Error ARGUMENT for a set with `*` */
	*[Symbol.iterator](): Generator<N> {
		if (this.open) throw new Imap4Error('ARGUMENT', 'A set with * cannot be listed');
		for (const [first, last] of this.ranges)
			for (let number = first; number <= last; number++) yield number as N;
	}

	/**
	 * All numbers, ascending.
	 * @throws Imap4Error ARGUMENT for a set with `*`
	 * @example
	 * UidSet.from('1:3,7').toArray(); // [1, 2, 3, 7]
	 */
	toArray(): N[] {
		if (this.open) throw new Imap4Error('ARGUMENT', 'A set with * cannot be listed');
		const numbers: N[] = [];
		for (const [first, last] of this.ranges)
			for (let number = first; number <= last; number++) numbers.push(number as N);
		return numbers;
	}

	/**
	 * The same set in parts that each fit into a command line; servers accept lines of 8192 octets
	 * at least (RFC 7162 §4).
	 * @example
	 * const largeSet = UidSet.from('1:1000,2000:3000');
	 * largeSet.split().map(String); // each fits into one command line
	 */
	split(octets = 8000): this[] {
		if (this.isSaved) return [this];
		const parts: this[] = [];
		let part: (readonly [number, number])[] = [];
		let length = 0;
		for (const range of this.ranges) {
			const text = print(range).length + 1;
			if (length + text > octets && part.length > 0) {
				parts.push(this.withRanges(part));
				part = [];
				length = 0;
			}
			part.push(range);
			length += text;
		}
		parts.push(this.withRanges(part));
		return parts;
	}

	/**
	 * As on the wire: `1:20,40:*`.
	 * @example
	 * UidSet.from([3, 1, 2]).toString(); // '1:3'
	 */
	toString(): string {
		return this.isSaved ? '$' : this.ranges.map(print).join(',');
	}

	/** A set of the same kind. */
	protected abstract withRanges(ranges: Ranges): this;
}

/**
 * A set of UIDs: `UidSet.from('1:20,40:*')`, `UidSet.from([3, 5])`.
 * @example
 * const set = UidSet.from('1:20,40:*');
 * set.includes(41); // true
 * set.open; // true
 */
export class UidSet extends MessageSet<Uid> {
	/** `$`: what the last search with `save` found, as the server remembers it (RFC 5182). */
	static readonly saved = new UidSet([], true);

	readonly kind = 'UID';

	/**
	 * @throws Imap4Error ARGUMENT for an empty set or anything but numbers from 1 to 2^32-1 and `*`
	 * @example
	 * UidSet.from([5, 3, 4]).toString(); // '3:5'
	 */
	static from(set: UidSetLike): UidSet {
		if (set instanceof UidSet) return set;
		if (set === '$') return UidSet.saved;
		return new UidSet(rangesOf(set));
	}

	/**
	 * A set of UIDs as a server writes it; undefined if it is none.
	 * @example
	 * UidSet.fromServer('3:5')?.size; // 3
	 */
	static fromServer(text: string): UidSet | undefined {
		const ranges = serverRanges(text);
		return ranges && new UidSet(ranges);
	}

	protected override withRanges(ranges: Ranges): this {
		return new UidSet(ranges) as this;
	}
}

/**
 * A set of sequence numbers: `SequenceSet.from('1:20,40:*')`, `SequenceSet.from([3, 5])`.
 * @example
 * const lastTwo = SequenceSet.from('4:*');
 * await mailbox.bySequenceNumber.fetch(lastTwo, { envelope: true }).all();
 */
export class SequenceSet extends MessageSet<SequenceNumber> {
	/** `$`: what the last search with `save` found, as the server remembers it (RFC 5182). */
	static readonly saved = new SequenceSet([], true);

	readonly kind = 'sequence number';

	/**
	 * @throws Imap4Error ARGUMENT for an empty set or anything but numbers from 1 to 2^32-1 and `*`
	 * @example
	 * SequenceSet.from('1:5,*').open; // true
	 */
	static from(set: SequenceSetLike): SequenceSet {
		if (set instanceof SequenceSet) return set;
		if (set === '$') return SequenceSet.saved;
		return new SequenceSet(rangesOf(set));
	}

	/**
	 * A set of sequence numbers as a server writes it; undefined if it is none.
	 * @example
	 * SequenceSet.fromServer('not a set'); // undefined
	 */
	static fromServer(text: string): SequenceSet | undefined {
		const ranges = serverRanges(text);
		return ranges && new SequenceSet(ranges);
	}

	protected override withRanges(ranges: Ranges): this {
		return new SequenceSet(ranges) as this;
	}
}

/** A server names messages that there are, so it has no use for `*`. */
function serverRanges(text: string): Ranges | undefined {
	if (!/^[\d:,]+$/.test(text)) return undefined;
	try {
		return parse(text);
	} catch (error) {
		if (error instanceof Imap4Error && error.code === 'ARGUMENT') return undefined;
		throw error;
	}
}

/** @throws Imap4Error ARGUMENT, for a set of the other kind too */
function rangesOf(set: string | number | readonly number[]): Ranges {
	if (typeof set === 'string') return parse(set);
	if (typeof set === 'number') return rangesOfNumbers([set]);
	if (set instanceof MessageSet) {
		throw new Imap4Error(
			'ARGUMENT',
			`A set of ${(set as unknown as AnySet).kind}s names other messages here`,
		);
	}
	return rangesOfNumbers(set);
}

function parse(text: string): Ranges {
	const ranges: [number, number][] = [];
	for (const range of text.split(',')) {
		const match = /^(\d{1,10}|\*)(?::(\d{1,10}|\*))?$/.exec(range);
		if (!match) throw refused(text);
		const first = number(match[1] as string, text);
		const second = match[2] === undefined ? first : number(match[2], text);
		ranges.push(first <= second ? [first, second] : [second, first]);
	}
	return merge(ranges);
}

function rangesOfNumbers(numbers: readonly number[]): Ranges {
	if (numbers.length === 0) throw new Imap4Error('ARGUMENT', 'The set of messages is empty');
	const ranges: [number, number][] = [];
	for (const value of numbers) {
		if (!Number.isInteger(value) || value < 1 || value > LARGEST) throw refused(String(value));
		const last = ranges.at(-1);
		// Numbers usually come in ascending order; growing the last range keeps the sort below short.
		if (last && value === last[1] + 1) last[1] = value;
		else ranges.push([value, value]);
	}
	return merge(ranges);
}

function print([first, last]: readonly [number, number]): string {
	const end = last === LAST ? '*' : last;
	return first === last ? `${end}` : `${first}:${end}`;
}

function number(digits: string, text: string): number {
	if (digits === '*') return LAST;
	const value = Number(digits);
	if (value < 1 || value > LARGEST) throw refused(text);
	return value;
}

function refused(text: string): Imap4Error {
	return new Imap4Error(
		'ARGUMENT',
		`"${text.slice(0, 80)}" is not a valid message set: write numbers from 1 to 4294967295, ranges and *, as in 1:20,40:*`,
	);
}

function merge(ranges: [number, number][]): [number, number][] {
	ranges.sort((a, b) => (a[0] === b[0] ? a[1] - b[1] : a[0] - b[0]));
	const merged: [number, number][] = [];
	for (const range of ranges) {
		const last = merged.at(-1);
		// `*` alone stays apart from a finite range: where the last message is isn't known.
		if (last && range[0] <= last[1] + 1 && (range[0] !== LAST || last[1] === LAST)) {
			if (range[1] > last[1]) last[1] = range[1];
		} else merged.push(range);
	}
	return merged;
}
