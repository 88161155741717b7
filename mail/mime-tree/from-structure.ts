/** The tree as the server describes it (RFC 9051 §7.5.2 BODYSTRUCTURE). */
import type { BodyStructure } from '../../engine/index';
import { RawHeader } from '../header/raw-header';
import { partFromHeader } from './from-bytes';
import { isMessage, type MimePart } from './mime-part';

/** Without recursion: servers describe what senders nest. */
export function treeFromStructure(structure: BodyStructure): MimePart {
	const charsets = textCharsets(structure);
	const onePart = (from: BodyStructure): MimePart => ({ ...described(from), charsets });
	const root = onePart(structure);
	const waiting: Array<[BodyStructure, MimePart]> = [[structure, root]];
	for (let next = waiting.pop(); next; next = waiting.pop()) {
		const [from, to] = next;
		if ('parts' in from) {
			to.parts = from.parts.map((one) => {
				const part = onePart(one);
				waiting.push([one, part]);
				return part;
			});
		} else if (from.structure) {
			to.message = onePart(from.structure);
			waiting.push([from.structure, to.message]);
		}
	}
	return root;
}

function described(from: BodyStructure): MimePart {
	const isSingle = !('parts' in from);
	return {
		part: from.part,
		type: from.type,
		subtype: from.subtype,
		parameters: from.parameters,
		disposition: from.disposition,
		id: isSingle ? from.id : null,
		encoding: isSingle ? from.encoding : '7bit',
		size: isSingle ? from.size : 0,
		parts: [],
	};
}

/** Texts whose charset is looked at. */
const MOST_TEXTS = 10;

/** The charsets in which the texts of a message are written, for a header that names none. */
export function textCharsets(structure: BodyStructure): string[] {
	const found = new Set<string>();
	const waiting: BodyStructure[] = [structure];
	for (let part = waiting.shift(), texts = 0; part && texts < MOST_TEXTS; part = waiting.shift()) {
		if ('parts' in part) waiting.unshift(...part.parts.slice(0, MOST_TEXTS));
		else if (part.type === 'text') {
			texts++;
			if (part.parameters.charset) found.add(part.parameters.charset);
		}
	}
	return [...found];
}

/** The fields of a message's header that describe its content. */
export const CONTENT_FIELDS = [
	'Content-Type',
	'Content-Transfer-Encoding',
	'Content-Disposition',
] as const;

/**
 * Corrects the description by what the message's own header says of it: some servers ignore it where
 * there is no MIME-Version, others do not understand how it is written.
 * @param header with those fields
 * @returns why the description can't be right, so that the message itself has to be read; undefined if it can
 */
export function correctRoot(root: MimePart, header: Buffer): string | undefined {
	const fields = new RawHeader(header);
	const declared = fields.first('content-type');
	const own = partFromHeader(fields);
	const isNamed = declared !== undefined && /^\s*[\w.+-]+\s*\/\s*[\w.+-]+/.test(declared);
	if (isNamed && (own.type !== root.type || own.subtype !== root.subtype)) {
		return `the server describes ${root.type}/${root.subtype} where the header says ${own.type}/${own.subtype}`;
	}
	if (root.type === 'multipart') return undefined;
	// RFC 2045 §5.2: a type that is none is plain text; some servers make other things of it.
	if (declared !== undefined && !isNamed) [root.type, root.subtype] = [own.type, own.subtype];
	if (isNamed || declared !== undefined)
		root.parameters = { ...root.parameters, ...own.parameters };
	if (fields.first('content-transfer-encoding') !== undefined) root.encoding = own.encoding;
	if (own.disposition !== null) root.disposition = own.disposition;
	return undefined;
}

/**
 * Why the description can't be right, so that the message itself has to be read.
 * @returns undefined if nothing speaks against it
 */
export function implausible(root: MimePart): string | undefined {
	let deepest = 0;
	const waiting: MimePart[] = [root];
	for (let part = waiting.pop(); part; part = waiting.pop()) {
		if (part.type === 'multipart' && part.parts.length === 0) {
			return 'the server describes a multipart without parts';
		}
		if (isMessage(part) && part.message?.type === '')
			return 'the server describes an empty message';
		deepest = Math.max(deepest, part.part.split('.').length);
		waiting.push(...part.parts);
	}
	// Servers with a limit for the length of a line cut longer section names.
	if (deepest > MOST_SECTION_LEVELS)
		return 'its parts are nested too deeply to be named to the server';
	const [only] = root.parts;
	if (
		root.type === 'multipart' &&
		root.parts.length === 1 &&
		only &&
		only.size === 0 &&
		only.type === 'text'
	) {
		return 'the server describes a multipart that holds nothing';
	}
	return undefined;
}

const MOST_SECTION_LEVELS = 20;
