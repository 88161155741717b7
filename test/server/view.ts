import type { Mailbox, MailboxWatcher, StoredMessage } from './store/mailbox';

/**
 * What one session sees of the mailbox it has selected. Its sequence numbers change only when the
 * session is told so, never behind its back (RFC 3501 §7.4.1).
 */
export class MailboxView implements MailboxWatcher {
	/** By sequence number, from 0. */
	readonly messages: StoredMessage[];
	readonly recent = new Set<StoredMessage>();
	/** Removed, and the session not told yet. */
	readonly gone = new Set<StoredMessage>();
	private readonly arrived: StoredMessage[] = [];
	private readonly changed = new Set<StoredMessage>();
	private recentChanged = false;

	constructor(
		readonly mailbox: Mailbox,
		readonly readOnly: boolean,
		private readonly news: () => void,
		private readonly lost: () => void,
	) {
		this.messages = [...mailbox.messages];
		for (const message of this.messages)
			if (message.uid >= mailbox.recentFrom) this.recent.add(message);
		if (!readOnly) mailbox.recentFrom = mailbox.uidNext;
		mailbox.watchers.add(this);
	}

	close(): void {
		this.mailbox.watchers.delete(this);
	}

	added(message: StoredMessage, recent: boolean): void {
		this.arrived.push(message);
		if (recent) this.recent.add(message);
		this.news();
	}

	removed(message: StoredMessage): void {
		this.gone.add(message);
		this.news();
	}

	flagged(message: StoredMessage, by: MailboxWatcher | undefined): void {
		if (by !== this) this.changed.add(message);
		this.news();
	}

	deleted(): void {
		this.lost();
	}

	get largestUid(): number {
		return this.messages.at(-1)?.uid ?? 0;
	}

	/** The flags of a message, \Recent included. */
	flags(message: StoredMessage): string[] {
		return [...message.flags, ...(this.recent.has(message) ? ['\\Recent'] : [])];
	}

	/**
	 * What the session must be told now.
	 * @param renumber whether EXPUNGE may be sent: not in answer to FETCH, STORE or SEARCH
	 */
	*tell(renumber: boolean): Generator<string> {
		if (renumber) {
			for (const message of this.gone) {
				const index = this.messages.indexOf(message);
				if (index < 0) {
					const waiting = this.arrived.indexOf(message);
					if (waiting >= 0) this.arrived.splice(waiting, 1);
					continue;
				}
				this.messages.splice(index, 1);
				this.changed.delete(message);
				if (this.recent.delete(message)) this.recentChanged = true;
				yield `* ${index + 1} EXPUNGE`;
			}
			this.gone.clear();
		}
		if (this.arrived.length > 0) {
			this.messages.push(...this.arrived.splice(0));
			this.recentChanged = true;
			yield `* ${this.messages.length} EXISTS`;
		}
		if (this.recentChanged) {
			this.recentChanged = false;
			yield `* ${this.recent.size} RECENT`;
		}
		for (const message of this.changed) {
			const index = this.messages.indexOf(message);
			if (index < 0 || this.gone.has(message)) continue;
			yield `* ${index + 1} FETCH (UID ${message.uid} FLAGS (${this.flags(message).join(' ')}))`;
		}
		this.changed.clear();
	}
}
