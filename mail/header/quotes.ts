/**
 * Where the quotes that open at `from` close (RFC 5322 §3.2.4), a backslash before a character passed over.
 * @returns -1 if they are never closed
 */
export function endOfQuotes(text: string, from: number): number {
	for (let at = from + 1; at < text.length; at++) {
		if (text[at] === '\\') at++;
		else if (text[at] === '"') return at;
	}
	return -1;
}
