import type { Reader, Token } from '../wire/reader';
import type { Envelope } from './envelope';
import { readEnvelope } from './envelope';

/** Parameters of a media type or disposition, names in lower case (RFC 2045 §5.1). */
export type Parameters = Record<string, string>;

/** How a part is to be shown (RFC 2183). */
export interface Disposition {
	/** Lower case: `attachment`, `inline` … */
	type: string;
	/** `filename` and the like. */
	parameters: Parameters;
}

/** What every part has (RFC 9051 §7.5.2 BODYSTRUCTURE). */
interface StructurePart {
	/** The part's number for BODY[…]: `1`, `2.1` …; empty for a message that is one multipart. */
	part: string;
	/** Lower case: `text`, `image`, `multipart` … */
	type: string;
	/** Lower case: `plain`, `jpeg`, `alternative` … */
	subtype: string;
	/** Those of Content-Type: `charset`, `name` and the like. */
	parameters: Parameters;
	/** Null if the part has no Content-Disposition. */
	disposition: Disposition | null;
	/** Content-Language; empty if there is none. */
	language: string[];
	/** Content-Location. */
	location: string | null;
	/** Extension data of a later day, unread. */
	extensions?: Token[];
}

/** A part that consists of parts. */
export interface MultipartStructure extends StructurePart {
	type: 'multipart';
	/** In the order of the message. */
	parts: BodyStructure[];
}

/** A part that has content of its own, an attached message included. */
export interface SinglePartStructure extends StructurePart {
	/** Content-ID, with its angle brackets. */
	id: string | null;
	/** Content-Description. */
	description: string | null;
	/** Lower case: `7bit`, `base64`, `quoted-printable` … */
	encoding: string;
	/** Octets, still encoded. */
	size: number;
	/** Lines, still encoded; of text and message/rfc822 parts. */
	lines?: number;
	/** Content-MD5. */
	md5: string | null;
	/** Of a message/rfc822 or message/global part: the message inside it. */
	envelope?: Envelope;
	/** The parts of the message inside it. */
	structure?: BodyStructure;
}

/** A part of a message: one that has content, or one that has parts. */
export type BodyStructure = MultipartStructure | SinglePartStructure;

/**
 * Whether a part consists of parts.
 * @example
 * for await (const { bodyStructure } of mailbox.fetch('*', { bodyStructure: true })) {
 * 	if (bodyStructure && isMultipart(bodyStructure)) console.log(bodyStructure.parts.length);
 * }
 */
export function isMultipart(structure: BodyStructure): structure is MultipartStructure {
	return 'parts' in structure;
}

/**
 * All single parts, depth first, those inside attached messages left out.
 * @example
 * for await (const { bodyStructure } of mailbox.fetch('*', { bodyStructure: true })) {
 * 	if (!bodyStructure) continue;
 * 	for (const { part, type, subtype, size } of singleParts(bodyStructure)) {
 * 		console.log(part, `${type}/${subtype}`, size);
 * 	}
 * }
 */
export function* singleParts(structure: BodyStructure): Generator<SinglePartStructure> {
	if (!isMultipart(structure)) yield structure;
	else for (const part of structure.parts) yield* singleParts(part);
}

/** Reads BODY or BODYSTRUCTURE of a whole message. */
export function readBodyStructure(reader: Reader): BodyStructure {
	return readPart(reader, '');
}

/**
 * @param number the number of the part, or that of the message whose only part this is; a message
 * that isn't multipart has its text as part 1 (RFC 9051 §6.4.5)
 */
function readPart(reader: Reader, number: string): BodyStructure {
	reader.enter();
	return reader.peek() === 0x28 ? multipart(reader, number) : singlePart(reader, number || '1');
}

function multipart(reader: Reader, number: string): MultipartStructure {
	const parts: BodyStructure[] = [];
	while (reader.peek() === 0x28) {
		parts.push(readPart(reader, child(number, parts.length + 1)));
		reader.skipSpaces();
	}
	const subtype = multipartSubtype(reader);
	const structure: MultipartStructure = {
		part: number,
		type: 'multipart',
		subtype,
		parts,
		parameters: more(reader) ? parameters(reader) : {},
		disposition: null,
		language: [],
		location: null,
	};
	extensions(reader, structure);
	return structure;
}

/** Some servers leave it out, or write NIL; in between parts NIL stands for one that they could not parse. */
function multipartSubtype(reader: Reader): string {
	if (!more(reader)) return 'mixed';
	if (!reader.nil()) return reader.lowered();
	if (more(reader) && reader.peek() === 0x28) throw reader.expected('a part, or a subtype');
	return '';
}

function singlePart(reader: Reader, number: string): SinglePartStructure {
	const type = reader.lowered();
	// Then what follows is not where it belongs.
	if (type.includes('/')) throw reader.expected('a type without its subtype');
	reader.skipSpaces();
	const subtype = reader.lowered();
	reader.skipSpaces();
	const structure: SinglePartStructure = {
		part: number,
		type,
		subtype,
		parameters: more(reader) ? parameters(reader) : {},
		disposition: null,
		language: [],
		location: null,
		id: more(reader) ? reader.nstring() : null,
		description: more(reader) ? withQuotes(reader, reader.nstring()) : null,
		encoding: more(reader) ? reader.lowered() : '7bit',
		size: more(reader) ? size(reader) : 0,
		md5: null,
	};
	if (type === 'message' && (subtype === 'rfc822' || subtype === 'global') && more(reader)) {
		if (reader.peek() === 0x28) {
			structure.envelope = readEnvelope(reader);
			if (more(reader)) {
				structure.structure = inside(reader, number);
			}
			if (more(reader)) structure.lines = size(reader);
		} else skipMissingMessage(reader);
	}
	if (structure.lines === undefined && more(reader) && atLines(reader)) {
		structure.lines = size(reader);
	}
	if (more(reader)) structure.md5 = reader.nstring();
	extensions(reader, structure);
	return structure;
}

/** Some servers leave the message inside out, or write NIL for it, where they could not parse it. */
function skipMissingMessage(reader: Reader): void {
	const { at, level } = reader;
	for (let missing = 0; missing < 2; missing++) {
		if (!reader.nil()) break;
		reader.skipSpaces();
	}
	// Without the number of lines behind it, it is MD5 and disposition that are NIL.
	if (!atSize(reader)) reader.reset(at, level);
}

/** The message in a message/rfc822 part: its parts are numbered under the part (RFC 9051 §6.4.5). */
function inside(reader: Reader, number: string): BodyStructure {
	reader.enter();
	return reader.peek() === 0x28 ? multipart(reader, number) : singlePart(reader, child(number, 1));
}

/** Disposition, language, location and what later RFCs may add, then the closing parenthesis. */
function extensions(reader: Reader, structure: StructurePart): void {
	if (more(reader)) structure.disposition = disposition(reader);
	if (more(reader)) structure.language = language(reader);
	if (more(reader)) structure.location = reader.nstring();
	while (!reader.leave()) (structure.extensions ??= []).push(reader.token());
}

function more(reader: Reader): boolean {
	reader.skipSpaces();
	return reader.peek() !== 0x29;
}

function child(number: string, index: number): string {
	return number === '' ? String(index) : `${number}.${index}`;
}

/**
 * The whole of a text of which this much has been read: some servers do not escape quotes, `""""` is a
 * description of quotes only.
 */
function withQuotes(reader: Reader, text: string | null): string | null {
	let whole = text;
	while (reader.peek() === 0x22) whole = `${whole ?? ''}"${reader.nstring() ?? ''}`;
	return whole;
}

/** NIL and a negative number stand for an unknown size with some servers; others write `1.8e+06`. */
function size(reader: Reader): number {
	const plain = reader.wholeNumber();
	if (plain !== undefined) return plain;
	if (reader.nil()) return 0;
	const written = Number(reader.peek() === 0x22 ? reader.nstring() : reader.atom().text);
	if (Number.isNaN(written)) throw reader.expected('a number');
	return Math.min(Math.max(0, Math.round(written)), Number.MAX_SAFE_INTEGER);
}

/** Whether a number of lines is next, with quotes or without; MD5, which may stand here too, has 24 characters. */
function atLines(reader: Reader): boolean {
	if (reader.peek() !== 0x22) return atSize(reader);
	const { at, level } = reader;
	const isNumeric = /^\d{1,15}$/.test(reader.nstring() ?? '');
	reader.reset(at, level);
	return isNumeric;
}

/** Whether a size is next: a number, also a negative one. */
function atSize(reader: Reader): boolean {
	return reader.atNumber || reader.peek() === 0x2d;
}

function parameters(reader: Reader): Parameters {
	const parameters: Parameters = {};
	if (reader.nil()) return parameters;
	// Some servers write an empty string for no parameters; any other would be some that are not read.
	if (reader.peek() === 0x22) {
		if (reader.nstring() !== '') throw reader.expected('a list of parameters');
		return parameters;
	}
	reader.enter();
	let isFirst = true;
	while (!reader.leave()) {
		const name = reader.lowered();
		reader.skipSpaces();
		const value = reader.peek() === 0x29 ? null : reader.nstring();
		// The one name that assignment would not make a property of its own; the first of a name counts.
		const isNew = isFirst || !Object.hasOwn(parameters, name);
		if (isNew && name !== '__proto__') parameters[name] = value ?? '';
		isFirst = false;
	}
	return parameters;
}

function disposition(reader: Reader): Disposition | null {
	if (reader.nil()) return null;
	if (reader.peek() !== 0x28) return { type: reader.lowered(), parameters: {} };
	reader.enter();
	if (reader.leave()) return null;
	const type = reader.lowered();
	const found: Disposition = { type, parameters: more(reader) ? parameters(reader) : {} };
	while (!reader.leave()) reader.token();
	return found;
}

function language(reader: Reader): string[] {
	if (reader.nil()) return [];
	if (reader.peek() !== 0x28) return [reader.nstring() ?? ''];
	return reader.list(() => reader.nstring() ?? '');
}
