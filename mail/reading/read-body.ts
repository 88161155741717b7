/** The text and the HTML of a body, from the texts of its parts, of which only those needed are asked for. */
import { htmlToText } from '../html-to-text/html-to-text';
import type { LinkStyle } from '../html-to-text/links';
import type { MimePart } from '../mime-tree/mime-part';
import { bodyTexts, type BodyNode } from './body';
import { isBlank, isPlaceholder } from './blank-text';

export interface TextOptions {
	format: 'text' | 'markdown';
	links: LinkStyle;
	images: boolean;
}

/** What is known of a part's text: decoded, with line ends as `\n`. */
export type KnownTexts = ReadonlyMap<MimePart, string>;

/** Texts that were made of HTML: a body is walked again whenever more of it is known. */
export type ShownTexts = Map<MimePart, string>;

export interface Needed {
	/** Parts whose text is needed first. */
	needs: MimePart[];
}

/** A text, and what it was made of. */
export interface ReadText {
	text: string;
}

/**
 * @param known texts of parts; call again with more if it needs more
 * @param shown kept between the calls for one body, with the same options
 * @returns the text that a reader sees
 */
export async function readText(
	body: BodyNode,
	known: KnownTexts,
	options: TextOptions,
	shown: ShownTexts = new Map(),
): Promise<ReadText | Needed> {
	switch (body.kind) {
		case 'text': {
			const text = known.get(body.part);
			if (text === undefined) return { needs: [body.part] };
			if (body.form !== 'html') return { text };
			const made = shown.get(body.part) ?? (await htmlToText(text, options));
			shown.set(body.part, made);
			return { text: made };
		}
		case 'join': {
			const texts: string[] = [];
			const needs: MimePart[] = [];
			for (const node of body.nodes) {
				const read = await readText(node, known, options, shown);
				if ('needs' in read) needs.push(...read.needs);
				else if (!isBlank(read.text)) texts.push(read.text);
			}
			return needs.length > 0 ? { needs } : { text: joined(texts) };
		}
		case 'choose':
			return chosen(body.nodes, known, options, shown);
	}
}

/** Line ends between parts are those that the parts have, and one at least. */
const joined = (texts: readonly string[]): string =>
	texts.map((text, at) => (at < texts.length - 1 ? text.replace(/\n?$/, '') : text)).join('\n');

/** The first form that says something, plain text first; for Markdown the HTML, which has more structure. */
async function chosen(
	nodes: readonly BodyNode[],
	known: KnownTexts,
	options: TextOptions,
	shown: ShownTexts,
): Promise<ReadText | Needed> {
	const rank = (node: BodyNode): number =>
		isHtml(node) === (options.format === 'markdown') ? 0 : 1;
	const inOrder = nodes.toSorted((a, b) => rank(a) - rank(b));
	let placeholder: ReadText | undefined;
	for (const [at, node] of inOrder.entries()) {
		const read = await readText(node, known, options, shown);
		// Where the first says nothing, all others are read at once: there can be thousands that say nothing.
		if ('needs' in read) return at === 0 ? read : unknownTexts(inOrder.slice(at), known);
		if (isBlank(read.text)) continue;
		const hasOther = !placeholder && inOrder.length > 1;
		if (!hasOther || !isPlaceholder(read.text)) return read;
		placeholder = read;
	}
	return placeholder ?? { text: '' };
}

function unknownTexts(nodes: readonly BodyNode[], known: KnownTexts): Needed {
	const parts = nodes.flatMap(bodyTexts).map(({ part }) => part);
	return { needs: parts.filter((part) => !known.has(part)) };
}

function isHtml(node: BodyNode): boolean {
	return node.kind === 'text' ? node.form === 'html' : node.nodes.some(isHtml);
}

/** The HTML that a mail program would show; empty if the message has none. */
export function readHtml(body: BodyNode, known: KnownTexts): { html: string } | Needed {
	if (!isHtml(body)) return { html: '' };
	const parts = htmlParts(body);
	const needs = parts.map(({ part }) => part).filter((part) => !known.has(part));
	if (needs.length > 0) return { needs };
	const texts = parts.map(({ part, form }) => {
		const text = known.get(part) as string;
		return form === 'html' ? text : isBlank(text) ? '' : `<pre>${escapeHtml(text)}</pre>`;
	});
	return { html: texts.filter((text) => text !== '').join('\n') };
}

/** Of alternatives the last one with HTML (RFC 2046 §5.1.4); plain texts only beside it. */
function htmlParts(node: BodyNode): Array<BodyNode & { kind: 'text' }> {
	if (node.kind === 'text') return [node];
	if (node.kind === 'join') return node.nodes.flatMap(htmlParts);
	const best = node.nodes.findLast(isHtml) ?? node.nodes.at(-1);
	return best ? htmlParts(best) : [];
}

const escapeHtml = (text: string): string =>
	text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
