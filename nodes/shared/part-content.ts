/** The content of one part, decoded from its transfer encoding and charset. */
import { pipeline, type Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import type { SinglePartStructure } from '../../engine/index';
import { htmlToText } from './vendor/html-to-text';
import { decodeCharset, decodeFlowed } from './vendor/libmime';
import { Base64Decoder, QuotedPrintableDecoder } from './vendor/transfer-encoding';

/** The octets as the sender had them. An error of the source is one of the result. */
export function decodedStream(source: Readable, { encoding }: SinglePartStructure): Readable {
	const decoder =
		encoding === 'base64'
			? new Base64Decoder()
			: encoding === 'quoted-printable'
				? new QuotedPrintableDecoder()
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
	for await (const chunk of decodedStream(source, part)) chunks.push(chunk as Buffer);
	const text = decodedCharset(Buffer.concat(chunks), part.parameters.charset);
	const isFlowed = part.parameters.format?.toLowerCase() === 'flowed' && part.subtype === 'plain';
	const whole = isFlowed
		? decodeFlowed(text, part.parameters.delsp?.toLowerCase() === 'yes')
		: text;
	return whole.replace(/\r\n?/g, '\n');
}

function decodedCharset(octets: Buffer, charset: string | undefined): string {
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
