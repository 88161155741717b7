/**
 * Text from a server or a message as n8n may show it. n8n renders errors and hints as HTML, so a link in
 * a server's text would be a live link of n8n's own interface.
 */

/** Characters of text that are shown. */
export const MAX_SHOWN = 1000;

/** Controls, zero-width and bidirectional characters, line and paragraph separators. */
const UNSEEN =
	// eslint-disable-next-line no-control-regex -- control characters are what is removed
	/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;

/** @returns at most {@link MAX_SHOWN} characters, none of which is markup or changes how others look */
export function shownText(text: string): string {
	// What is dropped costs nothing, however much of it there is.
	const seen = text.slice(0, MAX_SHOWN * 4).replace(UNSEEN, '');
	// The same to the eye, and no tag to a browser.
	const clean = seen.includes('<') ? seen.replaceAll('<', '‹').replaceAll('>', '›') : seen;
	if (clean.length <= MAX_SHOWN) return clean.toWellFormed();
	return `${clean.slice(0, MAX_SHOWN - 1).toWellFormed()}…`;
}
