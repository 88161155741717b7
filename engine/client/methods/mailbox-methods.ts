import { Imap4Error, isMalformed, isNotUnderstood, isRefusal } from '../../errors';
import { checkpoint } from '../../commands/mailbox/check';
import { create } from '../../commands/mailbox/create';
import { deleteMailbox } from '../../commands/mailbox/delete';
import type { ListOptions } from '../../commands/mailbox/list';
import { list, lsub } from '../../commands/mailbox/list';
import { rename } from '../../commands/mailbox/rename';
import type { SelectOptions } from '../../commands/mailbox/select';
import { select } from '../../commands/mailbox/select';
import type { MailboxHits, SearchSource } from '../../commands/message/multi-search';
import { multiSearch } from '../../commands/message/multi-search';
import { status } from '../../commands/mailbox/status';
import { noop } from '../../commands/session/noop';
import { subscribe } from '../../commands/mailbox/subscribe';
import { unsubscribe } from '../../commands/mailbox/unsubscribe';
import { namespace } from '../../commands/namespace/namespace';
import type { Capabilities } from '../../grammar/capabilities';
import type { MailboxEntry } from '../../grammar/list';
import type { Namespaces } from '../../grammar/namespace';
import type { SearchQuery } from '../../grammar/search-key';
import type { MailboxStatus, StatusItem } from '../../grammar/status';
import type { SelectedMailbox } from '../../commands/selected-mailbox';
import type { CommandOptions } from '../messages';
import { OpenMailbox } from '../open-mailbox';
import { AccessMethods } from './access-methods';

/** How to create a mailbox. */
export interface CreateOptions extends CommandOptions {
	/** What it is for, e.g. `['\\Archive']` (needs CREATE-SPECIAL-USE, RFC 6154 §3). */
	specialUse?: readonly string[];
}

/** How a mailbox is opened. */
export interface OpenOptions extends SelectOptions {
	/** CHECK it in the same round trip; NOOP on IMAP4rev2, and where the server refuses CHECK. */
	check?: boolean;
}

/** The commands that concern mailboxes (RFC 9051 §6.3, §6.4). */
export abstract class MailboxMethods extends AccessMethods {
	private latest: OpenMailbox | undefined;

	/**
	 * Opens a mailbox: SELECT, or EXAMINE if `readOnly` (RFC 9051 §6.3.2). The one that was open is left,
	 * also if this one cannot be opened.
	 * @returns the open mailbox, on which the commands on its messages are; `readOnly` where the server
	 * allows no more than reading
	 * @example
	 * const mailbox = await imap.open('INBOX', { readOnly: true });
	 * mailbox.exists; // number of messages
	 */
	async open(
		mailbox = 'INBOX',
		{ signal, check = false, ...options }: CommandOptions & OpenOptions = {},
	): Promise<OpenMailbox> {
		const command = select(mailbox, options);
		const opening = this.session.run<OpenMailbox>(
			{
				...(check ? { leadsTo: 'selected' } : {}),
				...(command as Omit<typeof command, 'aborted'>),
				// Within the same turn: the next response may already be about another mailbox.
				done: (completion, state) => {
					const { vanished, changed } = command.done(completion, state);
					const selected = state.mailbox as SelectedMailbox;
					const resynchronized = options.qresync && { vanished, changed };
					return (this.latest = new OpenMailbox(this.session, selected, resynchronized));
				},
			},
			{ signal },
		);
		if (!check) return opening;
		const checking = this.session.run(checkpoint(this.session.capabilities), { signal });
		const [opened, checked] = await Promise.allSettled([opening, checking]);
		if (opened.status === 'rejected') throw opened.reason;
		if (checked.status === 'rejected') {
			if (!isRefusal(checked.reason)) throw checked.reason;
			// NOOP reports what has arrived as well (RFC 9051 §6.1.2).
			await this.session.run(noop(), { signal });
		}
		return opened.value;
	}

	/** The open mailbox; undefined if none is. */
	get mailbox(): OpenMailbox | undefined {
		return this.latest?.isOpen ? this.latest : undefined;
	}

	/** The open mailbox. @throws Imap4Error STATE if none is */
	get selected(): OpenMailbox {
		const { mailbox } = this;
		if (!mailbox) throw new Imap4Error('STATE', 'No mailbox is open; open one first');
		return mailbox;
	}

	/**
	 * CREATE (RFC 9051 §6.3.4)
	 * @example
	 * await imap.createMailbox('Invoices/2024');
	 */
	async createMailbox(
		mailbox: string,
		{ specialUse, ...options }: CreateOptions = {},
	): Promise<void> {
		return this.session.run(create(mailbox, specialUse), options);
	}

	/**
	 * DELETE (RFC 9051 §6.3.5): the mailbox and all messages in it.
	 * @example
	 * await imap.createMailbox('Temporary');
	 * await imap.deleteMailbox('Temporary');
	 */
	async deleteMailbox(mailbox: string, options: CommandOptions = {}): Promise<void> {
		return this.session.run(deleteMailbox(mailbox), options);
	}

	/**
	 * RENAME (RFC 9051 §6.3.6)
	 * @example
	 * await imap.createMailbox('Invoices');
	 * await imap.renameMailbox('Invoices', 'Bills');
	 */
	async renameMailbox(from: string, to: string, options: CommandOptions = {}): Promise<void> {
		return this.session.run(rename(from, to), options);
	}

	/**
	 * SUBSCRIBE (RFC 9051 §6.3.7)
	 * @example
	 * await imap.subscribe('Archive');
	 */
	async subscribe(mailbox: string, options: CommandOptions = {}): Promise<void> {
		return this.session.run(subscribe(mailbox), options);
	}

	/**
	 * UNSUBSCRIBE (RFC 9051 §6.3.8)
	 * @example
	 * await imap.unsubscribe('INBOX');
	 */
	async unsubscribe(mailbox: string, options: CommandOptions = {}): Promise<void> {
		return this.session.run(unsubscribe(mailbox), options);
	}

	/**
	 * LIST (RFC 9051 §6.3.9). With `status`, each mailbox comes with these counts: in the same
	 * response where LIST-STATUS is offered, else by one STATUS each, sent at once.
	 * @param pattern `%` stands for anything within a level, `*` for anything; several need LIST-EXTENDED
	 * @example
	 * for (const { name, attributes, status } of await imap.list('', '*', { status: ['unseen'] })) {
	 * 	console.log(name, attributes, status?.unseen);
	 * }
	 */
	async list(
		reference = '',
		pattern: string | readonly string[] = '*',
		{ signal, ...options }: CommandOptions & ListOptions = {},
	): Promise<MailboxEntry[]> {
		const patterns = [pattern].flat();
		const { status: items = [], ...rest } = options;
		const listed = (asked: ListOptions): Promise<MailboxEntry[]> =>
			this.session.run(list(reference, patterns, asked, returnedBy(this.capabilities)), { signal });
		if (items.length === 0) return listed(rest);
		if (this.capabilities.has('LIST-STATUS')) {
			try {
				return await listed(options);
			} catch (error) {
				if (!isNotUnderstood(error)) throw error;
			}
		}
		const entries = await listed(rest);
		const selectable = entries.filter(
			({ attributes }) => !attributes.some((one) => /^\\(noselect|nonexistent)$/i.test(one)),
		);
		let notUnderstood: Imap4Error | undefined;
		await Promise.all(
			selectable.map(async (entry) => {
				try {
					entry.status = await this.status(entry.name, items, { signal });
				} catch (error) {
					if (!isRefusal(error) && !isMalformed(error)) throw error;
					entry.statusError = error;
					if (error.code === 'BAD') notUnderstood ??= error;
				}
			}),
		);
		// Of one mailbox it may be the name that the server does not understand.
		if (notUnderstood && !selectable.some((entry) => entry.status)) throw notUnderstood;
		return entries;
	}

	/**
	 * LSUB (RFC 3501 §6.3.9): the subscribed mailboxes; on IMAP4rev2, which has no LSUB, by LIST.
	 * @example
	 * const subscribed = await imap.lsub();
	 * subscribed.map(({ name }) => name); // ['INBOX', 'Sent']
	 */
	async lsub(reference = '', pattern = '*', options: CommandOptions = {}): Promise<MailboxEntry[]> {
		return this.session.run(
			this.protocolVersion === 'IMAP4rev2'
				? list(reference, [pattern], { subscribed: true }, returnedBy(this.capabilities))
				: lsub(reference, pattern),
			options,
		);
	}

	/**
	 * STATUS (RFC 9051 §6.3.11). Some items need a capability: `size` STATUS=SIZE, `highestModSeq` CONDSTORE …
	 * @example
	 * const { messages, unseen } = await imap.status('Archive', ['messages', 'unseen']);
	 */
	async status(
		mailbox: string,
		items: readonly StatusItem[],
		options: CommandOptions = {},
	): Promise<MailboxStatus> {
		return this.session.run(status(mailbox, items), options);
	}

	/**
	 * ESEARCH (RFC 7377): searches several mailboxes without opening them; needs MULTISEARCH. A mailbox that
	 * does not exist or cannot be read is left out by the server.
	 * @returns the mailboxes in which something was found, with their UIDs
	 * @example
	 * const found = await imap.searchMailboxes({ from: 'bert' }, [{ mailboxes: ['INBOX', 'Sent'] }]);
	 * found.map(({ mailbox, uids }) => `${mailbox}: ${uids}`); // ['INBOX: 1,3:4']
	 */
	async searchMailboxes(
		query: SearchQuery,
		sources: readonly SearchSource[],
		options: CommandOptions = {},
	): Promise<MailboxHits[]> {
		return this.session.run(multiSearch(query, sources, this.session.names.utf8), options);
	}

	/**
	 * NAMESPACE (RFC 9051 §6.3.10)
	 * @example
	 * const { personal } = await imap.namespace();
	 * personal[0]?.delimiter; // '/'
	 */
	async namespace(options: CommandOptions = {}): Promise<Namespaces> {
		return this.session.run(namespace(), options);
	}
}

/** What an extended LIST can be asked to return, as a plain one does by itself. */
function returnedBy(capabilities: Capabilities): Array<'CHILDREN' | 'SPECIAL-USE'> {
	if (!capabilities.has('LIST-EXTENDED')) return [];
	return capabilities.has('SPECIAL-USE') ? ['CHILDREN', 'SPECIAL-USE'] : ['CHILDREN'];
}
