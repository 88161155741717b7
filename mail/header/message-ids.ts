/** @returns the Message-IDs in a field, with their angle brackets, in order (RFC 5322 §3.6.4) */
export function messageIds(text: string | null | undefined): string[] {
	return text?.match(/<[^<>\s]+>/g) ?? [];
}
