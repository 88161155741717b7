/** Threads whose messages are in several mailboxes, such as what came and what was answered. */
import type { IDataObject } from 'n8n-workflow';
import type { Imap4, ThreadAlgorithm, Uid } from '../../../engine/index';
import { threads } from '../../../mail/threading';
import type { Account } from '../../shared/account/account';
import type { Execution } from '../../shared/execution/execution';
import { headersFor, placesIn, type Place, type ThreadHeaders } from './find-threads';
import { reopened, visitMailboxes, type RangeSearch, type Unopened } from './search-mailboxes';
import { ThreadReading, threadSummary, type ThreadOutput } from './thread-reading';

export interface ThreadsSearch extends RangeSearch {
	algorithm: ThreadAlgorithm;
	limit: number;
	output: ThreadOutput;
}

interface Found extends ThreadHeaders {
	mailbox: string;
	uidValidity: number | undefined;
	/** The same message in other mailboxes. */
	copies: Found[];
}

/** A message in its thread; `number` and `parent` are places in the list of all that was found. */
type Member = Place<number>;

/** What a search found, kept where the connection breaks while it is read. */
export class ThreadsAcross {
	private readonly readings = new Map<string, ThreadReading>();

	private constructor(
		private readonly account: Account,
		private readonly output: ThreadOutput,
		private readonly found: readonly Found[],
		private readonly threads: readonly Member[][],
		readonly unopened: readonly Unopened[],
	) {}

	/**
	 * A server makes threads of one mailbox (RFC 5256 §3), so these are made here, of the headers.
	 * @throws Imap4Error if not one mailbox can be opened
	 */
	static async search(
		execution: Execution,
		imap: Imap4,
		account: Account,
		{ algorithm, limit, output, ...search }: ThreadsSearch,
	): Promise<ThreadsAcross> {
		const all: Found[] = [];
		const unopened = await visitMailboxes(
			execution,
			imap,
			account,
			search,
			async (mailbox, query) => {
				const { name, uidValidity } = mailbox;
				for (const headers of await headersFor(mailbox, await mailbox.search(query))) {
					all.push({ ...headers, mailbox: name, uidValidity, copies: [] });
				}
			},
		);
		const found = eachOnce(all).sort((a, b) => a.arrivedAt - b.arrivedAt);
		const made = await threads(
			found.map(({ threaded }, number) => ({ ...threaded, uid: number })),
			algorithm,
		);
		execution.checkCancelled();
		const newest = (thread: readonly Member[]): number =>
			thread.reduce((most, { number }) => Math.max(most, number), 0);
		const some = made
			.map((thread) => placesIn(thread))
			.sort((a, b) => newest(b) - newest(a))
			.slice(0, limit);
		return new ThreadsAcross(account, output, found, some, unopened);
	}

	/** Reads the messages, mailbox by mailbox. @returns an item for each thread */
	async read(execution: Execution, imap: Imap4): Promise<IDataObject[]> {
		for (const [mailbox, { uids, uidValidity }] of this.byMailbox()) {
			const reading = this.readings.get(mailbox) ?? new ThreadReading(uids, this.output);
			this.readings.set(mailbox, reading);
			await reading.read(execution, await reopened(imap, mailbox, uidValidity));
		}
		return this.threads.map((thread) => this.item(thread)).filter((item) => item !== undefined);
	}

	private at(number: number): Found {
		return this.found[number] as Found;
	}

	private byMailbox(): Map<string, { uids: Uid[]; uidValidity: number | undefined }> {
		const byMailbox = new Map<string, { uids: Uid[]; uidValidity: number | undefined }>();
		for (const { number } of this.threads.flat()) {
			const { mailbox, uidValidity, uid } = this.at(number);
			const same = byMailbox.get(mailbox);
			if (same) same.uids.push(uid);
			else byMailbox.set(mailbox, { uids: [uid], uidValidity });
		}
		return byMailbox;
	}

	private item(thread: readonly Member[]): IDataObject | undefined {
		const members = thread.flatMap(({ number, depth, parent }) => {
			const found = this.at(number);
			const reading = this.readings.get(found.mailbox) as ThreadReading;
			return reading.isGone(found.uid) ? [] : { found, depth, parent, reading };
		});
		if (members.length === 0) return undefined;
		return {
			threadId:
				members.find(({ found }) => found.threaded.messageId)?.found.threaded.messageId ?? null,
			mailboxes: [...new Set(members.map(({ found }) => found.mailbox))],
			count: members.length,
			...threadSummary(members.flatMap(({ found, reading }) => reading.message(found.uid) ?? [])),
			messages: members.map(({ found, depth, parent, reading }) =>
				reading.fields(found.uid, {
					...this.reference(found),
					depth,
					parent: parent === null ? null : this.reference(this.at(parent)),
					...(found.copies.length > 0
						? { copies: found.copies.map((copy) => this.reference(copy)) }
						: {}),
				}),
			),
			via: 'FETCH',
		};
	}

	/** A message as every other operation takes it. */
	private reference({ mailbox, uidValidity, uid }: Found): IDataObject {
		return { mailbox, uidValidity: uidValidity ?? null, uid, account: this.account.url };
	}
}

/**
 * A message that is in two mailboxes, as one that was sent to oneself, is one message. A Message-ID alone
 * does not make it the same one, since anyone may write it: what would be left out is then another message.
 */
function eachOnce(all: readonly Found[]): Found[] {
	const known = new Map<string, Found>();
	return all.filter((one) => {
		const { messageId, sentAt, subject } = one.threaded;
		if (messageId === undefined) return true;
		const key = JSON.stringify([messageId, sentAt, subject, one.author]);
		const first = known.get(key);
		if (!first) known.set(key, one);
		// Twice in one mailbox are two messages: one of them may have been added on purpose.
		if (!first || first.mailbox === one.mailbox) return true;
		first.copies.push(one);
		return false;
	});
}
