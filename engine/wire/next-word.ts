import { Imap4AbortError } from '../errors';
import { CLOSE, OPEN, OPEN_BRACKET, SPACE } from './octets';
import type { Reader } from './reader';

/**
 * Goes to the next of these words, whatever stands in between but the bytes of literals. Quotes and
 * parentheses do not count: it is for where they cannot be relied on.
 * @param isWord whether an upper-case word is looked for
 * @returns false if there is none; then all has been passed over
 */
export function skipToWord(reader: Reader, isWord: (upper: string) => boolean): boolean {
	while (!reader.done) {
		const { at } = reader;
		if (reader.atLiteral) {
			if (!tryLiteral(reader)) reader.at = at + 1;
			continue;
		}
		const before = at === 0 ? SPACE : (reader.buffer[at - 1] as number);
		const begins = before === SPACE || before === CLOSE || before === OPEN;
		if (!begins || !reader.atItemName) {
			reader.at++;
			continue;
		}
		const { upper } = reader.itemName();
		const next = reader.peek();
		if ((next === SPACE || next === OPEN_BRACKET) && isWord(upper)) {
			reader.at = at;
			return true;
		}
	}
	return false;
}

/** Passes over a literal that is well formed and in the buffer. */
function tryLiteral(reader: Reader): boolean {
	try {
		reader.literal();
		return true;
	} catch (error) {
		if (error instanceof Imap4AbortError && error.code === 'PROTOCOL') return false;
		throw error;
	}
}
