import type { Command } from '../command';
import { answeredCommand } from '../command';
import type { AccessEntry } from '../../grammar/acl';
import { sameMailbox } from '../../grammar/mailbox-name';
import { mailbox } from '../../wire/writer';

/** GETACL (RFC 4314 §3.3): who may do what with a mailbox. */
export function getAcl(name: string): Command<AccessEntry[]> {
	return answeredCommand('GETACL', [mailbox(name)], ['ACL'], (response) =>
		response.type === 'ACL' && sameMailbox(response.list.mailbox, name)
			? response.list.entries
			: undefined,
	);
}
