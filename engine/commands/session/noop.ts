import type { Command } from '../command';
import { ANY_STATE, plainCommand } from '../command';

/** NOOP (RFC 9051 §6.1.2): lets the server send unsolicited data. */
export function noop(): Command<void> {
	return { ...plainCommand('NOOP', [], ANY_STATE), discardable: true, speculative: true };
}
