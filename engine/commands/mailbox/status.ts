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
	/** With the name in other letters: taken if nothing else comes, since it could be another mailbox. */
	let similar: MailboxStatus | undefined;
	return {
		name: 'STATUS',
		args,
		states: AUTHENTICATED,
		pipelining: 'free',
		discardable: true,
		speculative: true,
		accepts(response) {
			if (response.type !== 'STATUS') return false;
			if (!sameMailbox(response.status.mailbox, name)) {
				if (folded(response.status.mailbox) === folded(name)) similar = response.status;
				return false;
			}
			found = { ...found, ...response.status };
			return true;
		},
		defersTo: () => found !== undefined,
		done() {
			if (found) return found;
			if (similar) return { ...similar, mailbox: name };
			throw new Imap4Error('MALFORMED', 'The server accepted STATUS but returned no result', {
				command: 'STATUS',
			});
		},
	};
}

const folded = (name: string): string => name.normalize('NFC').toLowerCase();

/** @throws Imap4Error ARGUMENT for no items, or one that isn't known */
export function statusItems(items: readonly StatusItem[]): Part[] {
	if (items.length === 0) throw new Imap4Error('ARGUMENT', 'STATUS needs at least one item');
	return items.map((item) => {
		if (!Object.hasOwn(STATUS_ITEMS, item)) {
			throw new Imap4Error('ARGUMENT', `"${String(item)}" is not an item of STATUS`);
		}
		return raw(STATUS_ITEMS[item]);
	});
}
