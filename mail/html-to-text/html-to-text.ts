/** The text that a reader sees of an HTML body, plain or as Markdown (CommonMark, with GitHub's tables). */
import { visitHtml, type Attributes, type HtmlVisitor } from './html-events';
import { isInline, isVoid, OpenElements, type Element } from './open-elements';
import { LinkWriter, type LinkStyle } from './links';
import { Backticks, CODE, codeSpan, escapeMarkdown, MARKS } from './markdown';
import { TextWriter } from './text-writer';
import { Turns } from '../next-turn';
import { CleanLines } from './clean-lines';
import { isNeverShown, StyleSheets, VISIBLE, visibilityOf, type Visibility } from './visibility';

export interface HtmlTextOptions {
	format?: 'text' | 'markdown';
	/** What to do with the addresses of links. */
	links?: LinkStyle;
	/** Whether to write the alternative text of images. */
	images?: boolean;
}

/** Attributes that matter for text. */
const READ = new Set(['alt', 'class', 'hidden', 'href', 'id', 'start', 'style', 'value']);
const WITHOUT_LINKS = new Set([...READ].filter((name) => name !== 'href'));

/** Characters that a text can have: what is made of HTML can be longer than it. */
const MOST_TEXT = 16 * 1024 * 1024;

/** Line ends are `\n`. Linear in the length of the HTML; other work gets its turn in between. */
export async function htmlToText(html: string, options: HtmlTextOptions = {}): Promise<string> {
	const converter = new Converter(options, Math.min(MOST_TEXT, 10_000 + html.length * 4));
	await visitHtml(html, converter, options.links === 'remove' ? WITHOUT_LINKS : READ);
	return converter.result();
}

/** Elements that are open at a time. */
const MOST_OPEN = 10_000;

/** What is remembered of an open element. */
interface Data {
	visibility: Visibility;
	/** What to do at its end. */
	end?: () => void;
}

type Block = 1 | 2;

const BLOCKS: Readonly<Record<string, Block>> = {
	...blocks(2, 'p h1 h2 h3 h4 h5 h6 blockquote pre ul ol dl menu dir figure'),
	...blocks(
		1,
		'address article aside body caption center dd details dialog div dt fieldset figcaption footer form header html legend li main nav option section summary table tr',
	),
};

function blocks(breaks: Block, names: string): Record<string, Block> {
	return Object.fromEntries(names.split(' ').map((name) => [name, breaks]));
}

/** Elements within a line that write something at their beginning or end. */
const WRITES = new Set(['a', 'q', ...Object.keys(MARKS)]);

const AROUND_CELLS = new Set(['table', 'tbody', 'thead', 'tfoot', 'tr']);

/** A table that is open. */
interface Table {
	cells: number;
	rows: number;
	/** Written as a table of Markdown. */
	isGrid: boolean;
}

class Converter implements HtmlVisitor {
	private readonly writer: TextWriter;
	private readonly links: LinkWriter;
	private readonly isMarkdown: boolean;
	private readonly styles = new StyleSheets();
	private readonly elements = new OpenElements<Data>(({ name, data }) => {
		data.end?.();
		if (data.visibility.isGone) return;
		const breaks = this.breaksOf(name);
		if (breaks) this.writer.block(breaks);
	});
	private readonly lists: Array<{ next: number | undefined }> = [];
	private readonly tables: Table[] = [];
	private readonly marks = new Set<string>();
	/** Tables of Markdown that are open: another one has no place in a cell. */
	private grids = 0;
	private preformatted = 0;
	/** Those in the block of code that is open. */
	private backticks: Backticks | undefined;
	private code = 0;
	/** Code within a line that has not been written. */
	private codeText = '';
	private sheet: string[] | undefined;

	constructor(
		private readonly options: HtmlTextOptions,
		most: number,
	) {
		this.writer = new TextWriter(most);
		this.isMarkdown = options.format === 'markdown';
		this.links = new LinkWriter(this.writer, options.links ?? 'keep', this.isMarkdown);
	}

	isDone(): boolean {
		return this.writer.isFull;
	}

	async result(): Promise<string> {
		this.elements.closeAll();
		this.writeCode();
		const lines = new CleanLines();
		const turns = new Turns();
		for (const text of this.writer.texts()) {
			lines.add(text);
			await turns.next();
		}
		lines.add(this.links.footnotes());
		return lines.result();
	}

	open(name: string, attributes: Attributes): void {
		if (endsCode(name)) this.writeCode();
		this.elements.makeRoomFor(name);
		const outer = this.elements.top?.data.visibility ?? VISIBLE;
		if (isVoid(name)) {
			if (isShown(visibilityOf(outer, name, attributes, this.styles.styleOf(name, attributes)))) {
				this.voidElement(name, attributes);
			}
			return;
		}
		// Deeper than any mail, and twenty times as deep as browsers go: closing them all takes its time.
		if (this.elements.depth >= MOST_OPEN) {
			if (isShown(outer)) this.writer.block(1);
			return;
		}
		const style = this.styles.styleOf(name, attributes);
		const visibility = visibilityOf(outer, name, attributes, style);
		const { data } = this.elements.push(name, { visibility });
		if (name === 'style') this.sheet = [];
		if (visibility.isGone) return;
		const breaks = this.breaksOf(name);
		if (breaks) this.writer.block(breaks);
		data.end = this.start(name, attributes);
	}

	close(name: string): void {
		if (name === 'style' && this.sheet) {
			this.styles.add(this.sheet.join(''));
			this.sheet = undefined;
		}
		if (endsCode(name)) this.writeCode();
		// A browser takes it for <br>.
		if (name === 'br') this.open('br', {});
		this.elements.close(name);
	}

	text(text: string): void {
		if (this.sheet) this.sheet.push(text);
		const { top } = this.elements;
		if (!isShown(top?.data.visibility ?? VISIBLE) || isNeverShown(top?.name ?? '')) return;
		const shown = text.replace(/[\0-\x08\x0b\x0e-\x1f\x7f]/g, '');
		if (this.preformatted > 0) {
			const isText = this.isMarkdown && !this.backticks;
			this.backticks?.add(shown);
			this.writer.preformatted(isText ? escapeMarkdown(shown, false) : shown);
		} else if (this.isTableSpace(top, shown)) return;
		else if (this.code > 0) this.codeText += shown;
		else {
			this.writer.inline(this.isMarkdown ? escapeMarkdown(shown, !this.writer.isInLine) : shown);
		}
	}

	/** In one piece, between tags that write something of their own. */
	private writeCode(): void {
		if (this.codeText === '') return;
		const span = codeSpan(this.codeText);
		this.codeText = '';
		// Two in a row would be read as one, with the backticks of both.
		if (this.writer.isBehind('`')) this.writer.gap();
		this.writer.inline(this.grids > 0 ? span.replace(/\|/g, '\\|') : span);
	}

	/** Lists in lists follow their item without an empty line. */
	private breaksOf(name: string): Block | undefined {
		if ((name === 'ul' || name === 'ol') && this.lists.length > 0) return 1;
		return Object.hasOwn(BLOCKS, name) ? BLOCKS[name] : undefined;
	}

	/** Space between the tags of a table is not text. */
	private isTableSpace(top: Element<Data> | undefined, text: string): boolean {
		return top !== undefined && AROUND_CELLS.has(top.name) && /^\s*$/.test(text);
	}

	private voidElement(name: string, { alt = '', href }: Attributes): void {
		if (name === 'br') this.writer.lineBreak();
		else if (name === 'base' && href !== undefined) this.links.setBase(href);
		else if (name === 'hr') {
			this.writer.block(2);
			this.writer.inline('---');
			this.writer.block(2);
		} else if (name === 'img' && this.options.images === true && alt.trim() !== '') {
			this.writer.inline(this.isMarkdown ? escapeMarkdown(alt, false) : `[${alt.trim()}]`);
		} else if (name === 'wbr') return;
	}

	/** @returns what to do at its end */
	private start(name: string, attributes: Attributes): (() => void) | undefined {
		const { writer } = this;
		switch (name) {
			case 'a':
				return this.links.start(attributes.href);
			case 'blockquote':
				return this.prefixed('> ', '> ');
			case 'ul':
			case 'ol':
			case 'menu':
			case 'dir':
				return this.list(name === 'ol' ? (numberIn(attributes.start) ?? 1) : undefined);
			case 'li':
				return this.item(attributes.value);
			case 'table':
				this.tables.push({ cells: 0, rows: 0, isGrid: false });
				return () => {
					if (this.tables.pop()?.isGrid !== true) return;
					this.grids--;
					writer.block(2);
				};
			case 'tr':
				return this.row();
			case 'td':
			case 'th':
				return this.cell(name);
			case 'pre':
				return this.pre();
			case 'q':
				writer.inline('"');
				return () => writer.append('"');
		}
		return this.isMarkdown ? this.startMarkdown(name) : undefined;
	}

	private startMarkdown(name: string): (() => void) | undefined {
		const [, level] = /^h([1-6])$/.exec(name) ?? [];
		if (level !== undefined) {
			const end = this.prefixed(`${'#'.repeat(Number(level))} `, '');
			this.writer.startLine();
			return () => {
				this.writer.endLine();
				end();
			};
		}
		if (CODE.has(name)) {
			this.code++;
			return () => {
				this.writeCode();
				this.code--;
			};
		}
		const mark = Object.hasOwn(MARKS, name) ? MARKS[name] : undefined;
		// A mark within itself means nothing more.
		if (mark === undefined || this.marks.has(mark) || this.preformatted > 0) return undefined;
		this.marks.add(mark);
		const from = this.writer.mark();
		return () => {
			this.marks.delete(mark);
			const { before, text } = this.writer.since(from);
			if (text === '' || text.includes('\n')) return;
			this.writer.replaceSince(from, `${before}${mark}${text}${mark}`);
		};
	}

	private prefixed(first: string, rest: string): () => void {
		this.writer.pushPrefix(first, rest);
		return () => this.writer.popPrefix();
	}

	private list(next: number | undefined): () => void {
		this.lists.push({ next });
		return () => void this.lists.pop();
	}

	/** @param value the number that it has in place of the next one */
	private item(value: string | undefined): () => void {
		const list = this.lists.at(-1);
		if (list?.next !== undefined) list.next = numberIn(value) ?? list.next;
		const mark = list?.next === undefined ? '*' : `${list.next++}.`;
		const first = this.isMarkdown ? `${mark === '*' ? '-' : mark} ` : ` ${mark} `;
		return this.prefixed(first, ' '.repeat(first.length));
	}

	private pre(): () => void {
		this.preformatted++;
		// A heading or a table cell cannot hold a code block.
		if (!this.isMarkdown || this.preformatted > 1 || this.writer.isOneLine)
			return () => void this.preformatted--;
		const inside = (this.backticks = new Backticks());
		const from = this.writer.mark();
		this.writer.inline(FENCE);
		this.writer.block(1);
		return () => {
			this.preformatted--;
			this.backticks = undefined;
			// Longer than anything in it, so that the code can't end itself (CommonMark 4.5).
			const fence = '`'.repeat(Math.max(FENCE.length, inside.longest + 1));
			this.writer.replaceEnd(from, FENCE, fence);
			this.writer.block(1);
			this.writer.inline(fence);
		};
	}

	private row(): (() => void) | undefined {
		const table = this.tables.at(-1);
		if (!table) return undefined;
		table.cells = 0;
		table.rows++;
		if (!this.isMarkdown) return undefined;
		return () => {
			if (!table.isGrid) return;
			this.writer.append(' |');
			if (table.rows === 1) this.separator(table.cells);
		};
	}

	/** Between the head of a Markdown table and its rows. */
	private separator(cells: number): void {
		this.writer.block(1);
		this.writer.inline(`|${' --- |'.repeat(Math.min(cells, 100))}`);
	}

	private cell(name: string): (() => void) | undefined {
		const { writer } = this;
		const table = this.tables.at(-1);
		if (!table) {
			writer.gap();
			return undefined;
		}
		table.cells++;
		if (
			this.isMarkdown &&
			this.grids === 0 &&
			name === 'th' &&
			table.rows === 1 &&
			table.cells === 1
		) {
			table.isGrid = true;
			this.grids++;
			writer.block(2);
		}
		if (!table.isGrid) {
			writer.gap();
			return undefined;
		}
		writer.inline(table.cells === 1 ? '| ' : ' | ');
		writer.startLine();
		return () => writer.endLine();
	}
}

const FENCE = '```';

/** Whether code within a line is written before this tag, and not in one piece with what follows. */
const endsCode = (name: string): boolean => !isInline(name) || WRITES.has(name);

const isShown = ({ isGone, isInvisible, hasNoSize }: Visibility): boolean =>
	!isGone && !isInvisible && !hasNoSize;

function numberIn(written = ''): number | undefined {
	const number = Number.parseInt(written, 10);
	return Number.isSafeInteger(number) ? number : undefined;
}
