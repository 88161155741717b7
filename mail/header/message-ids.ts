/** Message-IDs, as text or as the bytes of a field. */
import { textOfBytes } from './header-text';

const WHITESPACE = /[ \t\r\n\v\f]+/;

/**
 * The Message-IDs of a field such as References, with angle brackets, in order (RFC 5322 §3.6.4). Anything
 * else is passed over.
 */
export function messageIds(text: string | null | undefined): string[] {
	const found = text?.match(/<[^<>]{1,998}>/g) ?? [];
	if (!found.some((one) => WHITESPACE.test(one))) return found;
	return found.flatMap((one) => {
		const [id = '', ...others] = one.split(WHITESPACE);
		// A long one is folded by some programs, at an @ or a dot of it.
		return others.length === 0 ? id : others.length === 1 && /[@.]$/.test(id) ? id + others[0] : [];
	});
}

/** The same of fields that are held as bytes (latin1), as text: UTF-8, if not ASCII (RFC 6532 §3.3). */
export function rawMessageIds(values: readonly string[]): string[] {
	return values.flatMap(messageIds).map(textOfBytes);
}
