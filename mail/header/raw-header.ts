/** A header as it was sent, field by field (RFC 5322 §2.2). */

export interface RawField {
	/** Lower case. */
	name: string;
	/** The bytes of the value, each as one character (latin1), unfolded. */
	value: string;
}

/** Bytes of a header that are read. */
const LONGEST = 1024 * 1024;
/** More fields than this no sender writes. */
const MOST_FIELDS = 10_000;

/** @param header up to the empty line or beyond it. What is not a field is left out. */
export function rawFields(header: Buffer): RawField[] {
	const fields: RawField[] = [];
	let open: { name: string; lines: string[] } | undefined;
	const close = (): void => {
		if (open)
			fields.push({ name: open.name, value: open.lines.filter((line) => line !== '').join(' ') });
		open = undefined;
	};
	for (const line of header
		.subarray(0, LONGEST)
		.toString('latin1')
		.split(/\r\n|\n|\r/)) {
		if (line === '' && (fields.length > 0 || open)) break;
		if (fields.length >= MOST_FIELDS) break;
		if (open && /^[ \t]/.test(line)) {
			open.lines.push(line.trim());
			continue;
		}
		const [, name, value = ''] = /^([!-9;-~]{1,200})[ \t]*:(.*)$/s.exec(line) ?? [];
		// A line that is not a field, such as mbox's `From `, does not end the header.
		if (name === undefined) continue;
		close();
		open = { name: name.toLowerCase(), lines: [value.trim()] };
	}
	close();
	return fields;
}

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
