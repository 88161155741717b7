/** The content of one part, decoded from its transfer encoding and charset. */
import { pipeline, type Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import type { SinglePartStructure } from '../engine/index';
import { QuotedPrintableStream } from './quoted-printable-stream';
import { htmlToText } from './vendor/html-to-text';
import { decodeCharset, decodeFlowed } from './vendor/libmime';
import { Base64Decoder } from './vendor/base64';

/**
 * The octets as the sender had them. What is damaged is decoded as far as it goes; an unknown encoding
 * is left as it is. An error of the source is one of the result.
 * @param encoding Content-Transfer-Encoding in lower case
 */
export function decodedStream(source: Readable, encoding: string): Readable {
	const decoder =
		encoding === 'base64'
			? new Base64Decoder()
			: encoding === 'quoted-printable'
				? new QuotedPrintableStream()
				: undefined;
	if (!decoder) return source;
	// The result fails as well, and whoever reads it hears of that.
	return pipeline(source, decoder, () => undefined);
}

/** The text of a part, with line ends as `\n`. */
export async function decodedPartText(
	source: Readable,
	part: SinglePartStructure,
): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of decodedStream(source, part.encoding)) chunks.push(chunk as Buffer);
	return partText(Buffer.concat(chunks), part);
}

/** @param octets without the transfer encoding. @returns text with line ends as `\n` */
export function partText(octets: Buffer, { parameters, subtype }: SinglePartStructure): string {
	const text = decodedCharset(octets, parameters.charset);
	const isFlowed = parameters.format?.toLowerCase() === 'flowed' && subtype === 'plain';
	const whole = isFlowed ? decodeFlowed(text, parameters.delsp?.toLowerCase() === 'yes') : text;
	return whole.replace(/\r\n?/g, '\n');
}

/** @param charset as the sender claims; unknown ones are read as they mostly turn out to be meant */
export function decodedCharset(octets: Buffer, charset: string | undefined): string {
	const claimed = charset?.toLowerCase();
	if (claimed !== undefined && claimed !== '' && claimed !== 'us-ascii') {
		return decodeCharset(octets, charset);
	}
	// Senders that name no charset mean UTF-8 today, and Windows' Latin-1 formerly.
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(octets);
	} catch {
		return decodeCharset(octets, 'windows-1252');
	}
}

/** What a reader sees of an HTML body, for messages that have no plain text. */
export function textOfHtml(html: string): string {
	return htmlToText(html, {
		wordwrap: false,
		limits: { maxInputLength: 1 << 22, maxDepth: 200 },
		selectors: [{ selector: 'img', format: 'skip' }],
	});
}
