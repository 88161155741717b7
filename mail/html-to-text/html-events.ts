/** HTML as a row of events. Linear in its length; other work gets its turn in between. */
import { Turns } from '../next-turn';
import { Tokenizer } from '../vendor/html-tokenizer';

export type Attributes = Readonly<Record<string, string>>;

export interface HtmlVisitor {
	/** @param name in lower case */
	open(name: string, attributes: Attributes): void;
	close(name: string): void;
	/** Entities decoded. It can come in pieces. */
	text(text: string): void;
	/** Whether the rest doesn't matter any more. */
	isDone?(): boolean;
}

/** Attributes that matter for text. */
const READ = new Set(['alt', 'class', 'hidden', 'href', 'id', 'start', 'style', 'value']);
/** Characters of an attribute that are read; more no address or style has. */
const LONGEST_ATTRIBUTE = 8 * 1024;
/** Characters that are tokenized in one go. */
const CHUNK = 32 * 1024;

/** @param read the attributes to report, in lower case; by default those that matter for text */
export async function visitHtml(
	html: string,
	visitor: HtmlVisitor,
	read: ReadonlySet<string> = READ,
): Promise<void> {
	const tokenizer = new Tokenizer(
		{ xmlMode: false, decodeEntities: true },
		callbacks(html, visitor, read),
	);
	const turns = new Turns();
	for (let at = 0; at < html.length && visitor.isDone?.() !== true; at += CHUNK) {
		tokenizer.write(html.slice(at, at + CHUNK));
		await turns.next();
	}
	tokenizer.end();
}

/** Positions are those in the whole of the HTML. */
function callbacks(
	html: string,
	visitor: HtmlVisitor,
	read: ReadonlySet<string>,
): ConstructorParameters<typeof Tokenizer>[1] {
	let name = '';
	let attributes: Record<string, string> = {};
	let attribute = '';
	let value = '';
	const opened = (): void => {
		visitor.open(name, attributes);
		attributes = {};
	};
	const add = (text: string): void => {
		if (attribute !== '' && value.length < LONGEST_ATTRIBUTE) value += text;
	};
	return {
		ontext: (start, end) => visitor.text(html.slice(start, end)),
		ontextentity: (code) => visitor.text(String.fromCodePoint(code)),
		onopentagname(start, end) {
			name = html.slice(start, Math.min(end, start + 40)).toLowerCase();
		},
		onopentagend: opened,
		onselfclosingtag: opened,
		onclosetag: (start, end) =>
			visitor.close(html.slice(start, Math.min(end, start + 40)).toLowerCase()),
		onattribname(start, end) {
			const found = end - start > 12 ? '' : html.slice(start, end).toLowerCase();
			// The first of a name counts.
			attribute = read.has(found) && !Object.hasOwn(attributes, found) ? found : '';
			value = '';
		},
		onattribdata: (start, end) => add(html.slice(start, Math.min(end, start + LONGEST_ATTRIBUTE))),
		onattribentity: (code) => add(String.fromCodePoint(code)),
		onattribend() {
			if (attribute !== '') attributes[attribute] = value;
			attribute = '';
		},
		oncdata: () => undefined,
		oncomment: () => undefined,
		ondeclaration: () => undefined,
		onprocessinginstruction: () => undefined,
		onend: () => undefined,
	};
}
