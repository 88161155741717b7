/** Which parts of a message are its text, and which are attachments. */
import { singleParts, type BodyStructure, type SinglePartStructure } from '../../engine/index';
import { givenFileName } from './header-text';

export interface BodyParts {
	plain: SinglePartStructure[];
	html: SinglePartStructure[];
	/** All else, images inside of HTML included. */
	attachments: SinglePartStructure[];
}

export function bodyParts(structure: BodyStructure): BodyParts {
	const parts: BodyParts = { plain: [], html: [], attachments: [] };
	for (const part of singleParts(structure)) {
		const isText =
			part.type === 'text' &&
			part.disposition?.type !== 'attachment' &&
			givenFileName(part) === undefined;
		if (isText && part.subtype === 'plain') parts.plain.push(part);
		else if (isText && part.subtype === 'html') parts.html.push(part);
		else parts.attachments.push(part);
	}
	return parts;
}
