/** Node's own methods behind `toString`, without its look-up of the encoding; `Buffer` has always had them. */
interface Buffer {
	latin1Slice(start?: number, end?: number): string;
	utf8Slice(start?: number, end?: number): string;
}
