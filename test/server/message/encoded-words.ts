import { decodeQuotedPrintable } from './quoted-printable';

/** A header field's text: octets as Latin-1 become UTF-8, encoded words are decoded (RFC 2047). */
export function fieldText(value: string): string {
	return Buffer.from(value, 'latin1')
		.toString('utf8')
		.replace(/(\?=)\s+(=\?)/g, '$1$2')
		.replace(
			/=\?([^?*]+)(?:\*[^?]*)?\?([bq])\?([^?]*)\?=/gi,
			(whole, charset: string, how: string, coded: string) => {
				const octets =
					how.toLowerCase() === 'b'
						? Buffer.from(coded, 'base64')
						: decodeQuotedPrintable(coded.replaceAll('_', '=20'));
				return decodeCharset(octets, charset) ?? whole;
			},
		);
}

/** @returns undefined for a charset that is not known */
export function decodeCharset(octets: Buffer, charset: string): string | undefined {
	try {
		return new TextDecoder(charset).decode(octets);
	} catch {
		return undefined;
	}
}
