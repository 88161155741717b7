import type { Command } from '../command';
import { plainCommand } from '../command';
import { mailbox } from '../../wire/writer';

/** SUBSCRIBE (RFC 9051 §6.3.7). */
export function subscribe(name: string): Command<void> {
	return plainCommand('SUBSCRIBE', [mailbox(name)]);
}
