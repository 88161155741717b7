import { isUtf8 } from 'node:buffer';

/** Node's own methods behind `toString`, without its look-up of the encoding: responses call them by the million. */
interface Slices {
	latin1Slice(start: number, end: number): string;
	utf8Slice(start: number, end: number): string;
}

/** The bytes `buffer[start..end)` as ISO 8859-1: one character each. */
export function latin1(buffer: Buffer, start: number, end: number): string {
	return (buffer as unknown as Slices).latin1Slice(start, end);
}

/** The bytes `buffer[start..end)` as UTF-8. */
export function utf8(buffer: Buffer, start: number, end: number): string {
	return (buffer as unknown as Slices).utf8Slice(start, end);
}

/** The bytes `buffer[start..end)` as UTF-8 where they are valid (RFC 6855, and raw 8-bit headers), else as Latin-1. */
export function utf8OrLatin1(buffer: Buffer, start: number, end: number): string {
	return isUtf8(buffer.subarray(start, end))
		? utf8(buffer, start, end)
		: latin1(buffer, start, end);
}
