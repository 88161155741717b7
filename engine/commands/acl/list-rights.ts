import type { Command } from '../command';
import { answeredCommand } from '../command';
import type { PossibleRights } from '../../grammar/acl';
import { sameMailbox } from '../../grammar/mailbox-name';
import { astring, mailbox } from '../../wire/writer';

/** LISTRIGHTS (RFC 4314 §3.4): what may be granted to an identifier. */
export function listRights(name: string, identifier: string): Command<PossibleRights> {
	return answeredCommand('LISTRIGHTS', [mailbox(name), astring(identifier)], ['ACL'], (response) =>
		response.type === 'LISTRIGHTS' &&
		sameMailbox(response.possible.mailbox, name) &&
		response.possible.identifier === identifier
			? response.possible
			: undefined,
	);
}
