import type { Command } from '../command';
import { plainCommand } from '../command';
import { checkRights } from '../../grammar/rights';
import { astring, mailbox } from '../../wire/writer';

/**
 * SETACL (RFC 4314 §3.1).
 * @param identifier a user, group or `anyone`; with a leading `-` the rights are taken away
 * @param rights letters; `+` in front adds to what is there, `-` takes from it
 * @throws Imap4Error ARGUMENT
 */
export function setAcl(name: string, identifier: string, rights: string): Command<void> {
	return {
		...plainCommand('SETACL', [mailbox(name), astring(identifier), astring(checkRights(rights))]),
		needs: ['ACL'],
	};
}
