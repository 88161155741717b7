import { decodeCharset } from './encoded-words';
import type { MimePart } from './structure';
import { decodedBody } from './transfer-encoding';

const LONGEST = 200;

/**
 * The beginning of a message's text in one line of at most 200 characters (RFC 8970 §3.1).
 * @returns undefined where the message has no text
 */
export function preview(message: MimePart): string | undefined {
	const leaves = [...textParts(message)];
	const part = leaves.find(({ subtype }) => subtype === 'plain') ?? leaves[0];
	const octets = part && decodedBody(part);
	if (!octets) return undefined;
	const charset = part.parameters.find(([name]) => name === 'charset')?.[1] ?? 'us-ascii';
	// Where US-ASCII was promised, what is more than that is UTF-8 rather than anything else.
	const known = charset.toLowerCase() === 'us-ascii' ? 'utf-8' : charset;
	let text = decodeCharset(octets, known) ?? octets.toString('latin1');
	if (part.subtype === 'html') text = withoutTags(text);
	return [...text.replace(/\s+/g, ' ').trim()].slice(0, LONGEST).join('');
}

function* textParts(part: MimePart): Generator<MimePart> {
	if (part.parts.length > 0) for (const one of part.parts) yield* textParts(one);
	else if (part.type === 'text' && (part.subtype === 'plain' || part.subtype === 'html'))
		yield part;
}

const ENTITIES: Record<string, string> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
	nbsp: ' ',
};

function withoutTags(html: string): string {
	return html
		.replace(/<(style|script|title)\b.*?<\/\1\s*>/gis, ' ')
		.replace(/<[^>]*>/g, ' ')
		.replace(/&(amp|lt|gt|quot|apos|nbsp);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
