/** Encoded words, header parameters and media types (RFC 2047, RFC 2231, RFC 2045). */
import libmime from 'libmime';

export const decodeWords = (text: string): string => libmime.decodeWords(text);
export const parseHeaderValue = (text: string) => libmime.parseHeaderValue(text);
export const decodeFlowed = (text: string, delSp: boolean): string =>
	libmime.decodeFlowed(text, delSp);
/** By name in lower case, each with all its values, unfolded but not decoded. */
export const parseHeader = (text: string): Record<string, string[]> =>
	libmime.decodeHeaders(text, { skipPrototypeKeys: true });
export const detectExtension = (mimeType: string): string => libmime.detectExtension(mimeType);
export { decode as decodeCharset } from 'libmime/lib/charset';
