import { Imap4Error } from '../../errors';
import { check } from '../../commands/mailbox/check';
import { close, unselect } from '../../commands/mailbox/close';
import { create } from '../../commands/mailbox/create';
import { deleteMailbox } from '../../commands/mailbox/delete';
import type { ListOptions } from '../../commands/mailbox/list';
import { list, lsub } from '../../commands/mailbox/list';
import { rename } from '../../commands/mailbox/rename';
import type { Selected, SelectOptions } from '../../commands/mailbox/select';
import { select } from '../../commands/mailbox/select';
import { status } from '../../commands/mailbox/status';
import { subscribe } from '../../commands/mailbox/subscribe';
import { unsubscribe } from '../../commands/mailbox/unsubscribe';
import { namespace } from '../../commands/namespace/namespace';
import { noop } from '../../commands/session/noop';
import type { MailboxEntry } from '../../grammar/list';
import type { Namespaces } from '../../grammar/namespace';
import type { MailboxStatus, StatusItem } from '../../grammar/status';
import { AccessMethods } from './access-methods';

/** The commands that concern mailboxes (RFC 9051 §6.3, §6.4). */
export abstract class MailboxMethods extends AccessMethods {
	/**
	 * SELECT, or EXAMINE if `readOnly` (RFC 9051 §6.3.2). After NO or BAD no mailbox is selected.
	 * @returns the mailbox as it is now; {@link mailbox} follows its changes
	 * @throws Imap4ReadonlyError if it can only be read and `readOnly` was not asked for; it is selected then
	 */
	async select(mailbox = 'INBOX', options: SelectOptions = {}): Promise<Selected> {
		return this.session.run(select(mailbox, options));
	}

	/** EXAMINE (RFC 9051 §6.3.3) */
	async examine(mailbox = 'INBOX', options: SelectOptions = {}): Promise<Selected> {
		return this.select(mailbox, { ...options, readOnly: true });
	}

	/** CREATE (RFC 9051 §6.3.4). @param options.specialUse e.g. `['\\Archive']`; needs CREATE-SPECIAL-USE */
	async create(mailbox: string, options: { specialUse?: readonly string[] } = {}): Promise<void> {
		return this.session.run(create(mailbox, options.specialUse));
	}

	/** DELETE (RFC 9051 §6.3.5): the mailbox and all messages in it. */
	async delete(mailbox: string): Promise<void> {
		return this.session.run(deleteMailbox(mailbox));
	}

	/** RENAME (RFC 9051 §6.3.6) */
	async rename(from: string, to: string): Promise<void> {
		return this.session.run(rename(from, to));
	}

	/** SUBSCRIBE (RFC 9051 §6.3.7) */
	async subscribe(mailbox: string): Promise<void> {
		return this.session.run(subscribe(mailbox));
	}

	/** UNSUBSCRIBE (RFC 9051 §6.3.8) */
	async unsubscribe(mailbox: string): Promise<void> {
		return this.session.run(unsubscribe(mailbox));
	}

	/**
	 * LIST (RFC 9051 §6.3.9). With `status`, each mailbox comes with these figures: in the same
	 * answer where LIST-STATUS is offered, else by one STATUS each, sent at once.
	 * @param pattern `%` stands for anything within a level, `*` for anything; several need LIST-EXTENDED
	 */
	async list(
		reference = '',
		pattern: string | readonly string[] = '*',
		options: ListOptions = {},
	): Promise<MailboxEntry[]> {
		const patterns = [pattern].flat();
		const { status: items = [], ...rest } = options;
		if (items.length === 0) return this.session.run(list(reference, patterns, rest));
		if (this.capabilities.has('LIST-STATUS'))
			return this.session.run(list(reference, patterns, options));
		const entries = await this.session.run(list(reference, patterns, rest));
		const selectable = entries.filter(
			({ attributes }) => !attributes.some((one) => /^\\(noselect|nonexistent)$/i.test(one)),
		);
		await Promise.all(
			selectable.map(async (entry) => {
				try {
					entry.status = await this.status(entry.name, items);
				} catch (error) {
					if (!(error instanceof Imap4Error) || error.code !== 'NO') throw error;
					entry.statusError = error;
				}
			}),
		);
		return entries;
	}

	/** LSUB (RFC 3501 §6.3.9): the subscribed mailboxes; on IMAP4rev2, which has no LSUB, by LIST. */
	async lsub(reference = '', pattern = '*'): Promise<MailboxEntry[]> {
		return this.session.run(
			this.protocolVersion === 'IMAP4rev2'
				? list(reference, [pattern], { subscribed: true })
				: lsub(reference, pattern),
		);
	}

	/** STATUS (RFC 9051 §6.3.11). Some items need a capability: `size` STATUS=SIZE, `highestModSeq` CONDSTORE … */
	async status(mailbox: string, items: readonly StatusItem[]): Promise<MailboxStatus> {
		return this.session.run(status(mailbox, items));
	}

	/** NAMESPACE (RFC 9051 §6.3.10) */
	async namespace(): Promise<Namespaces> {
		return this.session.run(namespace());
	}

	/** CHECK (RFC 3501 §6.4.1); NOOP on IMAP4rev2, where CHECK is gone (RFC 9051 appendix E). */
	async check(): Promise<void> {
		return this.session.run(this.protocolVersion === 'IMAP4rev2' ? noop() : check());
	}

	/** CLOSE (RFC 9051 §6.4.1): removes \Deleted messages, unless read-only. */
	async close(): Promise<void> {
		return this.session.run(close());
	}

	/** UNSELECT (RFC 9051 §6.4.2): removes nothing. */
	async unselect(): Promise<void> {
		return this.session.run(unselect());
	}
}
