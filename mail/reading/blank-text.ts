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
	if (plain.length > 1000) return false;
	const words = plain.replace(/https?:\/\/[^\s<>]+/gi, ' ').trim();
	// A link to the message on the web, with or without a word about it.
	const isLink = words.length < plain.length && (isPunctuation(words) || WEB_VERSION.test(words));
	return words.length <= 300 && (isLink || PLACEHOLDER.test(words));
}

const WEB_VERSION =
	/\b(?:view|read|open|see|display|show)\b[^.!?]{0,80}\b(?:browser|web ?page|website|online|web version)\b|\b(?:im browser|webversion|online-version|version en ligne|dans (?:votre|un) navigateur|en el navegador|nel browser|in de browser)\b/i;

const isPunctuation = (text: string): boolean => !/[\p{L}\p{N}]/u.test(text);
