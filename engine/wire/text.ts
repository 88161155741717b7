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
