import type { Command } from '../command';
import { plainCommand } from '../command';
import { astring, mailbox } from '../../wire/writer';

/** DELETEACL (RFC 4314 §3.2): takes an identifier's entry out of the list. */
export function deleteAcl(name: string, identifier: string): Command<void> {
	return { ...plainCommand('DELETEACL', [mailbox(name), astring(identifier)]), needs: ['ACL'] };
}
