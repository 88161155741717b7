/**
 * What stands at the end of a text. A pattern such as `/ +$/` looks at each row of spaces once for each
 * of its characters, which takes minutes for a megabyte of them.
 */

/** The text without those of these characters that it ends with. */
export function withoutTrailing(text: string, characters: string): string {
	let end = text.length;
	while (end > 0 && characters.includes(text[end - 1] as string)) end--;
	return end === text.length ? text : text.slice(0, end);
}
