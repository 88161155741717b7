import type { Command } from '../../command';
import { AUTHENTICATED } from '../../command';
import { Imap4Error } from '../../errors';
import type { MailboxStatus, StatusItem } from '../../grammar/status';
import { STATUS_ITEMS } from '../../grammar/status';
import type { Part } from '../../wire/writer';
import { list, mailbox, raw } from '../../wire/writer';

/** STATUS (RFC 9051 §6.3.11). */
export function status(name: string, items: readonly StatusItem[]): Command<MailboxStatus> {
	let found: MailboxStatus | undefined;
	return {
		name: 'STATUS',
		args: [mailbox(name), list(statusItems(items))],
		states: AUTHENTICATED,
		pipelining: 'free',
		claim(response) {
			if (response.type !== 'STATUS' || !sameMailbox(response.status.mailbox, name)) return false;
			found = response.status;
			return true;
		},
		done() {
			if (found) return found;
			throw new Imap4Error('MALFORMED', `The server gave no figures of the mailbox "${name}"`, {
				command: 'STATUS',
			});
		},
	};
}

/** @throws Imap4Error ARGUMENT for no items, or one that isn't known */
export function statusItems(items: readonly StatusItem[]): Part[] {
	if (items.length === 0) throw new Imap4Error('ARGUMENT', 'STATUS needs at least one item');
	return items.map((item) => {
		const name = STATUS_ITEMS[item];
		if (!name) throw new Imap4Error('ARGUMENT', `"${String(item)}" is no item of STATUS`);
		return raw(name);
	});
}

/** INBOX is the same in any case (RFC 9051 §5.1). */
function sameMailbox(one: string, other: string): boolean {
	return one === other || (/^inbox$/i.test(one) && /^inbox$/i.test(other));
}
