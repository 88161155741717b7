import { Imap4Error } from '../errors';
import type { Reader } from '../wire/reader';

/** Reads `(\Seen foo)`. Flags are kept as the server writes them; compare without case. */
export function readFlags(reader: Reader): string[] {
	const flags: string[] = [];
	if (reader.nil()) return flags;
	reader.enter();
	while (!reader.leave() && !reader.done) {
		// What no flag can be, e.g. a keyword with parentheses, is passed over.
		if (reader.peek() === 0x28 || reader.atDelimited) reader.skipValue();
		else flags.push(reader.atom().text);
	}
	return flags;
}

/**
 * The flags in a FETCH response line, e.g. `1 (FLAGS (\Seen foo) UID 3)`; imaplib's ParseFlags.
 * @returns an empty list where there are none
 */
export function parseFlags(line: string): string[] {
	const match = /\bFLAGS \(([^)]*)\)/i.exec(line);
	return match?.[1]?.split(/\s+/).filter((flag) => flag !== '') ?? [];
}

/**
 * @returns the flag, if it can be sent: an optional backslash and an atom (RFC 9051 `flag`).
 * Brackets are allowed, since `[test]` is a keyword that servers accept.
 * @throws Imap4Error ARGUMENT
 */
export function checkFlag(flag: string): string {
	// eslint-disable-next-line no-control-regex -- RFC 9051 `atom-specials` names CTL
	if (!/^\\?[^\x00-\x20\x7f-\uffff(){%*"\\]+$/.test(flag)) {
		throw new Imap4Error(
			'ARGUMENT',
			`"${flag.slice(0, 80)}" cannot be a flag: use letters, digits and punctuation other than ( ) { % * " \\`,
		);
	}
	return flag;
}
