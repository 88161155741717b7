import type { Command } from '../command';
import { plainCommand } from '../command';
import { mailbox } from '../../wire/writer';

/** DELETE (RFC 9051 §6.3.5). */
export function deleteMailbox(name: string): Command<void> {
	return plainCommand('DELETE', [mailbox(name)]);
}
