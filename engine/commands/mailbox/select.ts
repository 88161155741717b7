import type { Command } from '../../command';
import { AUTHENTICATED } from '../../command';
import { Imap4ReadonlyError } from '../../errors';
import type { SelectedMailbox } from '../../mailbox';
import { observe } from '../../mailbox-news';
import { mailbox } from '../../wire/writer';

/**
 * SELECT, or EXAMINE for read-only (RFC 9051 §6.3.2, §6.3.3).
 * @returns the mailbox as the server described it
 * Fails with Imap4ReadonlyError if read-write was asked for and the server gives read-only; with
 * NO or BAD no mailbox is selected any more.
 */
export function select(name: string, readOnly: boolean): Command<SelectedMailbox> {
	const selected: SelectedMailbox = {
		name,
		readOnly: false,
		exists: 0,
		recent: 0,
		flags: [],
		permanentFlags: [],
	};
	let permanentFlagsGiven = false;
	return {
		name: readOnly ? 'EXAMINE' : 'SELECT',
		args: [mailbox(name)],
		states: AUTHENTICATED,
		pipelining: 'alone',
		claim(response) {
			if (response.type === 'status') {
				if (response.status === 'BYE') return false;
				// News of the mailbox that is being left ends here (RFC 9051 §7.1 CLOSED).
				permanentFlagsGiven ||= response.code?.name === 'PERMANENTFLAGS';
			} else if (!['EXISTS', 'RECENT', 'FLAGS', 'EXPUNGE', 'VANISHED'].includes(response.type)) {
				return false;
			}
			observe(selected, response);
			return true;
		},
		done(completion, session) {
			observe(selected, completion);
			selected.readOnly ||= readOnly;
			// Without PERMANENTFLAGS all flags can be changed for good (RFC 3501 §6.3.1).
			if (!permanentFlagsGiven) selected.permanentFlags = [...selected.flags];
			session.enter('selected', selected);
			if (selected.readOnly && !readOnly) {
				throw new Imap4ReadonlyError(
					`The server opens the mailbox "${name}" only for reading; ask for read-only if that is enough`,
					{ command: 'SELECT', serverText: completion.text },
				);
			}
			return { ...selected };
		},
		refused(error, _completion, session) {
			session.enter('authenticated');
			return error;
		},
	};
}
