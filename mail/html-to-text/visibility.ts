/** What a browser does not show: preheaders that are hidden in one of the many ways, and styles that hide. */
import type { Attributes } from './html-events';

/** How an element and what is in it is shown. */
export interface Visibility {
	/** Nothing in it can be seen. */
	isGone: boolean;
	/** Hidden, unless an element inside says otherwise: `visibility` and `font-size` are inherited. */
	isInvisible: boolean;
	hasNoSize: boolean;
}

export const VISIBLE: Visibility = { isGone: false, isInvisible: false, hasNoSize: false };

/** Elements that no mail program shows, whatever is in them. */
const NEVER = new Set([
	'script',
	'style',
	'title',
	'template',
	'textarea',
	'select',
	'datalist',
	'iframe',
	'object',
	'audio',
	'video',
	'canvas',
	'noembed',
	'noframes',
	'rp',
	'map',
]);

export const isNeverShown = (name: string): boolean => NEVER.has(name);

/** What is declared of the few properties that hide something, in lower case. */
export type Declarations = Readonly<Record<string, string | undefined>>;

/** @param css the declarations of the element, and those of its classes; undefined for none */
export function visibilityOf(
	outer: Visibility,
	name: string,
	attributes: Attributes,
	css: Declarations | undefined,
): Visibility {
	if (outer.isGone || isNeverShown(name) || attributes.hidden !== undefined) {
		return outer.isGone ? outer : { ...outer, isGone: true };
	}
	if (css === undefined) return outer;
	const isGone =
		css.display === 'none' ||
		css['mso-hide'] === 'all' ||
		isZero(css.opacity) ||
		(css.overflow?.startsWith('hidden') === true &&
			[css['max-height'], css.height, css['max-width'], css.width].some(isZero));
	const { visibility } = css;
	const fontSize = css['font-size'];
	const isInvisible =
		visibility === undefined ? outer.isInvisible : /^(?:hidden|collapse)$/.test(visibility);
	const hasNoSize =
		fontSize === undefined ||
		(outer.hasNoSize && /(?:%|em)$/.test(fontSize) && !fontSize.endsWith('rem'))
			? outer.hasNoSize
			: isZero(fontSize);
	// Nearly all elements are shown like the one around them: they share what is known of it.
	return !isGone && isInvisible === outer.isInvisible && hasNoSize === outer.hasNoSize
		? outer
		: { isGone, isInvisible, hasNoSize };
}

const isZero = (value: string | undefined): boolean =>
	value !== undefined &&
	/^0*(?:\.0*)?(?:px|pt|em|rem|ex|%|mm|cm|in|pc|vh|vw)?$/.test(value) &&
	value !== '';

const RELEVANT =
	/^(?:display|visibility|opacity|font-size|mso-hide|overflow|max-height|height|max-width|width)$/;

function declarations(style: string): Declarations {
	const found: Record<string, string | undefined> = {};
	for (const declaration of asBrowsersRead(style).split(';')) {
		const colon = declaration.indexOf(':');
		if (colon < 0) continue;
		const name = declaration.slice(0, colon).trim().toLowerCase();
		if (!RELEVANT.test(name)) continue;
		found[name] = declaration
			.slice(colon + 1)
			.replace(/!\s*important/i, '')
			.trim()
			.toLowerCase();
	}
	return found;
}

const withoutComments = (css: string): string => css.replace(/\/\*[^]*?(?:\*\/|$)/g, ' ');

/** Without comments and escapes, by which the word that hides something can be written in many ways. */
function asBrowsersRead(style: string): string {
	if (!style.includes('\\') && !style.includes('/*')) return style;
	return withoutComments(style)
		.replace(/\\([0-9a-f]{1,6})\s?/gi, (_escape, hex: string) => {
			const code = Number.parseInt(hex, 16);
			return code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
		})
		.replace(/\\/g, '');
}

/** Characters of style sheets that are read. */
const LONGEST_SHEET = 256 * 1024;

/** Styles of elements that are remembered. */
const MOST_STYLES = 1000;

/** Words of declarations that hide something, and what begins an escape. */
const MAY_HIDE = /\\|display|visibility|opacity|font-size|mso-hide|overflow/i;

/** The rules of a message's style sheets for single classes, ids and elements. */
export class StyleSheets {
	private readonly rules = new Map<string, Declarations>();
	/** Newsletters repeat a few styles on every cell. */
	private readonly ownStyles = new Map<string, Declarations>();
	private read = 0;

	/** @param css the content of a <style> element */
	add(css: string): void {
		this.read += css.length;
		if (this.read > LONGEST_SHEET) return;
		// What holds only for some screens or for print is left out, with the rules in it.
		const plain = withoutConditions(withoutComments(css).replace(/<!--|-->/g, ' '));
		for (const rule of plain.split('}')) {
			const brace = rule.indexOf('{');
			if (brace < 0) continue;
			const style = rule.slice(brace + 1);
			if (!MAY_HIDE.test(style)) continue;
			const declared = declarations(style);
			for (const selector of rule.slice(0, brace).split(',')) {
				const name = selector.trim().toLowerCase();
				if (!/^[a-z0-9]*[.#][\w-]+$/.test(name)) continue;
				this.rules.set(name, { ...this.rules.get(name), ...declared });
			}
		}
	}

	/** The declarations for an element: those of its classes and id, then its own, which count more. */
	styleOf(name: string, { class: classes, id, style = '' }: Attributes): Declarations | undefined {
		const own = style === '' ? undefined : this.own(style);
		if (this.rules.size === 0 || (classes === undefined && id === undefined)) return own;
		const names = (classes ?? '')
			.toLowerCase()
			.split(/\s+/, 50)
			.map((one) => `.${one}`);
		if (id !== undefined) names.push(`#${id.toLowerCase()}`);
		const found = names.flatMap((one) => [this.rules.get(one), this.rules.get(`${name}${one}`)]);
		return Object.assign({}, ...found, own) as Declarations;
	}

	private own(style: string): Declarations {
		const known = this.ownStyles.get(style);
		if (known) return known;
		const declared = declarations(style);
		if (this.ownStyles.size < MOST_STYLES) this.ownStyles.set(style, declared);
		return declared;
	}
}

/** Without `@media … { … { … } }` and the like; those that hold for every screen are rare in mail. */
function withoutConditions(css: string): string {
	let kept = '';
	let depth = 0;
	let start = 0;
	let conditionAt = -1;
	for (let at = 0; at < css.length; at++) {
		const character = css[at];
		if (character === '@' && depth === 0 && conditionAt < 0) {
			kept += css.slice(start, at);
			conditionAt = at;
		} else if (character === ';' && depth === 0 && conditionAt >= 0) {
			conditionAt = -1;
			start = at + 1;
		} else if (character === '{') depth++;
		else if (character === '}') {
			depth = Math.max(0, depth - 1);
			if (depth > 0 || conditionAt < 0) continue;
			conditionAt = -1;
			start = at + 1;
		}
	}
	return conditionAt < 0 ? kept + css.slice(start) : kept;
}
