import type { Command } from '../command';
import { AUTHENTICATED } from '../command';
import { sameMailbox } from '../../grammar/mailbox-name';
import type { Annotation } from '../../grammar/annotation';
import { list, mailbox, raw, string } from '../../wire/writer';
import type { Part } from '../../wire/writer';

/**
 * GETANNOTATION (draft-daboo-imap-annotatemore-08 §4.3.1), as Cyrus has it.
 * @param name the mailbox, with `*` and `%` as wildcards; empty for the server's own
 * @param entries e.g. `/comment`; `*` and `%` are wildcards
 * @param attributes e.g. `value.priv`, `value.shared`, `value`
 */
export function getAnnotation(
	name: string,
	entries: readonly string[],
	attributes: readonly string[],
): Command<Annotation[]> {
	const found: Annotation[] = [];
	const wild = /[*%]/.test(name);
	return {
		name: 'GETANNOTATION',
		args: [annotatedMailbox(name), oneOrMore(entries), oneOrMore(attributes)],
		states: AUTHENTICATED,
		pipelining: 'free',
		discardable: true,
		needs: ['ANNOTATEMORE'],
		accepts(response) {
			if (response.type !== 'ANNOTATION') return false;
			if (!wild && !sameMailbox(response.annotation.mailbox, name)) return false;
			found.push(response.annotation);
			return true;
		},
		done: () => found,
	};
}

/** The server itself is the mailbox with no name. */
export function annotatedMailbox(name: string): Part {
	return name === '' ? raw('""') : mailbox(name);
}

export function oneOrMore(texts: readonly string[]): Part {
	const parts = texts.map(string);
	return parts.length === 1 ? (parts[0] as Part) : list(parts);
}
