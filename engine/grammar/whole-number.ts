import type { Reader } from '../wire/reader';

/**
 * A number that ends where its value ends: `1.8e+06` is none. Some servers put quotes or parentheses
 * around it.
 */
export function readWholeNumber(reader: Reader): number {
	const plain = reader.wholeNumber();
	if (plain !== undefined) return plain;
	const value = reader.atNumber ? reader.number() : Number(enclosedDigits(reader, 16));
	if (!Number.isSafeInteger(value) || !atValueEnd(reader)) throw reader.expected('a whole number');
	return value;
}

/** The same for a number of up to 63 bits, e.g. a mod-sequence. */
export function readBigWholeNumber(reader: Reader): bigint {
	const value = reader.atNumber ? reader.bigNumber() : BigInt(enclosedDigits(reader, 20));
	if (!atValueEnd(reader)) throw reader.expected('a whole number');
	return value;
}

function enclosedDigits(reader: Reader, most: number): string {
	const inside = reader.take(0x28);
	if (inside) reader.skipSpaces();
	const text = reader.string();
	if (inside) {
		reader.skipSpaces();
		reader.expect(0x29);
	}
	if (!/^\d+$/.test(text) || text.length > most) throw reader.expected('a number');
	return text;
}

/** A space, a comma, a parenthesis, the bracket of a response code, or the end. */
function atValueEnd(reader: Reader): boolean {
	const next = reader.peek();
	const isBlank = next === 0x20 || next === 9;
	return isBlank || next === -1 || next === 0x28 || next === 0x29 || next === 0x2c || next === 0x5d;
}
