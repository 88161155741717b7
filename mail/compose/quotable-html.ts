/**
 * Someone else's HTML, made fit to be embedded in a reply: every element is closed where it was opened, so
 * that nothing breaks out of the quotation, and nothing in it runs, submits, or covers what is around it.
 */
import { visitHtml, type Attributes } from '../html-to-text/html-events';

const ELEMENTS = new Set(
	(
		'a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd ' +
		'del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins ' +
		'kbd li main mark nav ol p pre q s samp section small span strike strong sub summary sup table ' +
		'tbody td tfoot th thead time tr tt u ul var wbr'
	).split(' '),
);
const EMPTY = new Set(['br', 'col', 'hr', 'img', 'wbr']);
/** What is inside is not for readers, or not of a kind that a quotation can hold. */
const LEFT_OUT = new Set(
	'applet audio iframe math noembed noframes object script style svg template textarea title video'.split(
		' ',
	),
);
const ATTRIBUTES = new Set(
	(
		'align alt bgcolor border cellpadding cellspacing color colspan dir face height href lang rowspan ' +
		'size src start style valign width'
	).split(' '),
);
/** Elements that end where the next of their kind begins. */
const SELF_ENDING = new Set(['dd', 'dt', 'li', 'p', 'td', 'th', 'tr']);
/** Elements inside one another; what is deeper keeps its text only. */
const DEEPEST = 200;

/** @param html of a body or a whole document. Takes time linear in its length. */
export async function quotableHtml(html: string): Promise<string> {
	const writer = new QuotationWriter();
	await visitHtml(html, writer, ATTRIBUTES);
	return writer.finish();
}

class QuotationWriter {
	private readonly out: string[] = [];
	private readonly stack: string[] = [];
	private readonly counts = new Map<string, number>();
	/** The element that is being left out, and how often it is open. */
	private skipped: { name: string; depth: number } | undefined;

	open(name: string, attributes: Attributes): void {
		if (this.skipped) {
			if (name === this.skipped.name) this.skipped.depth++;
			return;
		}
		if (LEFT_OUT.has(name)) {
			this.skipped = { name, depth: 1 };
			return;
		}
		if (!ELEMENTS.has(name)) return;
		if (SELF_ENDING.has(name) && this.stack.at(-1) === name) this.pop();
		if (EMPTY.has(name)) this.out.push(tag(name, attributes));
		else if (this.stack.length < DEEPEST) {
			this.out.push(tag(name, attributes));
			this.stack.push(name);
			this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
		}
	}

	close(name: string): void {
		if (this.skipped) {
			if (name === this.skipped.name && --this.skipped.depth === 0) this.skipped = undefined;
			return;
		}
		// What was opened before the quotation is not closed in it.
		if ((this.counts.get(name) ?? 0) === 0) return;
		while (this.pop() !== name);
	}

	text(text: string): void {
		if (!this.skipped) this.out.push(escaped(text));
	}

	finish(): string {
		while (this.stack.length > 0) this.pop();
		return this.out.join('').trim();
	}

	private pop(): string {
		const name = this.stack.pop() as string;
		this.counts.set(name, (this.counts.get(name) ?? 0) - 1);
		this.out.push(`</${name}>`);
		return name;
	}
}

function tag(name: string, attributes: Attributes): string {
	const kept = Object.entries(attributes).flatMap(([attribute, value]) => {
		const safe = safeValue(attribute, value);
		return safe === undefined ? [] : ` ${attribute}="${escaped(safe)}"`;
	});
	return `<${name}${kept.join('')}>`;
}

function safeValue(attribute: string, value: string): string | undefined {
	switch (attribute) {
		case 'href':
			return /^\s*(?:https?:|mailto:|tel:|cid:)/i.test(value) ? value.trim() : undefined;
		case 'src':
			return /^\s*(?:https?:|cid:|data:image\/(?:png|jpe?g|gif|webp)[;,])/i.test(value)
				? value.trim()
				: undefined;
		case 'style':
			return safeStyle(value);
		default:
			return value;
	}
}

/** Declarations that stay where the element is, and load nothing. */
function safeStyle(style: string): string | undefined {
	// An escape could spell any word.
	if (style.includes('\\') || style.includes('/*')) return undefined;
	const kept = style
		.split(';')
		.map((one) => one.trim())
		.filter(
			(one) =>
				/^[a-z-]+\s*:/i.test(one) &&
				!/^(?:position|behavior|z-index|-moz-binding|margin[a-z-]*)\s*:/i.test(one) &&
				!/url\s*\(|expression\s*\(|@import/i.test(one),
		);
	return kept.length > 0 ? kept.join('; ') : undefined;
}

function escaped(text: string): string {
	return text
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/"/g, '&quot;');
}
