/** Header fields as a person reads them. */
import { isUtf8 } from 'node:buffer';
import { decodeText } from '../charset/decode-text';
import { decodeWords } from './encoded-words';
import { parseParameters } from './parameters';
import { RawHeader } from './raw-header';

/**
 * The text of a value that the engine read as a string: UTF-8 where it is that, else one character per byte.
 * @returns an empty text for NIL
 */
export function headerText(
	text: string | null | undefined,
	likely: readonly (string | null | undefined)[] = [],
): string {
	return decodeWords(bytesOf(text ?? ''), likely);
}

/** @param bytes each as one character, of what holds no encoded words: an address, an identifier, a link */
export function textOfBytes(bytes: string): string {
	return /^[\x20-\x7e]*$/.test(bytes) ? bytes : decodeText(Buffer.from(bytes, 'latin1'));
}

/** The bytes of a text in UTF-8, each as one character. */
export const utf8Bytes = (text: string): string => Buffer.from(text).toString('latin1');

/** The bytes of a value that the engine read as a string, each as one character. */
export function bytesOf(value: string): string {
	if (/^[\0-\x7f]*$/.test(value)) return value;
	if (/[^\0-\xff]/.test(value)) return utf8Bytes(value);
	// Bytes that are UTF-8 would have been read as that: these characters are what came of others.
	return isUtf8(Buffer.from(value, 'latin1')) ? utf8Bytes(value) : value;
}

/**
 * All fields of a header by name in lower case, decoded; a field that occurs more than once as a list.
 * @param header as BODY[HEADER] returns it
 */
export function headerFields(header: Buffer): Record<string, string | string[]> {
	const fields: Record<string, string | string[]> = {};
	const raw = new RawHeader(header);
	const likely = [ownCharset(raw)];
	for (const [name, values] of raw.entries()) {
		if (name === '__proto__') continue;
		const texts = values.map((value) => decodeWords(value, likely));
		fields[name] = texts.length === 1 ? (texts[0] as string) : texts;
	}
	return fields;
}

/** Of a message that is one text: in what its header is written where that names nothing. */
export function ownCharset(fields: RawHeader): string | undefined {
	const type = fields.first('content-type');
	return type === undefined ? undefined : parseParameters(type).parameters.charset;
}
