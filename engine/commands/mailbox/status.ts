import type { Command } from '../command';
import { AUTHENTICATED } from '../command';
import { Imap4Error } from '../../errors';
import { sameMailbox } from '../../grammar/mailbox-name';
import type { MailboxStatus, StatusItem } from '../../grammar/status';
import { STATUS_ITEMS } from '../../grammar/status';
import type { Part } from '../../wire/writer';
import { list, mailbox, raw } from '../../wire/writer';

/**
 * STATUS (RFC 9051 §6.3.11). Where NOTIFY reports the same mailbox meanwhile (RFC 5465), that may come first
 * and have other items: what comes later completes it.
 * @throws Imap4Error ARGUMENT
 */
export function status(name: string, items: readonly StatusItem[]): Command<MailboxStatus> {
	const args = [mailbox(name), list(statusItems(items))];
	let found: MailboxStatus | undefined;
	return {
		...{ name: 'STATUS', args, states: AUTHENTICATED, pipelining: 'free' },
		...{ discardable: true, speculative: true },
		accepts(response) {
			if (response.type !== 'STATUS' || !sameMailbox(response.status.mailbox, name)) return false;
			found = { ...found, ...response.status };
			return true;
		},
		defersTo: () => found !== undefined,
		done() {
			if (found) return found;
			throw new Imap4Error('MALFORMED', 'The server accepted STATUS and answered nothing', {
				command: 'STATUS',
			});
		},
	};
}

/** @throws Imap4Error ARGUMENT for no items, or one that isn't known */
export function statusItems(items: readonly StatusItem[]): Part[] {
	if (items.length === 0) throw new Imap4Error('ARGUMENT', 'STATUS needs at least one item');
	return items.map((item) => {
		if (!Object.hasOwn(STATUS_ITEMS, item)) {
			throw new Imap4Error('ARGUMENT', `"${String(item)}" is no item of STATUS`);
		}
		return raw(STATUS_ITEMS[item]);
	});
}
