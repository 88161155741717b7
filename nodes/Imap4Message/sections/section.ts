/** A section of a message, as `BODY[…]` names it (RFC 9051 §6.4.5). */
import {
	isHeaderFieldName,
	isMultipart,
	parseSectionName,
	type BodyStructure,
	type SectionName,
	type SinglePartStructure,
} from '../../../engine/index';
import { partOfNumber } from '../../../mail/body-parts';
import { UserError } from '../../shared/errors/user-error';

export interface Section extends SectionName {
	/** In upper case, without header field names: `1.2`, `HEADER`, `2.HEADER.FIELDS`. */
	name: string;
	/** Names of header fields, for HEADER.FIELDS and HEADER.FIELDS.NOT. */
	fields?: string[];
}

/** @throws UserError if it names no section */
export function parseSection(text: string): Section {
	const plain = text.trim().replace(/^BODY(?:\.PEEK)?\[(.*)\]$/is, '$1');
	if (plain === '') {
		throw new UserError(
			'The field "Section" is empty',
			'Enter a section. To download a whole message, use the operation "Download" of the resource Message.',
		);
	}
	const [, name = '', names] = /^([^\s()]+)(?:\s*\(([^()]*)\))?$/.exec(plain) ?? [];
	const found = name === '' ? undefined : parseSectionName(name);
	const fields = names?.trim().split(/\s+/);
	const fieldsFit = found?.what.includes('FIELDS')
		? fields?.every(isHeaderFieldName)
		: fields === undefined;
	if (!found || !fieldsFit) {
		throw new UserError(
			`"${plain.slice(0, 80)}" is not a valid section`,
			'Use a part number such as 1 or 2.1, HEADER, TEXT, or HEADER.FIELDS (From To); 2.MIME for the header of a part; or 2.HEADER and 2.TEXT for an attached message.',
		);
	}
	return { name: name.toUpperCase(), fields, ...found };
}

/** As it is written, field names included. */
export function sectionText({ name, fields }: Section): string {
	return fields ? `${name} (${fields.join(' ')})` : name;
}

export const isHeader = ({ what }: Section): boolean =>
	what.startsWith('HEADER') || what === 'MIME';

/**
 * The part whose encoding and charset hold for the bytes of the section.
 * @returns undefined where none does: a header, or what is made of several parts
 * @throws UserError if the message has no such section
 */
export function partOfSection(
	structure: BodyStructure,
	{ name, number, what }: Section,
): SinglePartStructure | undefined {
	let part: BodyStructure | undefined = structure;
	if (number !== '') {
		part = partOfNumber(structure, number);
		if (!part) throw noSuchSection(name);
		if (what !== '' && what !== 'MIME') {
			const { structure: inside } = part as Partial<SinglePartStructure>;
			if (!inside) {
				throw new UserError(
					`The message has no section ${name}: part ${number} is not an attached message (message/rfc822)`,
					`Use ${number}.MIME for the header of the part, or ${number} for its content.`,
				);
			}
			part = inside;
		}
	}
	return what !== '' && what !== 'TEXT' ? undefined : isMultipart(part) ? undefined : part;
}

export function noSuchSection(name: string): UserError {
	return new UserError(
		`The message has no section ${name}`,
		'To see its parts, use the operation "Get" of the resource Message with the field "Structure".',
	);
}
