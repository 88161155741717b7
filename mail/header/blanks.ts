/**
 * Blanks of a field that is held as bytes, one character each (latin1): RFC 5322's, and control characters
 * that were meant as such. JavaScript's `trim` and `\s` take the byte A0 for a blank too, with which "à" ends
 * in UTF-8, and many characters in GBK.
 */
const BLANKS = ' \t\r\n\v\f';

/** The bytes without the blanks around them. */
export function trimBlanks(bytes: string): string {
	let [start, end] = [0, bytes.length];
	while (start < end && BLANKS.includes(bytes[start] as string)) start++;
	while (end > start && BLANKS.includes(bytes[end - 1] as string)) end--;
	return bytes.slice(start, end);
}
