/** Texts that say nothing. */

/** Nothing but spaces of any kind, and characters that can't be seen. */
export function isBlank(text: string): boolean {
	return !/[^\s\p{Cc}\p{Cf}\u034f\u115f\u1160\u2800\u3164\uffa0]/u.test(text);
}

const PLACEHOLDER =
	/(?:(?:does|do) ?n[o']t (?:support|display|render)|cannot (?:display|read|view)|can't (?:display|view)|unable to (?:display|view|read)|enable|requires?|please (?:use|view)|switch to|contains?|only available in)\b[^.]{0,80}\bhtml\b|\bhtml\b[^.]{0,80}(?:(?:not|nicht|ne) (?:supported|support|unterstützt|pas)|anzeigen|compatible|capable|e-?mail client|viewer)/i;

/** Whether a plain text only says that there is HTML, as some programs write in its place. */
export function isPlaceholder(text: string): boolean {
	const plain = text.trim();
	return plain.length <= 300 && PLACEHOLDER.test(plain);
}
