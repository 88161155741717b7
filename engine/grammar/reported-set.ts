import { latin1 } from '../wire/text';
import type { Reader } from '../wire/reader';

/**
 * A set of numbers as a server writes it: `1:3,7`. Some separate its ranges by spaces, or put quotes or
 * parentheses around it. Whether it is a set is left to {@link UidSet.fromServer}.
 * @returns an empty text for none: NIL, `()`, `""` or 0
 * @throws Imap4AbortError PROTOCOL where something else stands
 */
export function readReportedSet(reader: Reader): string {
	if (reader.done || reader.nil()) return '';
	const inside = reader.take(0x28);
	const text = reader.atDelimited ? reader.string() : digits(reader);
	if (text === undefined && !inside) throw reader.expected('a set of numbers');
	reader.skipSpaces();
	if (inside) reader.expect(0x29);
	return text === undefined || text === '0' ? '' : text;
}

function digits(reader: Reader): string | undefined {
	const { buffer, end } = reader;
	reader.skipSpaces();
	const start = reader.at;
	let stop = start;
	let hasBlanks = false;
	let at = start;
	for (; at < end; at++) {
		const byte = buffer[at] as number;
		if (byte === 0x20 || byte === 9) continue;
		if (byte !== 0x2c && !(byte >= 0x30 && byte <= 0x3a)) break;
		hasBlanks ||= stop < at;
		stop = at + 1;
	}
	if (stop === start) return undefined;
	// What follows is a word of its own only behind a space.
	if (at < end && at === stop && buffer[at] !== 0x29) throw reader.expected('a set of numbers');
	reader.at = at;
	const text = latin1(buffer, start, stop);
	return hasBlanks || text.endsWith(',')
		? text
				.split(/[\s,]+/)
				.filter(Boolean)
				.join(',')
		: text;
}
