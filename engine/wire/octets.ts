export const TAB = 9;
export const LF = 10;
export const CR = 13;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const OPEN = 0x28;
export const CLOSE = 0x29;
export const ASTERISK = 0x2a;
export const PLUS = 0x2b;
export const COMMA = 0x2c;
export const ZERO = 0x30;
export const NINE = 0x39;
export const OPEN_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const TILDE = 0x7e;

/** What ends a word depends on the kind of word: bits of {@link classes}. */
export const ENDS_ATOM = 1;
export const ENDS_CODE_ATOM = 2;
export const ENDS_ITEM_NAME = 4;
/** Whatever a quoted string of one plain word doesn't hold. */
export const ENDS_WORD = 8;
/** What each octet ends. */
export const classes = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
	const blank = byte <= SPACE || byte === 0x7f;
	const punctuation = byte === OPEN || byte === CLOSE || byte === QUOTE || byte === OPEN_BRACE;
	if (blank || punctuation) classes[byte] = ENDS_ATOM | ENDS_CODE_ATOM | ENDS_ITEM_NAME;
	const quoted = byte === QUOTE || byte === BACKSLASH || byte >= 0x80;
	if (blank || quoted) classes[byte] = (classes[byte] as number) | ENDS_WORD;
}
classes[CLOSE_BRACKET] = ENDS_CODE_ATOM;
classes[OPEN_BRACKET] = ENDS_ITEM_NAME;

/** What may stand behind a number: a space, a parenthesis, the bracket of a response code, some servers' comma. */
export const ENDS_NUMBER = new Uint8Array(256);
for (const byte of [SPACE, TAB, OPEN, CLOSE, CLOSE_BRACKET, COMMA]) ENDS_NUMBER[byte] = 1;
