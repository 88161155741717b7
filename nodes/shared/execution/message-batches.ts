/**
 * Items with the same mailbox and the same settings form one batch: one connection, one SELECT, one
 * command per kind of change with a sequence set, so that 10,000 items take a handful of round trips.
 */
import type { IDataObject } from 'n8n-workflow';
import { openMailbox } from '../mailbox/open-mailbox';
import { UidSet, type Imap4, type OpenMailbox } from '../../../engine/index';
import type { Execution } from './execution';
import { sameMailbox } from './mailbox-requests';
import { acceptsGone } from './gone-messages';
import { emitWithInput, keepsInput } from './keep-input';
import { groupInOrder, type Touched } from './ordered-groups';
import { checkAccount, checkUidValidity, MessageGoneError } from '../message/message-reference';
import { exactQuery, type MessageFilters } from '../message/exact-times';
import { shownText } from '../errors/shown-text';
import { readSelection, type Selection } from '../message/message-selection';
import { choiceText, possiblySame, type MailboxChoice } from '../mailbox/mailbox-choice';
import { MailboxResolver } from '../mailbox/mailbox-resolver';

export interface MessageBatch<Settings> {
	imap: Imap4;
	/** Open; the commands on its messages are its methods. */
	mailbox: OpenMailbox;
	/** For other mailboxes that the settings name. */
	resolver: MailboxResolver;
	/** The account's `url`. */
	account: string;
	settings: Settings;
	/** The messages, ascending, each once, each there. */
	uids: readonly number[];
	/** The same as a set, for commands. */
	set: UidSet;
	/** The items that asked for something here. */
	items: readonly number[];
	/**
	 * Puts out what became of a message, for every item that selected it.
	 * @param besideInput the same for items that keep their fields, where a name would hide one of those
	 */
	emit(uid: number, json: IDataObject, besideInput?: IDataObject): void;
	/** The items that selected the message. */
	itemsOf(uid: number): readonly number[];
	/** What the user wrote, where the mailbox's name is another one. */
	requested: string | undefined;
	/** How far the work is. Made once, and kept where the connection breaks and `run` is called again. */
	remember<State>(make: () => State): State;
}

export interface BatchOperation<Settings> {
	/** Whether nothing is changed, so that EXAMINE is enough. */
	readOnly: boolean;
	/** Whether something is made of the messages, so that finding none is worth saying. */
	stores?: true;
	/** Whether messages get into other mailboxes, where searches of later items may find them. */
	movesMessages?: true;
	/** What else the item asks for; items with different settings are in different batches, in the items' order where it matters. */
	settings(itemIndex: number): Settings;
	run(batch: MessageBatch<Settings>): Promise<void>;
}

interface OpenedBatch {
	imap: Imap4;
	mailbox: OpenMailbox;
	resolver: MailboxResolver;
	/** What the user wrote, where the mailbox's name is another one. */
	requested: string | undefined;
	/** Of the account. */
	url: string;
}

const UNCHECKED =
	'Some items name no account, so it was not checked that their messages belong to the account of this node';

interface Wanted<Settings> {
	item: number;
	selection: Selection;
	settings: Settings;
}

interface Planned<Settings> {
	mailbox: MailboxChoice;
	settings: Settings;
	selections: Map<number, Selection>;
	/** Of the mailbox that was opened first. */
	uidValidity?: number;
	state?: { is: unknown };
	/** The items whose fields are kept. */
	keeping: ReadonlySet<number>;
	/** The items whose message may be gone. */
	accepting: ReadonlySet<number>;
}

/** Runs an operation on messages for all items of the execution. */
export async function runBatches<Settings>(
	execution: Execution,
	operation: BatchOperation<Settings>,
): Promise<void> {
	const planAll = (items: readonly number[]): Promise<Planned<Settings>[]> =>
		plan(execution, operation, items);
	await execution.eachPlan(planAll, async (account, batches) => {
		for (const planned of batches) {
			execution.checkCancelled();
			await execution.guarded([...planned.selections.keys()], choiceText(planned.mailbox), () =>
				execution.connection(
					account,
					async (imap) => {
						const resolver = new MailboxResolver(imap, account.identity);
						const { name, requested } = await resolver.resolve(planned.mailbox);
						const mailbox = await openMailbox(imap, name, { readOnly: operation.readOnly });
						return { resolver, mailbox, requested, url: account.url };
					},
					(imap, opened) => runBatch(execution, operation, { imap, ...opened }, planned),
				),
			);
		}
	});
}

async function runBatch<Settings>(
	execution: Execution,
	operation: BatchOperation<Settings>,
	{ imap, mailbox, resolver, requested, url }: OpenedBatch,
	planned: Planned<Settings>,
): Promise<void> {
	const { settings, selections, keeping } = planned;
	planned.uidValidity = sameMailbox(mailbox, planned.uidValidity);
	const accepting = operation.readOnly ? new Set<number>() : planned.accepting;
	const { byUid, gone } = await resolve(execution, { imap, mailbox, url }, selections, accepting);
	for (const [item, uid] of gone) {
		const json = { mailbox: mailbox.name, uid, notFound: true };
		if (keeping.has(item)) emitWithInput(execution, item, json);
		else execution.emit(item, json);
	}
	if (!operation.readOnly || operation.stores)
		reportNotFound(execution, mailbox.name, selections, byUid);
	if (byUid.size === 0) return;
	execution.checkCancelled();
	const uids = [...byUid.keys()].sort((a, b) => a - b);
	const itemsOf = (uid: number): number[] => byUid.get(uid) ?? [];
	await operation.run({
		imap,
		mailbox,
		resolver,
		account: url,
		settings,
		uids,
		set: UidSet.from(uids),
		items: [...selections.keys()].filter((item) => !execution.isSettled(item)),
		itemsOf,
		requested,
		remember<State>(make: () => State): State {
			planned.state ??= { is: make() };
			return planned.state.is as State;
		},
		emit: (uid, json, besideInput = json) => {
			const more = requested === undefined ? {} : { requestedMailbox: requested };
			for (const item of itemsOf(uid)) {
				if (keeping.has(item)) emitWithInput(execution, item, { ...besideInput, ...more });
				else execution.emit(item, { ...json, ...more });
			}
		},
	});
}

async function plan<Settings>(
	execution: Execution,
	operation: BatchOperation<Settings>,
	items: readonly number[],
): Promise<Planned<Settings>[]> {
	const wanted: Wanted<Settings>[] = [];
	const keeping = new Set<number>();
	const accepting = new Set<number>();
	for (const item of items) {
		await execution.guarded([item], undefined, () => {
			const selection = readSelection(execution, item);
			if (keepsInput(execution, item)) keeping.add(item);
			if (acceptsGone(execution, item)) accepting.add(item);
			wanted.push({ item, selection, settings: operation.settings(item) });
		});
	}
	const groups = groupInOrder(wanted, ({ selection, settings }) => ({
		key: JSON.stringify([selection.mailbox, settings]),
		touched: operation.readOnly ? undefined : touchedBy(selection, operation.movesMessages),
	}));
	return groups.flatMap((group) => {
		const [first] = group;
		if (!first) return [];
		const selections = new Map(group.map(({ item, selection }) => [item, selection]));
		return [
			{
				mailbox: first.selection.mailbox,
				settings: first.settings,
				selections,
				keeping,
				accepting,
			},
		];
	});
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

/** Which messages are meant, and by which items. An item whose message is gone has failed, or accepts it. */
async function resolve(
	execution: Execution,
	{ imap, mailbox, url }: Pick<OpenedBatch, 'imap' | 'mailbox' | 'url'>,
	selections: ReadonlyMap<number, Selection>,
	accepting: ReadonlySet<number>,
): Promise<{ byUid: Map<number, number[]>; gone: Map<number, number> }> {
	const gone = new Map<number, number>();
	const byUid = new Map<number, number[]>();
	const add = (uid: number, item: number): void => {
		const items = byUid.get(uid);
		if (items) items.push(item);
		else byUid.set(uid, [item]);
	};
	const references = new Map<number, number>();
	const searches: Array<[item: number, filters: MessageFilters | UidSet]> = [];
	for (const [item, selection] of selections) {
		if ('filters' in selection) searches.push([item, selection.filters]);
		else if ('uids' in selection) searches.push([item, selection.uids]);
		else {
			await execution.guarded([item], mailbox.name, () => {
				checkAccount(selection.reference, url);
				checkUidValidity(selection.reference, mailbox.uidValidity);
				if (selection.reference.account === undefined) execution.hint(UNCHECKED);
				references.set(item, selection.reference.uid);
			});
		}
	}
	await Promise.all(
		searches.map(([item, wanted]) =>
			execution.guarded([item], mailbox.name, async () => {
				for (const uid of await search(imap, wanted)) add(uid, item);
			}),
		),
	);
	if (references.size === 0) return { byUid, gone };

	const present = await presentUids(imap, [...references.values()]);
	for (const [item, uid] of references) {
		if (present.has(uid)) add(uid, item);
		else if (accepting.has(item)) gone.set(item, uid);
		else {
			const error = new MessageGoneError(
				`The message with UID ${uid} no longer exists: it was moved or deleted in the meantime`,
				'Get the messages again, or set "On Error" to "Continue (using error output)" to continue without it.',
			);
			execution.fail([item], mailbox.name, error);
		}
	}
	return { byUid, gone };
}

/**
 * For what changes messages: says which of those that were meant are not there. A message that an item
 * refers to is an error of that item already.
 */
function reportNotFound(
	execution: Execution,
	mailbox: string,
	selections: ReadonlyMap<number, Selection>,
	byUid: ReadonlyMap<number, readonly number[]>,
): void {
	const found = new Map<number, number>();
	for (const items of byUid.values()) {
		for (const item of items) found.set(item, (found.get(item) ?? 0) + 1);
	}
	for (const [item, selection] of selections) {
		if (execution.isSettled(item) || 'reference' in selection) continue;
		const count = found.get(item) ?? 0;
		if (count === 0) {
			execution.nothingFound(item, mailbox);
		} else if ('uids' in selection && !selection.uids.open && selection.uids.size > count) {
			execution.hint(
				`Of the ${selection.uids.size} UIDs that were named, "${shownText(mailbox)}" has ${count}: nothing was done for the others`,
			);
		}
	}
}

async function search(imap: Imap4, wanted: MessageFilters | UidSet): Promise<number[]> {
	const query = wanted instanceof UidSet ? { uid: wanted } : await exactQuery(imap, wanted);
	return imap.selected.search(query);
}

/** Bytes of a set that is still worth sending as it is, rather than the range it lies in. */
const LONG_SET = 4000;

/** Those of the UIDs that the selected mailbox holds, by one command. */
async function presentUids(imap: Imap4, uids: readonly number[]): Promise<Set<number>> {
	const exact = UidSet.from(uids);
	const { ranges } = exact;
	const [first, last] = [ranges[0]?.[0], ranges.at(-1)?.[1]];
	const asked = exact.toString().length > LONG_SET ? `${first}:${last}` : exact;
	return new Set(await imap.selected.search({ uid: asked }));
}
