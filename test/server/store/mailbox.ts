/** One message as the server keeps it. Its octets never change (RFC 3501 §2.3.1.1). */
export interface StoredMessage {
	readonly uid: number;
	readonly octets: Buffer;
	readonly internalDate: Date;
	/** Minutes east of UTC of the internal date as it was given. */
	readonly zone: number;
	/** Without \Recent, which belongs to a session. */
	flags: Set<string>;
}

/** Who wants to know what happens to a mailbox: a session that has it selected. */
export interface MailboxWatcher {
	added(message: StoredMessage, recent: boolean): void;
	removed(message: StoredMessage): void;
	flagged(message: StoredMessage, by: MailboxWatcher | undefined): void;
	/** The mailbox itself is gone. */
	deleted(): void;
}

export interface NewMessage {
	octets: Buffer;
	flags?: Iterable<string>;
	internalDate?: Date;
	zone?: number;
}

/** A mailbox: messages in ascending order of UID, and the sessions that watch it. */
export class Mailbox {
	readonly messages: StoredMessage[] = [];
	readonly watchers = new Set<MailboxWatcher>();
	uidNext = 1;
	/** Messages from this UID on are \Recent for the next session that selects read-write. */
	recentFrom = 1;
	subscribed = false;

	constructor(
		public name: string,
		public uidValidity: number,
		readonly specialUse: string | undefined = undefined,
	) {}

	/** Appends for a test or a seed, with text or octets; line ends are left as they are. */
	append(octets: Buffer | string, options: Omit<NewMessage, 'octets'> = {}): StoredMessage {
		return this.add({ ...options, octets: Buffer.isBuffer(octets) ? octets : Buffer.from(octets) });
	}

	add({ octets, flags = [], internalDate = new Date(), zone = 0 }: NewMessage): StoredMessage {
		const kept = new Set<string>();
		for (const flag of flags) if (!/^\\recent$/i.test(flag)) kept.add(canonical(flag));
		// Internal dates know no fractions of a second (RFC 3501 `time`).
		const date = new Date(Math.floor(internalDate.getTime() / 1000) * 1000);
		const message: StoredMessage = {
			uid: this.uidNext++,
			octets,
			internalDate: date,
			zone,
			flags: kept,
		};
		this.messages.push(message);
		let recent = true;
		for (const watcher of this.watchers) {
			watcher.added(message, recent);
			if (recent) this.recentFrom = this.uidNext;
			// \Recent goes to just one session (RFC 3501 §2.3.2).
			recent = false;
		}
		return message;
	}

	remove(messages: ReadonlySet<StoredMessage>): void {
		if (messages.size === 0) return;
		const left = this.messages.filter((message) => !messages.has(message));
		this.messages.splice(0, this.messages.length, ...left);
		for (const watcher of this.watchers) for (const message of messages) watcher.removed(message);
	}

	setFlags(message: StoredMessage, flags: Iterable<string>, by?: MailboxWatcher): void {
		message.flags = new Set([...flags].map(canonical));
		for (const watcher of this.watchers) watcher.flagged(message, by);
	}

	get size(): number {
		return this.messages.reduce((sum, { octets }) => sum + octets.length, 0);
	}

	/** All flags in use, for the FLAGS response. */
	get flags(): string[] {
		const flags = new Set(SYSTEM_FLAGS);
		for (const message of this.messages) for (const flag of message.flags) flags.add(flag);
		return [...flags];
	}
}

export const SYSTEM_FLAGS = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'];

/** System flags are known in any case; keywords stay as they were first written. */
export function canonical(flag: string): string {
	return SYSTEM_FLAGS.find((known) => known.toLowerCase() === flag.toLowerCase()) ?? flag;
}

export function hasFlag(message: StoredMessage, flag: string): boolean {
	const wanted = flag.toLowerCase();
	for (const one of message.flags) if (one.toLowerCase() === wanted) return true;
	return false;
}
