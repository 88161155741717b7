/**
 * Messages that a server left as they were, although it refused nothing: to an account without the right, some say OK
 * and do nothing (RFC 4314 §4). No item may say that they are gone, or marked.
 */
import type { Uid } from '../../../engine/index';
import { UserError } from '../errors/user-error';
import type { MessageBatch } from './on-messages';

/** @param copied whether they are in another mailbox now, too */
export function notRemoved(count: number, copied = false): UserError {
	const messages = count === 1 ? 'a message' : `${count} messages`;
	return new UserError(
		copied
			? `The server copied ${messages} without removing the original, so running this again would copy it again`
			: `The server reported success, but did not remove ${messages}`,
		'This account may lack the rights Delete Messages (t) and Expunge (e) in the mailbox. Check them with IMAP4 Access Rights, operation Get My Rights.',
	);
}

/** @param flag the one that was to be set or removed */
export function notChanged(count: number, flag: string): UserError {
	const messages = count === 1 ? 'a message' : `${count} messages`;
	return new UserError(
		`The server reported success, but did not change the flag "${flag}" of ${messages}`,
		'This account may lack a right in the mailbox: Keep Seen (s) for read and unread, Delete Messages (t) for deleted, Write Flags (w) for all others. Check them with IMAP4 Access Rights, operation Get My Rights.',
	);
}

/**
 * Fails the items that selected them. To be called after the others are put out, so that an item which selected both
 * has failed.
 * @throws NodeOperationError unless the node continues on fail
 */
export function failKept(
	{ execution, mailbox, itemsOf }: MessageBatch<unknown, unknown>,
	kept: ReadonlySet<Uid>,
	error: (count: number) => UserError,
): void {
	if (kept.size === 0) return;
	const items = [...new Set([...kept].flatMap(itemsOf))].sort((a, b) => a - b);
	execution.fail(items, mailbox.name, error(kept.size));
}
