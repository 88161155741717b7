/** A search of several mailboxes on one connection, with one order and one limit. */
import {
	Imap4AbortError,
	Imap4Error,
	type Imap4,
	type MailboxHits,
	type OpenMailbox,
	type SearchQuery,
	type Uid,
} from '../../../engine/index';
import type { Account } from '../../shared/account/account';
import type { Execution } from '../../shared/execution/execution';
import { sameMailbox } from '../../shared/execution/in-mailbox';
import { exactQuery, roughQuery, type MessageFilters } from '../../shared/message/exact-times';
import {
	MessageReading,
	reasonFor,
	type MessageOutput,
} from '../../shared/message/message-reading';
import type { OutputOptions } from '../../shared/message/output-options';
import { mailboxesInRange, type MailboxRange } from './mailbox-range';
import { byRules, sortedRows, type Row, type SortRule } from './sort-order';

/** What is looked for, and where. */
export interface RangeSearch {
	range: MailboxRange;
	filters: MessageFilters;
}

export interface MailboxesSearch extends RangeSearch {
	rules: readonly SortRule[];
	limit: number;
}

/** A message that is to be put out. */
interface Hit extends Row {
	mailbox: string;
}

/** A mailbox that could not be opened. */
export interface Unopened {
	mailbox: string;
	error: Imap4Error;
}

/** What a search found, kept where the connection breaks while it is read. */
export class MailboxesResult {
	private readonly uidValidity = new Map<string, number | undefined>();
	private readonly readings = new Map<string, MessageReading>();
	/** By UID and mailbox. */
	private readonly outputs = new Map<string, MessageOutput>();

	private constructor(
		/** The account's `url`. */
		private readonly account: string,
		private readonly hits: readonly Hit[],
		/** Mailboxes that could not be opened. */
		readonly unopened: readonly Unopened[],
	) {}

	/** @throws Imap4Error if not one mailbox can be opened */
	static async search(
		execution: Execution,
		imap: Imap4,
		account: Account,
		{ range, filters, rules, limit }: MailboxesSearch,
	): Promise<MailboxesResult> {
		const hits: Hit[] = [];
		const uidValidity = new Map<string, number | undefined>();
		const unopened = await visitMailboxes(
			execution,
			imap,
			account,
			{ range, filters },
			async (mailbox, query) => {
				uidValidity.set(mailbox.name, mailbox.uidValidity);
				const rows = await sortedRows(mailbox, query, rules, limit);
				for (const row of rows) hits.push({ ...row, mailbox: mailbox.name });
			},
		);
		const sorted = hits.sort(byRules(rules)).slice(0, limit);
		const result = new MailboxesResult(account.url, sorted, unopened);
		for (const [name, value] of uidValidity) result.uidValidity.set(name, value);
		return result;
	}

	/** Reads what was found, mailbox by mailbox. @returns the messages in the order of the search */
	async read(execution: Execution, imap: Imap4, options: OutputOptions): Promise<MessageOutput[]> {
		const { account, outputs } = this;
		for (const [name, uids] of this.uidsByMailbox()) {
			const mailbox = await reopened(imap, name, this.uidValidity.get(name));
			const reading =
				this.readings.get(name) ?? new MessageReading(execution, account, uids, options);
			this.readings.set(name, reading);
			await reading.read(mailbox);
			for (const output of reading.outputs()) outputs.set(`${output.uid} ${name}`, output);
		}
		return this.hits.flatMap(({ uid, mailbox }) => outputs.get(`${uid} ${mailbox}`) ?? []);
	}

	/** The mailbox that is open first, since it need not be opened again. */
	private uidsByMailbox(): Map<string, Uid[]> {
		const uids = new Map<string, Uid[]>();
		for (const { uid, mailbox } of this.hits) {
			const same = uids.get(mailbox);
			if (same) same.push(uid);
			else uids.set(mailbox, [uid]);
		}
		return new Map([...uids].reverse());
	}
}

/**
 * Opens one mailbox after the other. Where the server searches several at once (RFC 7377), only those in
 * which it finds something are opened.
 * @param visit called with each mailbox while it is open, and with what selects the messages there
 * @returns the mailboxes that could not be opened
 * @throws Imap4Error if not one mailbox can be opened
 */
export async function visitMailboxes(
	execution: Execution,
	imap: Imap4,
	account: Account,
	{ range, filters }: RangeSearch,
	visit: (mailbox: OpenMailbox, query: SearchQuery) => Promise<void>,
): Promise<Unopened[]> {
	const all = await mailboxesInRange(imap, account.identity, range);
	const found = await hitsOfAll(imap, filters, all);
	const names = found ? all.filter((name) => found.has(name)) : all;
	const unopened: Unopened[] = [];
	for (const [index, name] of names.entries()) {
		execution.checkCancelled();
		execution.progress(index, names.length, 'mailboxes');
		const mailbox = await orRefusal(imap.open(name, { readOnly: true }));
		if (mailbox instanceof Imap4Error) {
			unopened.push({ mailbox: name, error: mailbox });
			continue;
		}
		await visit(mailbox, await exactQuery(mailbox, filters, { undecided: 'include' }));
	}
	const [first] = unopened;
	if (first && unopened.length === names.length) throw first.error;
	return unopened;
}

/**
 * A mailbox of the search, opened again unless it is open.
 * @throws UserError if it is another one than before
 */
export async function reopened(
	imap: Imap4,
	name: string,
	uidValidity: number | undefined,
): Promise<OpenMailbox> {
	const opened = imap.mailbox?.name === name ? imap.mailbox : undefined;
	const mailbox = opened ?? (await imap.open(name, { readOnly: true }));
	sameMailbox(mailbox, uidValidity);
	return mailbox;
}

/** Reports what was not searched: each mailbox an item that says why. */
export function emitUnopened(
	execution: Execution,
	item: number,
	unopened: readonly Unopened[],
): void {
	for (const { mailbox, error } of unopened) {
		const reason = `The mailbox was not searched: ${reasonFor(error)}`;
		execution.emitUnreadable(item, { mailbox, unreadable: reason }, reason);
	}
}

/** @returns undefined where the server can't say, or refuses to */
async function hitsOfAll(
	imap: Imap4,
	filters: MessageFilters,
	names: readonly string[],
): Promise<Map<string, MailboxHits> | undefined> {
	if (!imap.capabilities.has('MULTISEARCH')) return undefined;
	const hits = new Map<string, MailboxHits>();
	for (let first = 0; first < names.length; first += AT_ONCE) {
		const mailboxes = names.slice(first, first + AT_ONCE);
		const some = await orRefusal(imap.searchMailboxes(roughQuery(filters), [{ mailboxes }]));
		if (some instanceof Imap4Error) return undefined;
		for (const found of some) hits.set(found.mailbox, found);
	}
	return hits;
}

/** Mailboxes named in one command, so that no line grows too long. */
const AT_ONCE = 100;

/** @returns the error where the server refuses, and the connection goes on */
function orRefusal<Result>(work: Promise<Result>): Promise<Result | Imap4Error> {
	return work.catch((error: unknown) => {
		if (error instanceof Imap4Error && !(error instanceof Imap4AbortError)) return error;
		throw error;
	});
}
