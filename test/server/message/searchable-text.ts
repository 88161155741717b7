import { decodeCharset, fieldText } from './encoded-words';
import { decodedBody } from './transfer-encoding';
import type { MimePart } from './structure';

/** What BODY finds in a message, as in Dovecot: its texts, decoded, and the headers of messages in it. */
export function bodyText(part: MimePart): string {
	if (part.parts.length > 0) return part.parts.map(bodyText).join('\n');
	if (part.message) return wholeText(part.message);
	if (part.type !== 'text') return '';
	const body = decodedBody(part) ?? part.body;
	const charset = part.parameters.find(([name]) => name === 'charset')?.[1] ?? 'utf-8';
	// Plain US-ASCII that has other octets in it is read as UTF-8.
	if (/^us-ascii$/i.test(charset)) return body.toString('utf8');
	return decodeCharset(body, charset) ?? body.toString('utf8');
}

/** What TEXT finds: the header besides. */
export function wholeText(part: MimePart): string {
	const header = part.fields.map(({ name, value }) => `${name}: ${fieldText(value)}`);
	return `${header.join('\n')}\n\n${bodyText(part)}`;
}
