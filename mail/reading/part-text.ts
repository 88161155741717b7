/** The text of one part, decoded from its charset. */
import { decodeLongText } from '../charset/decode-text';
import { parameterText } from '../file-name';
import { enrichedText } from './enriched';
import { joinFlowed } from './flowed';

interface TextPart {
	subtype: string;
	/** As written: charset, format and delsp count. */
	parameters: Readonly<Record<string, string>>;
}

/** Bytes in which HTML names its charset (WHATWG HTML, 13.2.3.2). */
const PRESCAN = 4096;
const META = /<meta\s[^>]{0,500}?charset\s*=\s*["']?\s*([\w.:-]{1,60})/i;
const XML = /^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,60})/i;

/**
 * @param bytes without the transfer encoding
 * @returns text with line ends as `\n`
 */
export async function partText(bytes: Buffer, { subtype, parameters }: TextPart): Promise<string> {
	const isHtml = /html/.test(subtype);
	const start = isHtml ? bytes.subarray(0, PRESCAN).toString('latin1') : '';
	const likely = [META.exec(start)?.[1], XML.exec(start)?.[1]];
	const decoded = await decodeLongText(bytes, {
		claimed: parameterText(parameters, 'charset'),
		likely,
	});
	// Each a plain string: many times faster to look for than both at once.
	// No text has a NUL, which databases refuse.
	const text = decoded
		.replace(/^\ufeff+/, '')
		.replace(/\r\n/g, '\n')
		.replace(/\r/g, '\n')
		.replaceAll('\0', '');
	if (subtype === 'enriched' || subtype === 'richtext') return enrichedText(text, subtype);
	const isFlowed = subtype === 'plain' && parameters.format?.trim().toLowerCase() === 'flowed';
	return isFlowed ? joinFlowed(text, parameters.delsp?.trim().toLowerCase() === 'yes') : text;
}
