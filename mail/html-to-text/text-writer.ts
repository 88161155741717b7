/**
 * Text in lines and paragraphs, with prefixes for quotes and lists. Spaces and line breaks are written only
 * once something follows them. The output is bounded, however much a prefix repeats.
 */

interface Prefix {
	/** On the first line. */
	first: string;
	/** On the others. */
	rest: string;
	isUsed: boolean;
}

/** Quotes and lists in one another that are shown; more are hostile. */
const MOST_PREFIXES = 12;

/** Characters that are joined in one go. */
const JOINED = 128 * 1024;

export class TextWriter {
	private pieces: string[] = [];
	private length = 0;
	private breaks = 0;
	private space = false;
	private atLineStart = true;
	private readonly prefixes: Prefix[] = [];
	/** Those beyond what is shown. */
	private surplus = 0;
	private oneLine = 0;
	private marked = -1;
	/** By the pieces that marks point to: characters of line breaks and prefixes before their text. */
	private readonly leads = new Map<number, number>();

	/** @param most characters of the result */
	constructor(private readonly most: number) {}

	get isFull(): boolean {
		return this.length >= this.most;
	}

	get isEmpty(): boolean {
		return this.length === 0;
	}

	/** Whether something stands on this line already. */
	get isInLine(): boolean {
		return !this.atLineStart && this.breaks === 0;
	}

	/** Whether line breaks become spaces. */
	get isOneLine(): boolean {
		return this.oneLine > 0;
	}

	/** Whether what comes next stands right behind this character. */
	isBehind(character: string): boolean {
		return !this.space && this.breaks === 0 && this.pieces.at(-1)?.endsWith(character) === true;
	}

	/** Text in which rows of spaces count as one. */
	inline(text: string): void {
		if (text === '') return;
		if (/^[ \t\r\n\f]/.test(text)) this.space = true;
		const plain = text.replace(/[ \t\r\n\f]+/g, ' ').replace(/^ | $/g, '');
		if (plain === '') return;
		this.put(plain);
		if (/[ \t\r\n\f]$/.test(text)) this.space = true;
	}

	/** Text as it is, with its line breaks. */
	preformatted(text: string): void {
		for (const [index, line] of text.replace(/\r\n?/g, '\n').split('\n').entries()) {
			if (index > 0) this.lineBreak();
			if (line === '') continue;
			const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
			this.put(line.slice(indent.length), indent);
		}
	}

	/** A space before what comes next on this line. */
	gap(): void {
		this.space = true;
	}

	/** A line break that counts each time: <br>. */
	lineBreak(): void {
		if (this.oneLine > 0) this.space = true;
		else {
			this.breaks++;
			this.space = false;
		}
	}

	/** At least so many line ends before what comes next: 2 for a paragraph. */
	block(breaks: 1 | 2): void {
		if (this.oneLine > 0) this.space = true;
		else {
			if (!this.atLineStart || this.length > 0) this.breaks = Math.max(this.breaks, breaks);
			this.space = false;
		}
	}

	/** Until endLine(), line breaks become spaces. */
	startLine(): void {
		this.oneLine++;
	}

	endLine(): void {
		this.oneLine--;
	}

	pushPrefix(first: string, rest: string): void {
		if (this.prefixes.length >= MOST_PREFIXES) this.surplus++;
		else this.prefixes.push({ first, rest, isUsed: false });
	}

	popPrefix(): void {
		if (this.surplus > 0) this.surplus--;
		else this.prefixes.pop();
	}

	/** Where the next piece will stand: for replaceFrom(). */
	mark(): number {
		this.marked = this.pieces.length;
		this.leads.delete(this.marked);
		return this.marked;
	}

	/** What was written since, apart from the space, line breaks and prefixes before it. */
	since(mark: number): { before: string; text: string } {
		const all = this.pieces.slice(mark).join('');
		const text = all.slice(this.leads.get(mark) ?? 0).trimStart();
		return { before: all.slice(0, all.length - text.length), text };
	}

	/** Writes something else in the place of what was written since. */
	replaceSince(mark: number, text: string): void {
		const old = this.pieces.slice(mark).reduce((sum, piece) => sum + piece.length, 0);
		this.pieces.length = Math.min(mark, this.pieces.length);
		this.pieces.push(text);
		this.length += text.length - old;
	}

	/** Writes another end of the piece at a mark, where that was written at all. */
	replaceEnd(mark: number, old: string, end: string): void {
		const piece = this.pieces[mark];
		if (piece?.endsWith(old) !== true) return;
		this.pieces[mark] = piece.slice(0, piece.length - old.length) + end;
		this.length += end.length - old.length;
	}

	/** Right behind what was written, whatever is due before what comes next. */
	append(text: string): void {
		if (this.isFull) return;
		this.pieces.push(text);
		this.length += text.length;
	}

	/** The whole, in pieces of some length, so that other work can have its turn between them. */
	*texts(): Generator<string> {
		let start = 0;
		let length = 0;
		for (const [index, piece] of this.pieces.entries()) {
			length += piece.length;
			if (length < JOINED && index < this.pieces.length - 1) continue;
			yield this.pieces.slice(start, index + 1).join('');
			start = index + 1;
			length = 0;
		}
	}

	private put(text: string, indent = ''): void {
		if (this.isFull) return;
		if (this.length === 0) this.breaks = 0;
		// A reader sees no more than one empty line where a sender wrote many.
		const breaks = Math.min(this.breaks, 3);
		let before = '';
		for (let left = breaks; left > 0; left--) before += left > 1 ? `\n${this.emptyLine()}` : '\n';
		if (breaks > 0) this.atLineStart = true;
		if (this.atLineStart) before += this.linePrefix() + indent;
		else if (this.space || indent !== '') before += indent || ' ';
		this.breaks = 0;
		this.space = false;
		this.atLineStart = false;
		if (this.pieces.length === this.marked) this.leads.set(this.marked, before.length);
		// One piece, not three: there can be millions of them.
		this.write(before + text.slice(0, Math.max(0, this.most - this.length - before.length)));
	}

	private write(piece: string): void {
		if (piece === '') return;
		this.pieces.push(piece);
		this.length += piece.length;
	}

	/** Quotes go on over an empty line; lists' indentation does not show there. */
	private emptyLine(): string {
		return this.prefixes
			.filter(({ isUsed }) => isUsed)
			.map(({ rest }) => rest)
			.join('')
			.trimEnd();
	}

	private linePrefix(): string {
		let line = '';
		for (const prefix of this.prefixes) {
			line += prefix.isUsed ? prefix.rest : prefix.first;
			prefix.isUsed = true;
		}
		return line;
	}
}
