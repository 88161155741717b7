/** A header as it was sent, field by field (RFC 5322 §2.2). */

export interface RawField {
	/** Lower case. */
	name: string;
	/** The bytes of the value, each as one character (latin1), unfolded. */
	value: string;
}

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const DEL = 0x7f;
/** Bytes of a header that are read. */
const LONGEST = 1024 * 1024;
/** More fields than this no sender writes. */
const MOST_FIELDS = 10_000;
const LONGEST_NAME = 200;

/** @param all a header up to the empty line or beyond it. What is not a field is left out. */
function rawFields(all: Buffer): RawField[] {
	const header = all.subarray(0, LONGEST);
	const fields: RawField[] = [];
	let open: RawField | undefined;
	for (let start = 0, end = 0; start < header.length; start = nextLine(header, end)) {
		end = endOfLine(header, start);
		if (start === end && open) break;
		if (open && isFold(header[start])) {
			const more = textOf(header, start, end);
			open.value += open.value === '' || more === '' ? more : ` ${more}`;
			continue;
		}
		const nameEnd = endOfName(header, start, end);
		let colon = nameEnd;
		while (colon < end && isFold(header[colon])) colon++;
		// A line that is not a field, such as mbox's `From `, does not end the header.
		if (nameEnd === start || colon === end || header[colon] !== COLON) continue;
		if (fields.length >= MOST_FIELDS) break;
		const name = header.toString('latin1', start, nameEnd).toLowerCase();
		open = { name, value: textOf(header, colon + 1, end) };
		fields.push(open);
	}
	return fields;
}

function endOfLine(header: Buffer, start: number): number {
	let at = start;
	while (at < header.length && header[at] !== LF && header[at] !== CR) at++;
	return at;
}

const nextLine = (header: Buffer, end: number): number =>
	header[end] === CR && header[end + 1] === LF ? end + 2 : end + 1;

/** Where the printable characters before a colon end (RFC 5322 §2.2). */
function endOfName(header: Buffer, start: number, end: number): number {
	let at = start;
	const most = Math.min(end, start + LONGEST_NAME);
	while (at < most) {
		const byte = header[at] as number;
		if (byte <= SPACE || byte >= DEL || byte === COLON) break;
		at++;
	}
	return at;
}

/** Without whitespace around it; a text of its own, for one cut out of a longer text holds all of that in memory. */
function textOf(header: Buffer, from: number, to: number): string {
	let [start, end] = [from, to];
	while (start < end && isWhitespace(header[start] as number)) start++;
	while (end > start && isWhitespace(header[end - 1] as number)) end--;
	return header.toString('latin1', start, end);
}

const isFold = (byte: number | undefined): boolean => byte === SPACE || byte === TAB;

/** As in {@link trimWhitespace}, without the line ends. */
const isWhitespace = (byte: number): boolean => byte === SPACE || (byte >= TAB && byte <= CR);

/** A header that is looked up by the names of its fields. */
export class RawHeader {
	private readonly byName = new Map<string, string[]>();

	constructor(header: Buffer) {
		for (const { name, value } of rawFields(header)) {
			const known = this.byName.get(name);
			if (known) known.push(value);
			else this.byName.set(name, [value]);
		}
	}

	get isEmpty(): boolean {
		return this.byName.size === 0;
	}

	/** @param name in lower case. @returns the first field's value (latin1), unfolded */
	first(name: string): string | undefined {
		return this.byName.get(name)?.[0];
	}

	/** All values of a field, in order. */
	all(name: string): readonly string[] {
		return this.byName.get(name) ?? [];
	}

	entries(): Iterable<[string, readonly string[]]> {
		return this.byName.entries();
	}
}
