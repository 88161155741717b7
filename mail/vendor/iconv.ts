/** Legacy charsets, single-byte and double-byte, by table. */
import iconv from 'iconv-lite';

export const isKnownCharset = (label: string): boolean => iconv.encodingExists(label);

/** Decodes a text that comes in chunks; what can't be decoded becomes U+FFFD. */
export const tableDecoder = (
	label: string,
): { write(bytes: Buffer): string; end(): string | undefined } =>
	iconv.getDecoder(label, { stripBOM: false });
