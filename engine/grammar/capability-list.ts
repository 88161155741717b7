import type { Reader } from '../wire/reader';

/**
 * Reads the names of capabilities in upper case, up to a closing bracket in a response code, else to the
 * end. What can be no name is passed over: a capability that is not known is not used.
 */
export function readCapabilities(reader: Reader, isCode = false): string[] {
	const capabilities: string[] = [];
	for (;;) {
		reader.skipSpaces();
		if (reader.done || (isCode && reader.peek() === 0x5d)) return capabilities;
		const { upper } = reader.untilBlank(isCode);
		const name = ORDINARY.test(upper) ? upper : bareName(upper);
		if (name !== undefined && capabilities.length < MOST) capabilities.push(name);
	}
}

/** As nearly all are: nothing stands around them that has to be removed. */
const ORDINARY = /^[A-Z0-9=+./_-]+$/;

/** Without the quotes, parentheses and commas that some servers put around it; undefined if it is not a name. */
function bareName(word: string): string | undefined {
	let [start, end] = [0, word.length];
	while (start < end && AROUND.has(word[start] as string)) start++;
	while (end > start && AROUND.has(word[end - 1] as string)) end--;
	const name = word.slice(start, end);
	return NAME.test(name) ? name : undefined;
}

/** Servers name some fifty. */
const MOST = 1000;

const AROUND: ReadonlySet<string> = new Set(['(', ')', '"', ',', ';']);

// eslint-disable-next-line no-control-regex -- RFC 9051 `atom-specials` names CTL
const NAME = /^[^\x00-\x20\x7f(){}"]+$/;
