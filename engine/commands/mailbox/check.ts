import type { Command } from '../command';
import { plainCommand, SELECTED } from '../command';

/** CHECK (RFC 3501 §6.4.1): a checkpoint of the mailbox. */
export function check(): Command<void> {
	return { ...plainCommand('CHECK', [], SELECTED), discardable: true };
}
