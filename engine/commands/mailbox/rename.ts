import type { Command } from '../command';
import { plainCommand } from '../command';
import { mailbox } from '../../wire/writer';

/** RENAME (RFC 9051 §6.3.6). Renaming INBOX moves its messages and leaves it empty. */
export function rename(from: string, to: string): Command<void> {
	return plainCommand('RENAME', [mailbox(from), mailbox(to)]);
}
