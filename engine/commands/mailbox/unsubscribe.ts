import type { Command } from '../command';
import { plainCommand } from '../command';
import { mailbox } from '../../wire/writer';

/** UNSUBSCRIBE (RFC 9051 §6.3.8). */
export function unsubscribe(name: string): Command<void> {
	return plainCommand('UNSUBSCRIBE', [mailbox(name)]);
}
