import { latin1 } from './text';

/** A word, and the same in one case: names are case-insensitive (RFC 9051 §1.2). */
export interface Word {
	readonly text: string;
	readonly upper: string;
	readonly lower: string;
}

const SLOTS = 4096;
/** Longer words seldom recur. */
const LONGEST = 64;
const words = new Array<Word | undefined>(SLOTS);

/** The hash of octets, from that of all but the last; of none it is 0. */
export const hashed = (before: number, byte: number): number => (Math.imul(before, 31) + byte) | 0;

/**
 * The word at `buffer[start..end)`, made once for as long as it keeps its slot. Responses repeat
 * the same few atoms (item names, flags) tens of thousands of times. The table never grows.
 */
export function intern(buffer: Buffer, start: number, end: number): Word {
	let hash = 0;
	for (let at = start; at < end; at++) hash = hashed(hash, buffer[at] as number);
	return internHashed(buffer, start, end, hash);
}

/** {@link intern} for a caller that looked at each octet anyway. @param hash see {@link hashed} */
export function internHashed(buffer: Buffer, start: number, end: number, hash: number): Word {
	if (end - start > LONGEST) return word(buffer, start, end);
	const slot = slotOf(hash);
	const known = words[slot];
	if (known && known.text.length === end - start) {
		let at = start;
		while (at < end && known.text.charCodeAt(at - start) === buffer[at]) at++;
		if (at === end) return known;
	}
	return (words[slot] = word(buffer, start, end));
}

function word(buffer: Buffer, start: number, end: number): Word {
	return wordOf(latin1(buffer, start, end));
}

export function wordOf(text: string): Word {
	return { text, upper: text.toUpperCase(), lower: text.toLowerCase() };
}

/** Longer strings are usually subjects and Message-IDs, which seldom repeat. */
export const LONGEST_RECURRING = 32;
const texts = new Array<string | undefined>(SLOTS);

/**
 * The string at `buffer[start..end)`, US-ASCII and not longer than {@link LONGEST_RECURRING}, made
 * once for as long as it keeps its slot: hosts of addresses, charsets, media types.
 * @param hash of its octets, see {@link hashed}
 */
export function internText(buffer: Buffer, start: number, end: number, hash: number): string {
	const slot = slotOf(hash);
	const known = texts[slot];
	// As in `internHashed`, which is written out since V8 takes longer to compile a function that both call.
	if (known !== undefined && known.length === end - start) {
		let at = start;
		while (at < end && known.charCodeAt(at - start) === buffer[at]) at++;
		if (at === end) return known;
	}
	return (texts[slot] = latin1(buffer, start, end));
}

const slotOf = (hash: number): number => (hash ^ (hash >>> 13)) & (SLOTS - 1);
