/** Header fields as a person reads them: encoded words and parameters decoded (RFC 2047, RFC 2231). */
import { TextDecoder } from 'node:util';
import type { Address, SinglePartStructure } from '../engine/index';
import { decodeWords, detectExtension, parseHeader, parseHeaderValue } from './vendor/libmime';

export function decodedText(text: string | null | undefined): string | null {
	return text === null || text === undefined ? null : decodeWords(text);
}

/** `Ännchen <a@example.com>, b@example.com` */
export function addressList(addresses: readonly Address[]): string {
	return addresses
		.map(({ name, address, group }) => {
			if (address === '') return `${decodedText(group) ?? ''}:;`;
			const shown = decodedText(name);
			return shown ? `${shown} <${address}>` : address;
		})
		.join(', ');
}

/**
 * All fields of a header by name in lower case, decoded; a field that occurs more than once as a list.
 * @param header as BODY[HEADER] gives it
 */
export function headerFields(header: Buffer): Record<string, string | string[]> {
	const fields: Record<string, string | string[]> = {};
	for (const [name, values] of Object.entries(parseHeader(header.toString('latin1')))) {
		// Octets beyond US-ASCII are mostly UTF-8 (RFC 6532); what is none stays as it is.
		const texts = values.map((value) => decodeWords(utf8(value)));
		fields[name] = texts.length === 1 ? (texts[0] as string) : texts;
	}
	return fields;
}

function utf8(latin1: string): string {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(latin1, 'latin1'));
	} catch {
		return latin1;
	}
}

/** Media type in lower case, e.g. `image/png`. */
export function mimeType({ type, subtype }: SinglePartStructure): string {
	return `${type || 'application'}/${subtype || 'octet-stream'}`;
}

/** Control characters, and those that turn the order of letters round: `invoice\u202Efdp.exe` is a program. */
const DECEPTIVE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** File systems take names of 255 octets; a character may have three or, as two of these, four. */
const LONGEST_NAME = 80;

/** A name that is too long, with its extension. */
function shortened(name: string | undefined): string | undefined {
	if (name === undefined || name.length <= LONGEST_NAME) return name;
	const extension = /\.[^.]{1,15}$/.exec(name)?.[0] ?? '';
	return name.slice(0, LONGEST_NAME - extension.length).toWellFormed() + extension;
}

/**
 * The file name that the sender gave a part, without folders; undefined if there is none.
 */
export function givenFileName(part: SinglePartStructure): string | undefined {
	const name =
		parameter(part.disposition?.parameters ?? {}, 'filename') ?? parameter(part.parameters, 'name');
	// The name must not lead out of the folder that someone saves it to.
	const base = shortened(name?.replace(/^.*[/\\]/s, '').replace(DECEPTIVE, ''));
	return base === '' || base === '.' || base === '..' ? undefined : base;
}

/** A file name in any case: the sender's, else one made of the part's number and media type. */
export function fileName(part: SinglePartStructure): string {
	const given = givenFileName(part);
	if (given !== undefined) return given;
	const type = mimeType(part);
	return `part-${part.part}.${type === 'message/rfc822' ? 'eml' : detectExtension(type)}`;
}

/** Reads `filename`, and `filename*`, `filename*0*` … where the server hands them on as they came. */
function parameter(parameters: Readonly<Record<string, string>>, name: string): string | undefined {
	const own = Object.entries(parameters).filter(
		([key]) => key === name || key.startsWith(`${name}*`),
	);
	if (own.length === 0) return undefined;
	const quoted = own.map(([key, value]) => `; ${key}="${value.replace(/(["\\])/g, '\\$1')}"`);
	const value = parseHeaderValue(`x${quoted.join('')}`).params[name];
	return value === undefined ? undefined : decodeWords(value);
}
