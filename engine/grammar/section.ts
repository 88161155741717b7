import { Imap4Error } from '../errors';
import type { Part } from '../wire/writer';
import { astring, list, raw } from '../wire/writer';

/** A body section to fetch (RFC 9051 §6.4.5). */
export interface BodyRequest {
	/**
	 * Empty for the whole message; `HEADER`, `TEXT`, `HEADER.FIELDS`, `HEADER.FIELDS.NOT`, a part's
	 * number (`1.2`), or a number with one of these or `MIME` (`1.2.MIME`).
	 */
	section?: string;
	/** Names of header fields, for HEADER.FIELDS and HEADER.FIELDS.NOT. */
	fields?: readonly string[];
	/** Leaves \Seen as it is (the default). False sets it, as reading mail does. */
	peek?: boolean;
	/** Only these bytes. */
	partial?: {
		/** From 0. */
		start: number;
		/** From 1. */
		length: number;
	};
	/** The part decoded from base64 or quoted-printable by the server (needs BINARY, RFC 3516). */
	binary?: boolean;
}

const SECTION =
	/^(?:(?<number>[1-9]\d{0,9}(?:\.[1-9]\d{0,9})*)(?:\.(?<nested>HEADER|TEXT|MIME|HEADER\.FIELDS(?:\.NOT)?))?|(?<own>HEADER|TEXT|HEADER\.FIELDS(?:\.NOT)?))?$/i;

/** The two halves of a section's name. */
export interface SectionName {
	/** The part's number, such as `1.2`; empty for the message itself. */
	number: string;
	/** In upper case, such as `MIME`; empty for a part's content. */
	what: string;
}

/**
 * Takes the name of a section apart (RFC 9051 §6.4.5), without names of header fields.
 * @returns undefined if it is none
 * @example
 * parseSectionName('1.2.mime'); // { number: '1.2', what: 'MIME' }
 * parseSectionName('0'); // undefined
 */
export function parseSectionName(name: string): SectionName | undefined {
	const groups = SECTION.exec(name);
	if (!groups) return undefined;
	const { number = '', nested, own } = groups.groups ?? {};
	return { number, what: (nested ?? own ?? '').toUpperCase() };
}

/**
 * Whether a text can name a header field (RFC 5322 §2.2): printable US-ASCII other than the colon.
 * @example
 * isHeaderFieldName('List-ID'); // true
 * isHeaderFieldName('List-ID:'); // false
 */
export const isHeaderFieldName = (name: string): boolean => /^[!-9;-~]+$/.test(name);

/**
 * The section in upper case, as responses name it, to find the answer to a request.
 * @throws Imap4Error ARGUMENT
 */
export function sectionName({ section = '', fields, binary }: BodyRequest): string {
	const name = section.toUpperCase();
	const parsed = parseSectionName(name);
	const fieldsFit = parsed?.what.includes('FIELDS') === (fields !== undefined);
	if (!parsed || !fieldsFit || (binary && parsed.what !== '')) {
		throw new Imap4Error(
			'ARGUMENT',
			`"${section.slice(0, 80)}" is not a section of a body that can be fetched`,
		);
	}
	if (!fields) return name;
	if (fields.length === 0) throw new Imap4Error('ARGUMENT', 'The list of header fields is empty');
	for (const field of fields) {
		if (!isHeaderFieldName(field)) {
			throw new Imap4Error('ARGUMENT', `"${field.slice(0, 80)}" is not a header field name`);
		}
	}
	return `${name} (${fields.map((field) => field.toUpperCase()).join(' ')})`;
}

/** @throws Imap4Error ARGUMENT */
export function sectionParts(request: BodyRequest): Part {
	sectionName(request);
	const { section = '', fields, peek = true, partial, binary = false } = request;
	const parts: Part[] = [
		raw(`${binary ? 'BINARY' : 'BODY'}${peek ? '.PEEK' : ''}[${section.toUpperCase()}`),
	];
	if (fields) parts.push(raw(' '), list(fields.map(astring)));
	parts.push(raw(']'));
	if (partial) {
		const { start, length } = partial;
		const octets = (value: number, least: number): boolean =>
			Number.isInteger(value) && value >= least && value <= 4294967295;
		if (!octets(start, 0) || !octets(length, 1)) {
			throw new Imap4Error(
				'ARGUMENT',
				'A part of a body needs a start of 0 or more and a length of 1 or more, in bytes',
			);
		}
		parts.push(raw(`<${start}.${length}>`));
	}
	return { kind: 'run', parts };
}
