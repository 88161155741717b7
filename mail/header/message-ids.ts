/**
 * The Message-IDs of a field such as References, with angle brackets, in order (RFC 5322 §3.6.4). Anything
 * else is passed over.
 */
export function messageIds(text: string | null | undefined): string[] {
	return text?.match(/<[^<>\s]{1,998}>/g) ?? [];
}
