import type { Command } from '../command';
import { answeredCommand } from '../command';
import { sameMailbox } from '../../grammar/mailbox-name';
import { mailbox } from '../../wire/writer';

/** MYRIGHTS (RFC 4314 §3.5). @returns one letter a right */
export function myRights(name: string): Command<string> {
	return answeredCommand('MYRIGHTS', [mailbox(name)], ['ACL'], (response) =>
		response.type === 'MYRIGHTS' && sameMailbox(response.mailbox, name)
			? response.rights
			: undefined,
	);
}
