/**
 * Operations on messages. Items with the same mailbox and the same settings form one batch: one
 * connection, one SELECT, one command per kind of change with a sequence set, so that 10,000 items take a
 * handful of round trips.
 */
import type { IDataObject } from 'n8n-workflow';
import { UidSet, type Imap4, type OpenMailbox, type Uid } from '../../../engine/index';
import type { Account } from '../account/account';
import { openMailbox } from '../mailbox/open-mailbox';
import { choiceText, possiblySame } from '../mailbox/mailbox-choice';
import { type MailboxResolver } from '../mailbox/mailbox-resolver';
import type { Selection } from '../message/message-selection';
import { CountLimits, type CountLimit } from './count-limit';
import type { Execution } from './execution';
import { sameMailbox } from './in-mailbox';
import { emitWithInput } from './keep-input';
import { findMessages, reportNotFound } from './message-lookup';
import type { Work } from './operation';
import { groupInOrder, type Touched } from './ordered-groups';
import { MessageRequests, type BatchRequest, type MessageRequest } from './requested-messages';
import type { Requests } from './requests';
import { runItems, type Sitting } from './runner';
import type { SelectedMessages } from './selected-messages';
import { dryRunReport, isDryRun, readStopIfMoreThan } from './safeguards';

export interface MessageBatch<Settings, Own = undefined> {
	execution: Execution;
	imap: Imap4;
	/** Open; the commands on its messages are its methods. */
	mailbox: OpenMailbox;
	/** For other mailboxes that the settings name. */
	resolver: MailboxResolver;
	/** The account's `url`. */
	account: string;
	settings: Settings;
	/** The messages, ascending, each once, each there. */
	uids: readonly Uid[];
	/** The same as a set, for commands. */
	set: UidSet;
	/** The items that asked for something here. */
	items: readonly number[];
	/** What {@link MessageOperation.readOwn} read of an item. */
	own(item: number): Own;
	/** Puts out what became of a message, its `uid` included, for every item that selected it. */
	emit(uid: Uid, json: IDataObject): void;
	/** The items that selected the message. */
	itemsOf(uid: Uid): readonly number[];
	/** What the user wrote, where the mailbox's name is another one. */
	requested: string | undefined;
	/** How far the work is. Made once, and kept where the connection breaks and `run` is called again. */
	remember<State>(make: () => State): State;
}

export interface MessageOperation<Settings, Own = undefined> {
	/** Whether nothing is changed, so that EXAMINE is enough. */
	readOnly: boolean;
	/** Whether something is made of the messages, so that finding none is worth saying. */
	stores?: true;
	/** Whether only other mailboxes are changed, so that this one may allow nothing but reading. */
	keepsMailbox?: boolean;
	/** Whether messages get into other mailboxes, where searches of later items may find them. */
	movesMessages?: true;
	/**
	 * What else the item asks for, in plain values; items with different settings are in different batches,
	 * in the items' order where it matters.
	 */
	read?(execution: Execution, item: number): Settings;
	/** What each item asks for by itself: items that differ in it share a batch all the same. */
	readOwn?(execution: Execution, item: number): Own;
	/**
	 * What a dry run reports beside the messages. An operation that has this has the fields "Dry Run" and
	 * "Stop If More Than".
	 */
	dryRun?(batch: MessageBatch<Settings, Own>): Promise<IDataObject> | IDataObject;
	run(batch: MessageBatch<Settings, Own>): Promise<void>;
}

interface OpenedBatch {
	mailbox: OpenMailbox;
	resolver: MailboxResolver;
	/** What the user wrote, where the mailbox's name is another one. */
	requested: string | undefined;
}

export function onMessages<Settings = undefined, Own = undefined>(
	operation: MessageOperation<Settings, Own>,
): Work {
	const { readOnly, movesMessages } = operation;
	return (execution) => {
		const messages = new MessageRequests<Settings, Own>(execution, {
			settings: (item) => operation.read?.(execution, item) as Settings,
			own: (item) => operation.readOwn?.(execution, item) as Own,
			safeguards: (item) =>
				operation.dryRun
					? {
							stopIfMoreThan: readStopIfMoreThan(execution, item),
							dryRun: isDryRun(execution, item),
						}
					: undefined,
		});
		return runItems<MessageRequest<Settings, Own>, OpenedBatch>(execution, {
			read: (item) => messages.read(item),
			async sittings(requests, account) {
				const groups = await groupInOrder(requests.values, {
					key: ({ batch }) => batch.key,
					touched: ({ selection }) => (readOnly ? undefined : touchedBy(selection, movesMessages)),
				});
				const limits = new CountLimits();
				return groups.map(
					(group) => new Batch(execution, operation, account, requests, group, limits),
				);
			},
		});
	};
}

/** Sets of at most this many single UIDs are compared one by one. */
const FEW = 1000;

/** @param movesMessages whether a search in one mailbox may find what came from another one */
function touchedBy(selection: Selection, movesMessages = false): Touched {
	const mailbox = possiblySame(selection.mailbox);
	if ('reference' in selection) return { mailbox, uids: [selection.reference.uid] };
	if ('uids' in selection && !selection.uids.open && selection.uids.size <= FEW)
		return { mailbox, uids: [...selection.uids] };
	return { mailbox: movesMessages ? undefined : mailbox, uids: undefined };
}

class Batch<Settings, Own> implements Sitting<OpenedBatch> {
	readonly items: readonly number[];
	readonly mailbox: string;
	private readonly common: BatchRequest<Settings>;
	/** Of the mailbox that was opened first. */
	private uidValidity: number | undefined;
	private state: { is: unknown } | undefined;
	private readonly limit: CountLimit | undefined;

	/**
	 * @param byItem what the items ask for, those of other batches too
	 * @param group those that ask for the same, at least one
	 */
	constructor(
		private readonly execution: Execution,
		private readonly operation: MessageOperation<Settings, Own>,
		private readonly account: Account,
		private readonly byItem: Requests<MessageRequest<Settings, Own>>,
		group: readonly MessageRequest<Settings, Own>[],
		limits: CountLimits,
	) {
		this.common = (group as [MessageRequest<Settings, Own>])[0].batch;
		this.items = group.map(({ item }) => item);
		const { mailbox, safeguards } = this.common;
		this.mailbox = choiceText(mailbox);
		if (safeguards) {
			const key = JSON.stringify([mailbox, safeguards]);
			this.limit = limits.join(key, safeguards.stopIfMoreThan, group);
		}
	}

	async open(imap: Imap4): Promise<OpenedBatch> {
		const resolver = this.execution.resolver(imap, this.account);
		const { name, requested } = await resolver.resolve(this.common.mailbox);
		const { readOnly, keepsMailbox } = this.operation;
		const mailbox = keepsMailbox
			? await imap.open(name)
			: await openMailbox(imap, name, { readOnly });
		return { resolver, requested, mailbox };
	}

	async work(imap: Imap4, opened: OpenedBatch): Promise<void> {
		const { execution, operation, common } = this;
		const { mailbox } = opened;
		this.uidValidity = sameMailbox(mailbox, this.uidValidity);
		const found = await this.find(mailbox);
		if (found.uids.length === 0) return;
		const batch = this.batchOf(imap, opened, found);
		await this.limit?.check(batch.uids, mailbox, this.account.url);
		if (common.safeguards?.dryRun) {
			const more = await operation.dryRun?.(batch);
			execution.emit(batch.items, { ...(await dryRunReport(mailbox, batch.uids)), ...more });
			return;
		}
		try {
			await operation.run(batch);
		} finally {
			// Those that refer to one message each; of a set or a search, some may be left to do.
			execution.finish(this.items, (item) => this.byItem.get(item)?.refersToOne === true);
		}
	}

	private async find(mailbox: OpenMailbox): Promise<SelectedMessages> {
		const { execution, operation, account } = this;
		const { readOnly, stores = false } = operation;
		const wanted = this.items.flatMap((item) => this.byItem.get(item) ?? []);
		const { found, gone } = await findMessages(
			execution,
			mailbox,
			account.url,
			wanted,
			({ acceptsGone }) => !readOnly && acceptsGone,
		);
		for (const { item, uid } of gone) {
			this.emit(item, { mailbox: mailbox.name, uid, notFound: true });
		}
		if (!readOnly || stores) reportNotFound(execution, mailbox.name, wanted, found);
		return found;
	}

	private emit(item: number, json: IDataObject): void {
		if (this.byItem.get(item)?.keepsInput) emitWithInput(this.execution, item, json);
		else this.execution.emit(item, json);
	}

	private batchOf(
		imap: Imap4,
		{ mailbox, resolver, requested }: OpenedBatch,
		found: SelectedMessages,
	): MessageBatch<Settings, Own> {
		const { execution, common, account } = this;
		const { uids } = found;
		const itemsOf = (uid: Uid): readonly number[] => found.itemsOf(uid);
		const more = requested === undefined ? {} : { requestedMailbox: requested };
		const { url } = account;
		return {
			execution,
			imap,
			mailbox,
			resolver,
			account: url,
			settings: common.settings,
			uids,
			set: UidSet.from(uids),
			items: this.items.filter((item) => !execution.isSettled(item)),
			own: (item) => this.byItem.get(item)?.own as Own,
			itemsOf,
			requested,
			remember: <State>(make: () => State): State => {
				this.state ??= { is: make() };
				return this.state.is as State;
			},
			emit: (uid, json) => {
				for (const item of itemsOf(uid)) {
					this.emit(item, { ...json, ...more, account: url });
				}
			},
		};
	}
}
