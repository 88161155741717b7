/** Most characters of server text that are passed on, in errors, to listeners, anywhere. */
export const MAX_TEXT = 1000;

/** What is looked at of a longer text; the rest is dropped before it costs anything. */
const MAX_INPUT = 64 * 1024;

/** Control characters, Unicode's bidirectional controls, and line and paragraph separators. */
const UNSAFE =
	// eslint-disable-next-line no-control-regex -- control characters are what is removed
	/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const EVERY_UNSAFE = new RegExp(UNSAFE, 'g');
const SPACE = /^[\t\n\r\u2028\u2029]$/;

/**
 * Text that a server sent, made fit to be shown: no control or bidirectional characters, at most
 * {@link MAX_TEXT} characters. It may still contain markup, which must be escaped where it is displayed.
 * @param redact removes secrets, before the text is cut
 */
export function safeText(text: string, redact: (text: string) => string): string {
	const short = text.length > MAX_INPUT ? text.slice(0, MAX_INPUT) : text;
	const clean = UNSAFE.test(short)
		? short.replace(EVERY_UNSAFE, (character) => (SPACE.test(character) ? ' ' : ''))
		: short;
	const redacted = redact(clean);
	if (redacted.length <= MAX_TEXT) return redacted;
	const cut = redacted.slice(0, MAX_TEXT - 1);
	return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}
