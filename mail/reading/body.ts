/**
 * What of a message is its text, and what are files: the tree walked as it is meant. Alternatives are one
 * thing in several forms, a mixed multipart is read in order, a related one is its root.
 */
import { givenFileName } from '../file-name';
import { isEncrypted, isMessage, isMultipart, type MimePart } from '../mime-tree/mime-part';

/** What a reader sees, part by part. */
export type BodyNode =
	| { kind: 'text'; part: MimePart; form: 'plain' | 'html' }
	| { kind: 'join'; nodes: BodyNode[] }
	| { kind: 'choose'; nodes: BodyNode[] };

export interface ReadableParts {
	body: BodyNode;
	/** Everything else, images inside of HTML included, in order. */
	attachments: MimePart[];
	/** Parts that can't be read here, and why. */
	unreadable: Array<{ part: string; reason: string }>;
}

export function readableParts(root: MimePart): ReadableParts {
	return new BodyReader().read(root);
}

/** Where a part stands. */
type Place = 'only' | 'alternative' | 'root' | 'mixed';

class BodyReader {
	private readonly attachments: MimePart[] = [];
	private readonly unreadable: ReadableParts['unreadable'] = [];
	/** Texts with a name of their own, in a place where they are usually files. */
	private readonly named: Array<{ part: MimePart; nodes: BodyNode[]; at: number }> = [];

	read(root: MimePart): ReadableParts {
		const body = this.node(root, 'only') ?? { kind: 'join', nodes: [] };
		this.adoptNamedText(body);
		return { body, attachments: this.attachments, unreadable: this.unreadable };
	}

	private node(part: MimePart, place: Place): BodyNode | undefined {
		if (!isMultipart(part)) return this.single(part, place);
		switch (part.subtype) {
			case 'alternative':
				return { kind: 'choose', nodes: this.nodes(part.parts, 'alternative') };
			case 'related':
				return this.related(part, place);
			case 'signed':
			case 'encrypted':
				return this.secured(part, place);
			default:
				return { kind: 'join', nodes: this.nodes(part.parts, place === 'only' ? 'mixed' : place) };
		}
	}

	private nodes(parts: readonly MimePart[], place: Place): BodyNode[] {
		const nodes: BodyNode[] = [];
		for (const part of parts) {
			const isText = textForm(part) !== undefined && !isFile(part);
			if (place === 'mixed' && isText && givenFileName(part) !== undefined) {
				this.named.push({ part, nodes, at: nodes.length });
				this.attachments.push(part);
				continue;
			}
			const node = this.node(part, place);
			if (node) nodes.push(node);
		}
		return nodes;
	}

	private single(part: MimePart, place: Place): BodyNode | undefined {
		if (isEncrypted(part)) this.noteEncrypted(part);
		const form = textForm(part) ?? (place === 'only' && isUnknownText(part) ? 'plain' : undefined);
		const isRoot = place === 'root' || place === 'alternative';
		if (place === 'alternative' && isOtherForm(part)) return undefined;
		if (form !== undefined && (isRoot ? part.disposition?.type !== 'attachment' : !isFile(part))) {
			return { kind: 'text', part, form };
		}
		this.attachments.push(part);
		return undefined;
	}

	/** RFC 2387 §3: the root is named by `start`, else it is the first part. */
	private related(part: MimePart, place: Place): BodyNode | undefined {
		const start = part.parameters.start?.trim();
		const named = start ? part.parts.find(({ id }) => id !== null && sameId(id, start)) : undefined;
		const first = part.parts.find((one) => isMultipart(one) || textForm(one) !== undefined);
		const root = named ?? (part.parts[0] && readsAsText(part.parts[0]) ? part.parts[0] : first);
		let node: BodyNode | undefined;
		const forms: BodyNode[] = [];
		const behind: BodyNode[] = [];
		for (const one of part.parts) {
			const form = textForm(one);
			if (one === root) {
				node = this.node(one, place === 'only' || place === 'mixed' ? 'root' : place);
			} else if (form !== undefined && isUnnamedText(one)) {
				// Some programs leave out the alternative around text and HTML; HTML comes last in it (RFC 2046 §5.1.4).
				const isBehind = form === 'plain' && node?.kind === 'text' && node.form === 'html';
				(isBehind ? behind : forms).push({ kind: 'text', part: one, form });
			} else this.inRelated(one);
		}
		const own = node ? [node] : [];
		const chosen: BodyNode[] =
			forms.length > 0 ? [{ kind: 'choose', nodes: [...own, ...forms] }] : own;
		return behind.length > 0 ? { kind: 'join', nodes: [...chosen, ...behind] } : chosen[0];
	}

	/** What is shown in the root, or is a file. */
	private inRelated(part: MimePart): void {
		if (!isMultipart(part)) this.attachments.push(part);
		else for (const one of part.parts) this.inRelated(one);
	}

	/** RFC 1847: what is signed is the first part; of what is encrypted only the recipient can read more. */
	private secured(part: MimePart, place: Place): BodyNode | undefined {
		if (part.subtype === 'encrypted') {
			this.noteEncrypted(part);
		}
		const [first, ...others] = part.parts;
		const node = first && part.subtype === 'signed' ? this.node(first, place) : undefined;
		if (first && part.subtype === 'encrypted') this.inRelated(first);
		// Mailing lists add their footer behind the signature.
		const more = others.flatMap((one) => this.node(one, 'mixed') ?? []);
		return more.length === 0 ? node : { kind: 'join', nodes: [...(node ? [node] : []), ...more] };
	}

	private noteEncrypted({ part }: MimePart): void {
		this.unreadable.push({ part: part || '1', reason: 'The content is encrypted' });
	}

	/** A message with no other text has a text with a name. */
	private adoptNamedText(body: BodyNode): void {
		const [first] = this.named;
		if (!first || hasText(body)) return;
		const form = textForm(first.part);
		if (form === undefined) return;
		first.nodes.splice(first.at, 0, { kind: 'text', part: first.part, form });
		this.attachments.splice(this.attachments.indexOf(first.part), 1);
	}
}

const sameId = (one: string, other: string): boolean =>
	one.trim().replace(/^<|>$/g, '') === other.replace(/^<|>$/g, '');

/** Neither a file nor something that the root refers to. */
const isUnnamedText = (part: MimePart): boolean =>
	!isFile(part) && part.id === null && givenFileName(part) === undefined;

const isFile = (part: MimePart): boolean => part.disposition?.type === 'attachment';

const readsAsText = (part: MimePart): boolean => isMultipart(part) || textForm(part) !== undefined;

/** @returns undefined for what is not text to be read: calendars, style sheets, messages */
function textForm({ type, subtype }: MimePart): 'plain' | 'html' | undefined {
	if (type !== 'text')
		return type === 'application' && subtype === 'xhtml+xml' ? 'html' : undefined;
	if (subtype === 'html' || subtype === 'xhtml') return 'html';
	return PLAIN.has(subtype) ? 'plain' : undefined;
}

const PLAIN = new Set([
	...['plain', '', 'markdown', 'x-markdown', 'text', 'x-plain', 'unknown', 'enriched', 'richtext'],
]);

/** The same text once more, for programs that show it otherwise: no file for anybody. */
const isOtherForm = (part: MimePart): boolean =>
	part.type === 'text' && /^(?:x-amp-html|watch-html)$/.test(part.subtype) && !isFile(part);

/** Texts that are files even if a message holds nothing else. */
const DATA = /^(?:calendar|css|csv|directory|javascript|rtf|tab-separated-values|x?-?vcard|xml)$/;

/** RFC 2046 §4.1.4: an unknown subtype of text is read as plain text. */
const isUnknownText = (part: MimePart): boolean =>
	part.type === 'text' && !DATA.test(part.subtype) && givenFileName(part) === undefined;

function hasText(node: BodyNode): boolean {
	return node.kind === 'text' || node.nodes.some(hasText);
}

/** All texts of a body, in order. */
export function bodyTexts(node: BodyNode): Array<BodyNode & { kind: 'text' }> {
	return node.kind === 'text' ? [node] : node.nodes.flatMap(bodyTexts);
}

/** Shown inside of the HTML (RFC 2392 `cid:`), rather than attached to be opened. */
export function isInline(part: Pick<MimePart, 'id' | 'disposition'>): boolean {
	return part.id !== null && part.disposition?.type !== 'attachment';
}

/** Attachments of attached messages, and of those attached to them, behind one another. */
export function nestedAttachments(attachments: readonly MimePart[]): MimePart[] {
	const found: MimePart[] = [];
	const waiting = attachments.filter((part) => isMessage(part) && part.message);
	for (let next = waiting.shift(); next; next = waiting.shift()) {
		const inside = readableParts(next.message as MimePart).attachments;
		found.push(...inside);
		waiting.unshift(...inside.filter((part) => isMessage(part) && part.message));
	}
	return found;
}
