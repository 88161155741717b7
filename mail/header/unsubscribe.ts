/** How to leave a mailing list (RFC 2369 List-Unsubscribe, RFC 8058 List-Unsubscribe-Post). */
import { decodeWords } from './encoded-words';
import { textOfBytes, utf8Bytes } from './header-text';
import { RawHeader } from './raw-header';

export interface Unsubscribe {
	/** To be opened in a browser, or for `oneClick` to be sent a POST request. */
	url: string | null;
	/** An address to which a message unsubscribes, with what else the link says. */
	mailto: string | null;
	/** Whether a POST of `List-Unsubscribe=One-Click` to `url` is enough. */
	oneClick: boolean;
}

const LONGEST = 16 * 1024;

/** @param header with both fields. @returns undefined if the message names no way */
export function unsubscribe(header: Buffer): Unsubscribe | undefined {
	const fields = new RawHeader(header);
	const written = fields.first('list-unsubscribe')?.slice(0, LONGEST) ?? '';
	// Forbidden, and usual for long links.
	const value = written.includes('=?') ? utf8Bytes(decodeWords(written)) : written;
	const links = [...value.matchAll(/<([^<>]+)>/g)].map(([, link = '']) =>
		link.replace(/[ \t\r\n\v\f]+/g, ''),
	);
	// Some leave out the angle brackets.
	if (links.length === 0 && /^(?:https?|mailto):/i.test(value)) links.push(value);
	const first = (scheme: RegExp): string | null => {
		const found = links.find((link) => scheme.test(link));
		return found === undefined ? null : textOfBytes(found);
	};
	const [url, mailto] = [first(/^https?:/i), first(/^mailto:/i)];
	if (url === null && mailto === null) return undefined;
	const post = fields.first('list-unsubscribe-post') ?? '';
	const oneClick = url !== null && /^https:/i.test(url) && /one-click/i.test(post);
	return { url, mailto, oneClick };
}
