import type { CommandReader, NumberSet } from './command-reader';
import { BadSyntax } from './command-reader';
import type { Session } from './session';
import type { StoredMessage } from './store/mailbox';

/** A message with its sequence number. */
export type Numbered = readonly [message: StoredMessage, seq: number];

/** A sequence set as it stands in a command, or `$` for what was found last (RFC 5182 §2). */
export type MessageSet = NumberSet | 'saved';

export function readMessageSet(session: Session, reader: CommandReader): MessageSet {
	if (session.has('SEARCHRES') && reader.take('$')) return 'saved';
	return reader.sequenceSet();
}

/**
 * The messages of a set, ascending; those that another session has removed are left out.
 * @throws BadSyntax for a sequence number that no message has
 */
export function chosen(session: Session, set: MessageSet, uid: boolean): Numbered[] {
	const view = session.selected;
	const { messages } = view;
	const found: Numbered[] = [];
	const add = (index: number): void => {
		const message = messages[index] as StoredMessage;
		if (!view.gone.has(message)) found.push([message, index + 1]);
	};
	if (set === 'saved') {
		messages.forEach((message, index) => {
			if (view.saved.has(message)) add(index);
		});
		return found;
	}
	if (!uid && set.highest > messages.length) throw new BadSyntax('invalid message sequence set');
	for (const [first, last] of set.resolve(uid ? view.largestUid : messages.length)) {
		let index = uid ? view.indexFrom(first) : Math.max(first, 1) - 1;
		for (; index < messages.length; index++) {
			if ((uid ? (messages[index] as StoredMessage).uid : index + 1) > last) break;
			add(index);
		}
	}
	return found;
}
