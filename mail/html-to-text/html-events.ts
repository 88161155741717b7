/** HTML as a row of events. Linear in its length; other work gets its turn in between. */
import { Turns } from '../next-turn';
import { Tokenizer } from '../vendor/html-tokenizer';
import { decodeAttribute, decodeText } from './character-references';

export type Attributes = Readonly<Record<string, string>>;

export interface HtmlVisitor {
	/** @param name in lower case */
	open(name: string, attributes: Attributes): void;
	close(name: string): void;
	/** Character references decoded. It can come in pieces. */
	text(text: string): void;
	/** Whether the rest doesn't matter any more. */
	isDone?(): boolean;
}

/** Characters of an attribute that are read; more no address or style has. */
const LONGEST_ATTRIBUTE = 8 * 1024;
/** Characters of the longest name of a character. */
const LONGEST_REFERENCE = 40;
/** Elements whose text has no character references. */
const RAW = new Set(['script', 'style', 'xmp', 'iframe', 'noembed', 'noframes', 'plaintext']);
/** Characters of a name of an element. */
const LONGEST_NAME = 40;
/** Spellings of names that are remembered. */
const MOST_NAMES = 500;
const NO_ATTRIBUTES: Attributes = {};
/** Characters that are tokenized in one go. */
const CHUNK = 32 * 1024;

/** @param read the attributes to report, in lower case */
export async function visitHtml(
	html: string,
	visitor: HtmlVisitor,
	read: ReadonlySet<string>,
): Promise<void> {
	// Where it need not look for character references, it runs through texts and attributes many times faster.
	const tokenizer = new Tokenizer(
		{ xmlMode: false, decodeEntities: false },
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
	let attributes: Record<string, string> | undefined;
	const nameOf = lowerCaseNames();
	const attributeOf = lowerCaseNames();
	let attribute = '';
	let value = '';
	/** Text that has not been reported; more of it may follow. */
	let [from, to] = [0, 0];
	const flush = (end: number): void => {
		if (end > from) visitor.text(isRaw ? html.slice(from, end) : decodeText(html.slice(from, end)));
		from = Math.max(from, end);
	};
	let isRaw = false;
	const opened = (): void => {
		visitor.open(name, attributes ?? NO_ATTRIBUTES);
		attributes = undefined;
		isRaw = RAW.has(name);
	};
	return {
		ontext(start, end) {
			if (start !== to) {
				flush(to);
				from = start;
			}
			to = end;
			// A reference may go on in the next piece.
			const last = Math.max(from, end - LONGEST_REFERENCE);
			const open = html.slice(last, end).lastIndexOf('&');
			flush(open < 0 ? end : last + open);
		},
		ontextentity: () => undefined,
		onopentagname(start, end) {
			flush(to);
			name = nameOf(html.slice(start, Math.min(end, start + LONGEST_NAME)));
		},
		onopentagend: opened,
		onselfclosingtag: opened,
		onclosetag(start, end) {
			flush(to);
			isRaw = false;
			visitor.close(nameOf(html.slice(start, Math.min(end, start + LONGEST_NAME))));
		},
		onattribname(start, end) {
			const found = end - start > 12 ? '' : attributeOf(html.slice(start, end));
			// The first of a name counts.
			const isRead = read.has(found) && !(attributes && Object.hasOwn(attributes, found));
			attribute = isRead ? found : '';
			value = '';
		},
		onattribdata(start, end) {
			if (attribute !== '' && value.length < LONGEST_ATTRIBUTE)
				value += html.slice(start, Math.min(end, start + LONGEST_ATTRIBUTE));
		},
		onattribentity: () => undefined,
		onattribend() {
			if (attribute !== '') (attributes ??= {})[attribute] = decodeAttribute(value);
			attribute = '';
		},
		oncdata: () => undefined,
		oncomment: () => undefined,
		ondeclaration: () => undefined,
		onprocessinginstruction: () => undefined,
		onend: () => flush(to),
	};
}

/** The same string for each occurrence of a name: it is looked up in many places, and hashed only once. */
function lowerCaseNames(): (written: string) => string {
	const known = new Map<string, string>();
	return (written) => {
		const name = known.get(written);
		if (name !== undefined) return name;
		const lower = written.toLowerCase();
		if (known.size < MOST_NAMES) known.set(written, known.get(lower) ?? lower);
		return lower;
	};
}
