/** Message-IDs, as text or as the bytes of a field. */
import { textOfBytes } from './header-text';

/**
 * The Message-IDs of a field such as References, with angle brackets, in order (RFC 5322 §3.6.4). Anything
 * else is passed over.
 */
export function messageIds(text: string | null | undefined): string[] {
	return text?.match(/<[^<> \t\r\n\v\f]{1,998}>/g) ?? [];
}

/** The same of fields that are held as bytes (latin1), as text: UTF-8, if not ASCII (RFC 6532 §3.3). */
export function rawMessageIds(values: readonly string[]): string[] {
	return values.flatMap(messageIds).map(textOfBytes);
}
