import { UserError } from '../shared/errors/user-error';

/**
 * Renaming INBOX moves all its messages away (RFC 9051 §6.3.6), which is hardly ever meant, and deleting it
 * is an error (§6.3.5) that some servers answer by emptying it.
 * @throws UserError if the mailbox is INBOX, in any case of letters
 */
export function checkNotInbox(mailbox: string, what: 'renamed' | 'deleted'): void {
	if (mailbox.toUpperCase() !== 'INBOX') return;
	throw new UserError(
		`INBOX cannot be ${what} because every account needs it. Nothing was changed.`,
		'Move its messages with IMAP4 Message, or delete them with the operation Empty.',
	);
}
