import { printSet } from './command-reader';
import type { Mailbox, MailboxWatcher, StoredMessage } from './store/mailbox';

/** How a session wants to be told, by what it has enabled (RFC 7162). */
export interface Manner {
	/** FETCH with MODSEQ. */
	modSeqs: boolean;
	/** VANISHED in place of EXPUNGE. */
	vanished: boolean;
}

/**
 * What one session sees of the mailbox it has selected. Its sequence numbers change only when the
 * session is told so, never behind its back (RFC 3501 §7.4.1).
 */
export class MailboxView implements MailboxWatcher {
	/** By sequence number, from 0; UIDs ascend. */
	messages: StoredMessage[];
	readonly recent = new Set<StoredMessage>();
	/** Removed, and the session not told yet. */
	readonly gone = new Set<StoredMessage>();
	/** What the last SEARCH RETURN (SAVE) found (RFC 5182 `$`). */
	saved: ReadonlySet<StoredMessage> = new Set();
	private arrived: StoredMessage[] = [];
	private readonly changed = new Set<StoredMessage>();
	private recentChanged = false;
	private keywordsChanged = false;

	constructor(
		readonly mailbox: Mailbox,
		readonly readOnly: boolean,
		private readonly news: () => void,
		private readonly lost: () => void,
		/** IMAP4rev2 knows no \Recent (RFC 9051 appendix E). */
		private readonly knowsRecent = true,
	) {
		this.messages = [...mailbox.messages];
		for (const message of this.messages)
			if (knowsRecent && message.uid >= mailbox.recentFrom) this.recent.add(message);
		if (!readOnly) mailbox.recentFrom = mailbox.uidNext;
		mailbox.watchers.add(this);
	}

	close(): void {
		this.mailbox.watchers.delete(this);
	}

	added(message: StoredMessage, recent: boolean): void {
		this.arrived.push(message);
		if (recent && this.knowsRecent) this.recent.add(message);
		this.news();
	}

	removed(messages: ReadonlySet<StoredMessage>): void {
		for (const message of messages) this.gone.add(message);
		this.news();
	}

	flagged(message: StoredMessage, by: MailboxWatcher | undefined): void {
		if (by !== this) this.changed.add(message);
		this.news();
	}

	keywordAdded(): void {
		this.keywordsChanged = true;
	}

	deleted(): void {
		this.lost();
	}

	get largestUid(): number {
		return this.messages.at(-1)?.uid ?? 0;
	}

	/** The index of the first message of this UID or a higher one. */
	indexFrom(uid: number): number {
		let low = 0;
		let high = this.messages.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.messages[middle] as StoredMessage).uid < uid) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	/** @returns 0 for a message that the session has not been told of */
	sequenceNumber(message: StoredMessage): number {
		const index = this.indexFrom(message.uid);
		return this.messages[index] === message ? index + 1 : 0;
	}

	/** The flags of a message, \Recent included. */
	flags(message: StoredMessage): string[] {
		return [...message.flags, ...(this.recent.has(message) ? ['\\Recent'] : [])];
	}

	/**
	 * What the session must be told now.
	 * @param renumber whether EXPUNGE may be sent: not in answer to FETCH, STORE or SEARCH
	 */
	*tell(renumber: boolean, manner: Manner): Generator<string> {
		if (renumber && this.gone.size > 0) yield* this.tellGone(manner.vanished);
		if (this.arrived.length > 0) {
			for (const message of this.arrived) this.messages.push(message);
			this.arrived = [];
			this.recentChanged = true;
			yield `* ${this.messages.length} EXISTS`;
		}
		if (this.recentChanged) {
			this.recentChanged = false;
			if (this.knowsRecent) yield `* ${this.recent.size} RECENT`;
		}
		yield* this.tellKeywords();
		for (const message of this.changed) {
			const number = this.sequenceNumber(message);
			if (number === 0 || this.gone.has(message)) continue;
			const modSeq = manner.modSeqs ? ` MODSEQ (${message.modSeq})` : '';
			yield `* ${number} FETCH (UID ${message.uid} FLAGS (${this.flags(message).join(' ')})${modSeq})`;
		}
		this.changed.clear();
	}

	/** All flags once more, if there is a new keyword among them, as Dovecot does (RFC 3501 §7.2.6). */
	*tellKeywords(): Generator<string> {
		if (!this.keywordsChanged) return;
		this.keywordsChanged = false;
		yield* this.flagLines();
	}

	*flagLines(): Generator<string> {
		const flags = this.mailbox.flags.join(' ');
		yield `* FLAGS (${flags})`;
		yield this.readOnly
			? '* OK [PERMANENTFLAGS ()] Read-only mailbox.'
			: `* OK [PERMANENTFLAGS (${flags} \\*)] Flags permitted.`;
	}

	private *tellGone(vanished: boolean): Generator<string> {
		const { gone } = this;
		this.arrived = this.arrived.filter((message) => !gone.has(message));
		const left: StoredMessage[] = [];
		const uids: number[] = [];
		for (const message of this.messages) {
			if (!gone.has(message)) {
				left.push(message);
				continue;
			}
			uids.push(message.uid);
			this.changed.delete(message);
			if (this.recent.delete(message)) this.recentChanged = true;
			// Those before it are gone already when the client reads this.
			if (!vanished) yield `* ${left.length + 1} EXPUNGE`;
		}
		if (vanished && uids.length > 0) yield `* VANISHED ${printSet(uids)}`;
		this.messages = left;
		gone.clear();
	}
}
