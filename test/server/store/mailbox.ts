import { AccessList } from './access-list';
import { Annotations } from './annotations';
import { Identities } from './identity';
import type { Identity } from './identity';
import { Observers } from './observers';
import { Quota } from './quota';

/** One message as the server keeps it. Its octets never change (RFC 3501 §2.3.1.1). */
export interface StoredMessage {
	/** Its UID in this mailbox. */
	readonly uid: number;
	/** The message itself. */
	readonly octets: Buffer;
	/** When it was received. */
	readonly internalDate: Date;
	/** Minutes east of UTC of the internal date as it was given. */
	readonly zone: number;
	/** When it came into this mailbox (RFC 8514). */
	readonly saveDate: Date;
	/** @internal */
	readonly identity: Identity;
	/** Without \Recent, which belongs to a session. */
	flags: Set<string>;
	/** Gmail's, as they are written (X-GM-LABELS). */
	labels: Set<string>;
	/** Grows with every change (RFC 7162 §3.1). */
	modSeq: number;
}

/** Who wants to know what happens to a mailbox: a session that has it selected. */
export interface MailboxWatcher {
	added(message: StoredMessage, recent: boolean): void;
	removed(messages: ReadonlySet<StoredMessage>): void;
	flagged(message: StoredMessage, by: MailboxWatcher | undefined): void;
	/** A keyword is in use that was not before. */
	keywordAdded(): void;
	/** The mailbox itself is gone. */
	deleted(): void;
}

/** A message to add to a mailbox. */
export interface NewMessage {
	/** The message itself. */
	octets: Buffer;
	/** None by default. */
	flags?: Iterable<string>;
	/** Gmail's labels; none by default. */
	labels?: Iterable<string>;
	/** When it was received; now by default. */
	internalDate?: Date;
	/** Minutes east of UTC in which the date is written; 0 by default. */
	zone?: number;
	/** @internal Of the message that this is a copy of. */
	identity?: Identity;
}

export const SYSTEM_FLAGS = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'];

/** @internal */
export interface VanishedMessage {
	uid: number;
	modSeq: number;
}

/** A mailbox: messages in ascending order of UID, and the sessions that watch it. */
export class Mailbox {
	/** In ascending order of UID. */
	readonly messages: StoredMessage[] = [];
	/** @internal */
	readonly watchers = new Set<MailboxWatcher>();
	/** @internal The messages that were removed, in the order of that (RFC 7162 §3.2.5 VANISHED). */
	readonly vanished: VanishedMessage[] = [];
	/** The UID that the next message gets. */
	uidNext = 1;
	/** Messages from this UID on are \Recent for the next session that selects read-write. */
	recentFrom = 1;
	/** @internal */
	subscribed = false;
	/** The mod-sequence of the last change. */
	highestModSeq = 1;
	/** Octets of all messages. */
	size = 0;
	/** Outlasts a RENAME (RFC 8474 §4). */
	readonly id: string;
	/** @internal Who may do what (RFC 4314). */
	readonly access: AccessList;
	/** @internal */
	readonly annotations = new Annotations();
	/** Octets one message may have (RFC 7889); undefined for what holds of the server. */
	appendLimit: number | undefined;
	/** By their lower case: system flags, and keywords as they were first written. */
	private readonly knownFlags = new Map(SYSTEM_FLAGS.map((flag) => [flag.toLowerCase(), flag]));

	/** @internal */
	constructor(
		/** Its name, Unicode. */
		public name: string,
		/** A test may change it, as a server does that lost its UIDs. */
		public uidValidity: number,
		/** What it is for, e.g. `\\Drafts` (RFC 6154). */
		readonly specialUse: string | undefined = undefined,
		private readonly identities = new Identities(),
		private readonly quota = new Quota(),
		owner = '',
		private readonly observers = new Observers(),
	) {
		this.access = new AccessList(owner);
		this.id = `F${uidValidity}`;
	}

	/** Appends for a test or a seed, with text or octets; line ends are left as they are. */
	append(octets: Buffer | string, options: Omit<NewMessage, 'octets'> = {}): StoredMessage {
		return this.add({ ...options, octets: Buffer.isBuffer(octets) ? octets : Buffer.from(octets) });
	}

	/** Adds a message, of which clients that have the mailbox open are informed. */
	add(given: NewMessage): StoredMessage {
		const { octets, flags = [], labels = [], internalDate = new Date(), zone = 0 } = given;
		const kept = [...flags].filter((flag) => !/^\\recent$/i.test(flag));
		const message: StoredMessage = {
			uid: this.uidNext++,
			octets,
			internalDate: wholeSeconds(internalDate),
			zone,
			saveDate: wholeSeconds(new Date()),
			identity: given.identity ?? this.identities.issue(octets),
			flags: this.canonical(kept),
			labels: new Set(labels),
			modSeq: ++this.highestModSeq,
		};
		this.messages.push(message);
		this.size += octets.length;
		this.quota.count(octets.length, 1);
		let recent = true;
		for (const watcher of this.watchers) {
			watcher.added(message, recent);
			if (recent) this.recentFrom = this.uidNext;
			// \Recent goes to just one session (RFC 3501 §2.3.2).
			recent = false;
		}
		this.observers.message(this, 'MessageNew');
		return message;
	}

	/** Removes messages, of which clients that have the mailbox open are informed. */
	remove(messages: ReadonlySet<StoredMessage>): void {
		if (messages.size === 0) return;
		const modSeq = ++this.highestModSeq;
		let left = 0;
		for (const message of this.messages) {
			if (messages.has(message)) {
				this.size -= message.octets.length;
				this.quota.count(-message.octets.length, -1);
				this.vanished.push({ uid: message.uid, modSeq });
			} else this.messages[left++] = message;
		}
		this.messages.length = left;
		for (const watcher of this.watchers) watcher.removed(messages);
		this.observers.message(this, 'MessageExpunge');
	}

	/** Sets all flags of a message at once. */
	setFlags(message: StoredMessage, flags: Iterable<string>): void;
	/** @internal */
	setFlags(message: StoredMessage, flags: Iterable<string>, by: MailboxWatcher | undefined): void;
	setFlags(message: StoredMessage, flags: Iterable<string>, by?: MailboxWatcher): void {
		const next = this.canonical(flags);
		if (next.size === message.flags.size && [...next].every((flag) => message.flags.has(flag)))
			return;
		message.flags = next;
		message.modSeq = ++this.highestModSeq;
		for (const watcher of this.watchers) watcher.flagged(message, by);
		this.observers.message(this, 'FlagChange');
	}

	/** Sets all labels of a message at once (X-GM-EXT-1). */
	setLabels(message: StoredMessage, labels: Iterable<string>): void {
		message.labels = new Set(labels);
		message.modSeq = ++this.highestModSeq;
	}

	/** All flags that are or were in use, for the FLAGS response. */
	get flags(): string[] {
		return [...this.knownFlags.values()];
	}

	/** Takes note of keywords that are about to be used. */
	learn(flags: Iterable<string>): void {
		let news = false;
		for (const flag of flags) {
			if (this.knownFlags.has(flag.toLowerCase())) continue;
			this.knownFlags.set(flag.toLowerCase(), flag);
			news = true;
		}
		if (news) for (const watcher of this.watchers) watcher.keywordAdded();
	}

	/** System flags are known in any case; keywords stay as they were first written. */
	private canonical(flags: Iterable<string>): Set<string> {
		const given = [...flags];
		this.learn(given);
		return new Set(given.map((flag) => this.knownFlags.get(flag.toLowerCase()) ?? flag));
	}
}

/** Internal dates know no fractions of a second (RFC 3501 `time`). */
function wholeSeconds(date: Date): Date {
	return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

export function hasFlag(message: StoredMessage, flag: string): boolean {
	if (message.flags.has(flag)) return true;
	const wanted = flag.toLowerCase();
	for (const one of message.flags) if (one.toLowerCase() === wanted) return true;
	return false;
}
