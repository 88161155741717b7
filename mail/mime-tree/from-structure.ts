/** The tree as the server describes it (RFC 9051 §7.5.2 BODYSTRUCTURE). */
import type { BodyStructure } from '../../engine/index';
import { isMessage, type MimePart } from './mime-part';

/** Without recursion: servers describe what senders nest. */
export function treeFromStructure(structure: BodyStructure): MimePart {
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

function onePart(from: BodyStructure): MimePart {
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

/**
 * Why the description can't be right, so that the message itself has to be read.
 * @param contentType the message's own Content-Type field, if it was fetched
 * @returns undefined if nothing speaks against it
 */
export function implausible(root: MimePart, contentType: string | undefined): string | undefined {
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
	const isDeclaredMultipart = /^\s*multipart\//i.test(contentType ?? '');
	if (isDeclaredMultipart && root.type !== 'multipart') {
		return 'the server describes a multipart as a single part';
	}
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
