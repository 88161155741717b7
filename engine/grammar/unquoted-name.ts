import type { Reader } from '../wire/reader';
import type { MailboxNames } from './mailbox-name';

/**
 * The name of a mailbox. Some servers leave out the quotes of a name with spaces: then it is one that
 * a command of this session named, and else the first word.
 */
export function readMailboxName(reader: Reader, names: MailboxNames): string {
	const sent = reader.atDelimited ? undefined : names.sentAt(reader);
	return names.decode(sent ?? reader.string());
}

/**
 * A name that a list in parentheses follows. Some servers leave out the quotes of a name with spaces.
 */
export function nameBeforeList(reader: Reader): string {
	if (reader.atDelimited) return reader.string();
	const { at, level } = reader;
	const word = reader.string();
	reader.skipSpaces();
	if (reader.peek() === 0x28 && !reader.hasAnother(0x28)) return word;
	reader.reset(at, level);
	const rest = reader.rest();
	const start = lastListStart(rest);
	const name = rest.slice(0, start).trim();
	if (name === '') throw reader.expected('a name and a list');
	reader.at = reader.end - Buffer.byteLength(rest.slice(start));
	return name;
}

/** Where the last list begins that is not inside another; names can hold parentheses, and items lists. */
function lastListStart(text: string): number {
	let depth = 0;
	let start = 0;
	for (let at = 0; at < text.length; at++) {
		if (text[at] === '(' && depth++ === 0) start = at;
		else if (text[at] === ')' && depth > 0) depth--;
	}
	return start;
}
