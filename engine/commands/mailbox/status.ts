import type { Command } from '../command';
import { answeredCommand } from '../command';
import { Imap4Error } from '../../errors';
import { sameMailbox } from '../../grammar/mailbox-name';
import type { MailboxStatus, StatusItem } from '../../grammar/status';
import { STATUS_ITEMS } from '../../grammar/status';
import type { Part } from '../../wire/writer';
import { list, mailbox, raw } from '../../wire/writer';

/** STATUS (RFC 9051 §6.3.11). @throws Imap4Error ARGUMENT */
export function status(name: string, items: readonly StatusItem[]): Command<MailboxStatus> {
	const args = [mailbox(name), list(statusItems(items))];
	return {
		...answeredCommand('STATUS', args, [], (response) =>
			response.type === 'STATUS' && sameMailbox(response.status.mailbox, name)
				? response.status
				: undefined,
		),
		speculative: true,
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
