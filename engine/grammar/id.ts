import type { Reader } from '../wire/reader';

/**
 * ID (RFC 2971 §3.2): pairs of strings, the value may be NIL. Parentheses are not relied on, since some servers
 * leave them out; a field whose value is missing or no string is left out.
 */
export function readId(reader: Reader): Record<string, string | null> | null {
	if (reader.done || reader.nil()) return null;
	const fields = new Map<string, string | null>();
	for (reader.parentheses(); !reader.done; reader.parentheses()) {
		const isQuoted = reader.atDelimited;
		const name = reader.nstring();
		reader.skipSpaces();
		if (reader.done || reader.peek() === 0x29) break;
		if (reader.peek() === 0x28) reader.skipValue();
		else {
			const value = isQuoted ? readValue(reader) : reader.nstring();
			if (name !== null) fields.set(name, value);
		}
	}
	return Object.fromEntries(fields);
}

/** Some servers leave out the quotes of a value with spaces: then it goes on up to the next quote. */
function readValue(reader: Reader): string | null {
	if (reader.atDelimited || reader.nil()) return reader.atDelimited ? reader.nstring() : null;
	const words: string[] = [];
	for (; !reader.done && reader.peek() !== 0x29 && reader.peek() !== 0x28; reader.skipSpaces()) {
		if (reader.atDelimited) break;
		words.push(reader.atom().text);
	}
	return words.join(' ');
}
