/** Which parts of a message, as the server describes it, are its text, and which are attachments. */
import type { BodyStructure, SinglePartStructure } from '../engine/index';
import { fileName, mimeType, type NamedPart } from './file-name';
import type { MimePart } from './mime-tree/mime-part';
import { treeFromStructure } from './mime-tree/from-structure';
import { bodyTexts, readableParts, type BodyNode } from './reading/body';

export interface BodyParts {
	/** What a reader sees, part by part. */
	body: BodyNode;
	/** The parts that the body is made of. */
	texts: SinglePartStructure[];
	/** Everything else, images inside of HTML included, in order. */
	attachments: SinglePartStructure[];
}

/** All single parts, depth first, those inside attached messages left out. */
function* singleParts(structure: BodyStructure): Generator<SinglePartStructure> {
	if (!('parts' in structure)) yield structure;
	else for (const part of structure.parts) yield* singleParts(part);
}

export function bodyParts(structure: BodyStructure): BodyParts {
	const { body, attachments } = readableParts(treeFromStructure(structure));
	const byNumber = new Map([...singleParts(structure)].map((part) => [part.part, part]));
	const described = (parts: ReadonlyArray<{ part: string }>): SinglePartStructure[] =>
		parts.flatMap(({ part }) => byNumber.get(part) ?? []);
	return {
		body,
		texts: described(bodyTexts(body).map(({ part }) => part)),
		attachments: described(attachments),
	};
}

/**
 * The part of this number, those inside attached messages included (RFC 9051 §6.4.5).
 * @returns undefined if there is none
 */
export function partOfNumber(structure: BodyStructure, number: string): BodyStructure | undefined {
	// An attached message has the number of the multipart that it is; it comes first.
	if (structure.part === number) return structure;
	const inside = 'parts' in structure ? structure.parts : [structure.structure ?? []].flat();
	for (const part of inside) {
		const found = partOfNumber(part, number);
		if (found) return found;
	}
	return undefined;
}

/** What an item includes of an attachment; `encodedSize` is in bytes, as it is sent. */
export function attachmentFields(
	part: NamedPart & Pick<MimePart, 'size' | 'id'>,
): Record<string, string | number | boolean | null> {
	return {
		part: part.part,
		fileName: fileName(part),
		mimeType: mimeType(part),
		encodedSize: part.size,
		disposition: part.disposition?.type ?? null,
		contentId: part.id,
	};
}
