/**
 * Whitespace in a field that is held as bytes, one character each (latin1): RFC 5322's, and control characters
 * that were meant as such. JavaScript's `trim` and `\s` also take the byte A0 for whitespace, with which "à" ends
 * in UTF-8, and many characters in GBK.
 */
import { withoutTrailing } from '../trailing';

const WHITESPACE = ' \t\r\n\v\f';

/** The bytes without the whitespace around them. */
export function trimWhitespace(bytes: string): string {
	let start = 0;
	while (start < bytes.length && WHITESPACE.includes(bytes[start] as string)) start++;
	return withoutTrailing(bytes.slice(start), WHITESPACE);
}
