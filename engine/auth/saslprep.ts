import {
	decodeRanges,
	IGNORED,
	includes,
	LEFT_TO_RIGHT,
	PROHIBITED,
	RIGHT_TO_LEFT,
	SPACES,
} from './saslprep-tables';

const spaces = decodeRanges(SPACES);
const ignored = decodeRanges(IGNORED);
const prohibited = decodeRanges(PROHIBITED);
const rightToLeft = decodeRanges(RIGHT_TO_LEFT);
const leftToRight = decodeRanges(LEFT_TO_RIGHT);

const UNCHANGED = /^[\x20-\x7e]*$/;

/**
 * Prepares a user name or password, so that what looks the same is the same wherever it was typed:
 * SASLprep (RFC 4013) of a query, which may contain code points unassigned in Unicode 3.2.
 * @returns undefined for a text that cannot be prepared: it contains a prohibited character, or mixes
 * directions of writing (RFC 4013 §2.3, §2.4)
 */
export function saslprep(text: string): string | undefined {
	if (UNCHANGED.test(text)) return text;
	if (!text.isWellFormed()) return undefined;
	let mapped = '';
	for (const character of text) {
		const codePoint = character.codePointAt(0) as number;
		// U+200B is in both tables; a space it is.
		if (includes(spaces, codePoint)) mapped += ' ';
		else if (!includes(ignored, codePoint)) mapped += character;
	}
	const prepared = mapped.normalize('NFKC');
	const codePoints = Array.from(prepared, (character) => character.codePointAt(0) as number);
	const has = (table: Uint32Array): boolean => codePoints.some((one) => includes(table, one));
	if (has(prohibited)) return undefined;
	if (!has(rightToLeft)) return prepared;
	const ends = [codePoints[0] as number, codePoints.at(-1) as number];
	const bothEnds = ends.every((one) => includes(rightToLeft, one));
	return bothEnds && !has(leftToRight) ? prepared : undefined;
}
