/** A text that is not longer than asked for. */

/**
 * Cuts at the end of a word where there is one near.
 * @param most characters (UTF-16 units), the ellipsis included
 */
export function limitLength(text: string, most: number): { text: string; isCut: boolean } {
	if (text.length <= most) return { text, isCut: false };
	const room = Math.max(0, most - 1);
	const start = text.slice(0, room).replace(/[\ud800-\udbff]$/, '');
	const isWordEnd = /\s/.test(text[start.length] ?? ' ');
	const lastSpace = Math.max(start.lastIndexOf(' '), start.lastIndexOf('\n'));
	// Text without spaces, such as Chinese, is cut anywhere.
	const kept = isWordEnd || lastSpace < room * 0.7 ? start : start.slice(0, lastSpace);
	return { text: most > 0 ? `${kept.trimEnd()}…` : '', isCut: true };
}
