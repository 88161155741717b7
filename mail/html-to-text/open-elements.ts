/**
 * The elements that are open, closed as browsers do where end tags are missing or too many. Each element
 * is pushed and popped once, and an end tag that closes nothing costs nothing: linear however tags are nested.
 */

export interface Element<Data> {
	name: string;
	data: Data;
	/** How many are open around it. */
	depth: number;
	isClosed: boolean;
}

const INLINE = new Set(
	'a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd label mark nobr q s samp small span strike strong sub sup tt u var'.split(
		' ',
	),
);
const CELL_NAMES = ['td', 'th', 'caption'];
const CELLS = new Set(CELL_NAMES);
const TABLE_PART_NAMES = [...CELL_NAMES, 'tr', 'tbody', 'thead', 'tfoot', 'colgroup'];
const TABLE_PARTS = new Set(TABLE_PART_NAMES);
const ROW_PARTS = [...CELL_NAMES, 'tr'];
const ITEMS = ['li'];
const LISTS = ['ul', 'ol', 'menu', 'dir'];
const TERMS = ['dd', 'dt'];
const DEFINITIONS = ['dl'];
const VOID = new Set(
	'area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr'.split(
		' ',
	),
);
/** Elements whose start ends a paragraph that is open. */
const ENDS_PARAGRAPH = new Set(
	'address article aside blockquote center details dir div dl dd dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main menu nav ol p pre section table ul'.split(
		' ',
	),
);

export const isVoid = (name: string): boolean => VOID.has(name);
export const isInline = (name: string): boolean => INLINE.has(name);

export class OpenElements<Data> {
	private readonly stack: Element<Data>[] = [];
	private readonly byName = new Map<string, Element<Data>[]>();
	/** Cells and tables that are open: what is outside of them can't be closed from inside. */
	private readonly scopes: Element<Data>[] = [];

	/** @param onClose called for each element as it is closed */
	constructor(private readonly onClose: (element: Element<Data>) => void) {}

	/** How many are open. */
	get depth(): number {
		return this.stack.length;
	}

	get top(): Element<Data> | undefined {
		return this.stack.at(-1);
	}

	/** Closes what the start of this element ends. */
	makeRoomFor(name: string): void {
		if (ENDS_PARAGRAPH.has(name)) this.closeInScope('p');
		if (name === 'li') this.closeWithin(ITEMS, LISTS);
		else if (name === 'dd' || name === 'dt') this.closeWithin(TERMS, DEFINITIONS);
		else if (name === 'a') this.closeInScope('a');
		else if (name === 'option') this.closeInScope('option');
		else if (CELLS.has(name)) this.closeInTable(CELL_NAMES);
		else if (name === 'tr') this.closeInTable(ROW_PARTS);
		else if (TABLE_PARTS.has(name)) this.closeInTable(TABLE_PART_NAMES);
	}

	push(name: string, data: Data): Element<Data> {
		const element: Element<Data> = { name, data, depth: this.stack.length, isClosed: false };
		this.stack.push(element);
		const known = this.byName.get(name);
		if (known) known.push(element);
		else this.byName.set(name, [element]);
		if (name === 'table' || CELLS.has(name)) this.scopes.push(element);
		return element;
	}

	close(name: string): void {
		if (INLINE.has(name)) this.closeInline(name);
		else if (name === 'table') this.closeTo(this.last('table'));
		else if (TABLE_PARTS.has(name)) this.closeInTable([name]);
		else this.closeInScope(name);
	}

	closeAll(): void {
		this.closeTo(this.stack[0]);
	}

	private last(name: string): Element<Data> | undefined {
		return this.byName.get(name)?.at(-1);
	}

	/** Of the innermost cell or table; -1 if there is none. */
	private get scopeDepth(): number {
		return this.scopes.at(-1)?.depth ?? -1;
	}

	/** Within the innermost cell or table. */
	private closeInScope(name: string): void {
		const element = this.last(name);
		if (element && element.depth > this.scopeDepth) this.closeTo(element);
	}

	/** Within the innermost of these elements, cells and tables. */
	private closeWithin(names: readonly string[], scopes: readonly string[]): void {
		let depth = this.scopeDepth;
		for (const scope of scopes) depth = Math.max(depth, this.last(scope)?.depth ?? -1);
		this.closeDeeper(names, depth);
	}

	/** Within the innermost table. */
	private closeInTable(names: readonly string[]): void {
		this.closeDeeper(names, this.last('table')?.depth ?? -1);
	}

	private closeDeeper(names: readonly string[], depth: number): void {
		for (const name of names) {
			const element = this.last(name);
			if (element && element.depth > depth) this.closeTo(element);
		}
	}

	/** An end tag of a phrase leaves the blocks open that began in it. */
	private closeInline(name: string): void {
		const element = this.last(name);
		if (!element || element.depth < this.scopeDepth) return;
		this.finish(element);
		while (this.top?.isClosed === true) this.stack.pop();
	}

	private closeTo(element: Element<Data> | undefined): void {
		if (!element || element.isClosed) return;
		while (!element.isClosed || this.top?.isClosed === true) {
			const top = this.stack.pop() as Element<Data>;
			if (!top.isClosed) this.finish(top);
		}
	}

	private finish(element: Element<Data>): void {
		element.isClosed = true;
		this.byName.get(element.name)?.pop();
		if (this.scopes.at(-1) === element) this.scopes.pop();
		this.onClose(element);
	}
}
