import { randomInt } from 'node:crypto';

/** Letters of a prefix; few enough that a tag never reads as a word of a response. */
const LETTERS = 'ABCDEFGHIJKLMNOP';
const LENGTH = 4;

/** What other clients use as tags: letters and digits, a digit at the end, seldom a dot. */
const WELL_FORMED = /^[A-Za-z0-9.]{0,31}[0-9]$/;

/** The tags of one session: a prefix nobody can guess from another session, and a counter. */
export class Tags {
	readonly prefix = newPrefix();
	private counter = 0;

	next(): string {
		return this.prefix + ++this.counter;
	}

	/**
	 * Whether a tag that was never sent belongs to some other conversation, e.g. that of the client
	 * before us behind a proxy. One that could be a damaged tag of ours does not: what it answers
	 * cannot be known.
	 */
	isForeign(tag: string): boolean {
		if (!WELL_FORMED.test(tag)) return false;
		const other = tag.toUpperCase();
		const { prefix } = this;
		if (other.includes(prefix.slice(1)) || other.includes(prefix.slice(0, -1))) return false;
		// All digits: our counter, its prefix lost.
		if (/^[0-9]*$/.test(other)) return false;
		return [...prefix].filter((letter, index) => other[index] === letter).length < LENGTH - 1;
	}
}

/** All its letters come from one random number: asking for each costs more than all the rest. */
function newPrefix(): string {
	let random = randomInt(LETTERS.length ** LENGTH);
	let prefix = '';
	for (let at = 0; at < LENGTH; at++) {
		prefix += LETTERS[random % LETTERS.length];
		random = Math.floor(random / LETTERS.length);
	}
	return prefix;
}
