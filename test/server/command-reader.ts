/** The command is not of the form the grammar asks for: the answer is BAD. */
export class BadSyntax extends Error {}

const CRLF_PLACE = 2;

/**
 * Reads the arguments of one command, strictly (RFC 3501 §9): one blank between arguments, no
 * more, so that a client's carelessness shows.
 */
export class CommandReader {
	at = 0;
	/** Quoted strings may hold UTF-8 (RFC 6855 §3, RFC 9051 §9). */
	utf8 = false;

	/** @param octets one whole command with its literals in place, without the last CRLF */
	constructor(readonly octets: Buffer) {}

	get done(): boolean {
		return this.at >= this.octets.length;
	}

	peek(): string {
		return this.done ? '' : String.fromCharCode(this.octets[this.at] as number);
	}

	take(char: string): boolean {
		if (this.peek() !== char || char === '') return false;
		this.at++;
		return true;
	}

	expect(char: string): void {
		if (!this.take(char)) throw new BadSyntax(`expected "${char}" at octet ${this.at}`);
	}

	space(): void {
		this.expect(' ');
	}

	end(): void {
		if (!this.done) throw new BadSyntax(`unexpected argument at octet ${this.at}`);
	}

	/** @param allowed a regular expression for one character */
	run(allowed: RegExp, what: string): string {
		const start = this.at;
		while (!this.done && allowed.test(this.peek())) this.at++;
		if (this.at === start) throw new BadSyntax(`expected ${what} at octet ${start}`);
		return this.octets.toString('latin1', start, this.at);
	}

	tag(): string {
		// eslint-disable-next-line no-control-regex -- RFC 3501 `tag`
		return this.run(/[^(){%*"\\+\x00-\x20\x7f-\xff]/, 'a tag');
	}

	atom(): string {
		// eslint-disable-next-line no-control-regex -- RFC 3501 `ATOM-CHAR`
		return this.run(/[^(){%*"\\\]\x00-\x20\x7f-\xff]/, 'an atom');
	}

	word(): string {
		return this.atom().toUpperCase();
	}

	number(): number {
		const digits = this.run(/\d/, 'a number');
		const value = Number(digits);
		if (value > 4294967295) throw new BadSyntax('number out of range');
		return value;
	}

	/** A mod-sequence: up to 63 bits, of which a double holds 53 (RFC 7162 §7 `mod-sequence-valzer`). */
	modSeq(): number {
		return this.number63();
	}

	/** RFC 9051 `number64`. */
	number63(): number {
		const digits = this.run(/\d/, 'a number');
		if (BigInt(digits) >= 2n ** 63n) throw new BadSyntax('number out of range');
		return Number(digits);
	}

	astring(): Buffer {
		const next = this.peek();
		if (next === '"' || next === '{') return this.string();
		// eslint-disable-next-line no-control-regex -- RFC 3501 `ASTRING-CHAR`
		return Buffer.from(this.run(/[^(){%*"\\\x00-\x20\x7f-\xff]/, 'a string'), 'latin1');
	}

	/** A mailbox pattern of LIST, where wildcards may stand unquoted. */
	listMailbox(): string {
		const next = this.peek();
		if (next === '"' || next === '{') return this.string().toString('latin1');
		// eslint-disable-next-line no-control-regex -- RFC 3501 `list-char`
		return this.run(/[^(){"\\\x00-\x20\x7f-\xff]/, 'a pattern');
	}

	string(): Buffer {
		if (this.peek() === '{') return this.literal();
		this.expect('"');
		const bytes: number[] = [];
		for (;;) {
			if (this.done) throw new BadSyntax('missing closing quote');
			let byte = this.octets[this.at++] as number;
			if (byte === 0x22) return Buffer.from(bytes);
			if (byte === 0x5c) {
				byte = this.octets[this.at++] ?? 0;
				if (byte !== 0x22 && byte !== 0x5c) throw new BadSyntax('only " and \\ can be escaped');
			}
			if (byte === 0 || byte === 10 || byte === 13)
				throw new BadSyntax('control character in a quoted string');
			if (byte > 0x7f && !this.utf8) throw new BadSyntax('8-bit character in a quoted string');
			bytes.push(byte);
		}
	}

	/** A string, or NIL for none. */
	nstring(): Buffer | undefined {
		if (this.peek() === '~') return this.literal();
		if (this.peek() === '"' || this.peek() === '{') return this.string();
		if (this.word() !== 'NIL') throw new BadSyntax('expected a string or NIL');
		return undefined;
	}

	/** A literal, or a literal8, which may hold NUL (RFC 3516 §4.4). */
	literal(): Buffer {
		const binary = this.take('~');
		this.expect('{');
		const size = this.number();
		this.take('+');
		this.expect('}');
		this.at += CRLF_PLACE;
		const bytes = this.octets.subarray(this.at, this.at + size);
		if (!binary && bytes.includes(0)) throw new BadSyntax('NUL in a literal');
		this.at += size;
		return bytes;
	}

	/** `(` items `)`, one blank between them. */
	list<Item>(item: () => Item, empty = false): Item[] {
		this.expect('(');
		const items: Item[] = [];
		if (empty && this.take(')')) return items;
		do items.push(item());
		while (this.take(' '));
		this.expect(')');
		return items;
	}

	flag(): string {
		const system = this.take('\\') ? '\\' : '';
		// Brackets are no ATOM-CHARs to the letter, yet real servers take `[test]` as a keyword.
		// eslint-disable-next-line no-control-regex -- RFC 3501 `flag-keyword`
		const flag = system + this.run(/[^(){%*"\\\x00-\x20\x7f-\xff]/, 'a flag');
		if (system && !/^\\(answered|flagged|deleted|seen|draft)$/i.test(flag)) {
			throw new BadSyntax(`${flag} cannot be set`);
		}
		return flag;
	}

	sequenceSet(): NumberSet {
		const text = this.run(/[\d:*,]/, 'a sequence set');
		const ranges = text.split(',').map((range): [number, number] => {
			const match = /^([1-9]\d*|\*)(?::([1-9]\d*|\*))?$/.exec(range);
			if (!match) throw new BadSyntax(`invalid sequence set ${text}`);
			const [first, last] = [match[1], match[2] ?? match[1]].map((end) =>
				end === '*' ? Infinity : Number(end),
			);
			return [first as number, last as number];
		});
		return new NumberSet(ranges);
	}

	/** `"01-Feb-2020 03:04:05 +0100"` (RFC 3501 `date-time`). */
	dateTime(): { date: Date; zone: number } {
		const text = this.string().toString('latin1');
		const match = /^([ \d]\d)-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/.exec(
			text,
		);
		if (!match) throw new BadSyntax('invalid date-time');
		const [, day, month, year, hour, minute, second, sign, zoneHours, zoneMinutes] = match;
		const zone = (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes));
		const time = Date.UTC(
			Number(year),
			monthIndex(month as string),
			Number(day),
			Number(hour),
			Number(minute),
			Number(second),
		);
		return { date: new Date(time - zone * 60_000), zone };
	}

	/** `1-Feb-2020`, quoted or not (RFC 3501 `date`). @returns days since 1970 */
	day(): number {
		const text = this.peek() === '"' ? this.string().toString('latin1') : this.atom();
		const match = /^(\d{1,2})-([A-Za-z]{3})-(\d{4})$/.exec(text);
		if (!match) throw new BadSyntax('invalid date');
		return (
			Date.UTC(Number(match[3]), monthIndex(match[2] as string), Number(match[1])) / 86_400_000
		);
	}
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function monthIndex(name: string): number {
	const index = MONTHS.findIndex((month) => month.toLowerCase() === name.toLowerCase());
	if (index < 0) throw new BadSyntax(`no such month: ${name}`);
	return index;
}

export function formatDateTime(date: Date, zone: number): string {
	const local = new Date(date.getTime() + zone * 60_000);
	const two = (value: number): string => String(value).padStart(2, '0');
	const day = String(local.getUTCDate()).padStart(2, ' ');
	const offset = Math.abs(zone);
	return (
		`"${day}-${MONTHS[local.getUTCMonth()]}-${String(local.getUTCFullYear()).padStart(4, '0')} ` +
		`${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())} ` +
		`${zone < 0 ? '-' : '+'}${two(Math.floor(offset / 60))}${two(offset % 60)}"`
	);
}

/** A sequence set before it is known what `*` stands for. */
export class NumberSet {
	private resolvedFor = -1;
	private resolved: [number, number][] = [];

	constructor(private readonly ranges: readonly (readonly [number, number])[]) {}

	/** @param largest what `*` stands for; 0 where there is no message */
	includes(value: number, largest: number): boolean {
		const ranges = this.resolve(largest);
		let low = 0;
		let high = ranges.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((ranges[middle] as [number, number])[1] < value) low = middle + 1;
			else high = middle;
		}
		const range = ranges[low];
		return range !== undefined && range[0] <= value;
	}

	/**
	 * Its ranges, first to last, ascending, none touching another.
	 * @param largest what `*` stands for; 0 where there is no message
	 */
	resolve(largest: number): readonly (readonly [number, number])[] {
		if (this.resolvedFor === largest) return this.resolved;
		const known = (end: number): number => (end === Infinity ? largest : end);
		const sorted = this.ranges
			.map(([one, other]): [number, number] => [
				Math.min(known(one), known(other)),
				Math.max(known(one), known(other)),
			])
			.sort(([one], [other]) => one - other);
		this.resolved = [];
		for (const range of sorted) {
			const before = this.resolved.at(-1);
			if (before && range[0] <= before[1] + 1) before[1] = Math.max(before[1], range[1]);
			else this.resolved.push(range);
		}
		this.resolvedFor = largest;
		return this.resolved;
	}

	/** The largest number named, `*` aside. */
	get highest(): number {
		let highest = 0;
		for (const range of this.ranges)
			for (const end of range) if (end !== Infinity && end > highest) highest = end;
		return highest;
	}
}

/** Numbers as a sequence set, in the order given. */
export function printSet(numbers: readonly number[]): string {
	const parts: string[] = [];
	for (let at = 0; at < numbers.length;) {
		let end = at;
		while (numbers[end + 1] === (numbers[end] as number) + 1) end++;
		parts.push(end === at ? `${numbers[at]}` : `${numbers[at]}:${numbers[end]}`);
		at = end + 1;
	}
	return parts.join(',');
}
