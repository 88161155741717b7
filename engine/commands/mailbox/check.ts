import type { Command } from '../command';
import type { Capabilities } from '../../grammar/capabilities';
import { noop } from '../session/noop';
import { plainCommand, SELECTED } from '../command';

/** CHECK (RFC 3501 §6.4.1): a checkpoint of the mailbox. */
export function check(): Command<void> {
	return { ...plainCommand('CHECK', [], SELECTED), discardable: true, speculative: true };
}

/** CHECK; NOOP on IMAP4rev2, where CHECK is gone (RFC 9051 appendix E). */
export function checkpoint({ version }: Capabilities): Command<void> {
	return version === 'IMAP4rev2' ? noop() : check();
}
