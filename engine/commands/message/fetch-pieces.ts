import type { FetchedMessage } from '../../grammar/fetch';

/** Messages of which something is missing that are kept at a time. */
const MOST_KEPT = 100;

/**
 * Puts messages together that a server tells in several responses, one after the other or mixed with those of
 * other messages (RFC 9051 §7.5.2).
 */
export class FetchPieces {
	/** Messages that are the command's, by their number. */
	private readonly incomplete = new Map<number, FetchedMessage>();
	/** Items that servers send unasked too, by the number of a message that has not come yet. */
	private readonly news = new Map<number, FetchedMessage>();

	/** @param emit takes a message that is not waited for any longer */
	constructor(private readonly emit: (message: FetchedMessage) => void) {}

	/** The message of which something is missing. */
	get(number: number): FetchedMessage | undefined {
		return this.incomplete.size === 0 ? undefined : this.incomplete.get(number);
	}

	/** Adds what came before of this message. */
	complete(number: number, message: FetchedMessage): void {
		if (this.incomplete.size > 0) this.join(this.incomplete, number, message);
		if (this.news.size > 0) this.join(this.news, number, message);
	}

	/** Keeps a message until the rest of it comes. */
	keep(number: number, message: FetchedMessage): void {
		this.incomplete.set(number, message);
		if (this.incomplete.size <= MOST_KEPT) return;
		const [oldest] = this.incomplete.keys();
		this.release(oldest as number);
	}

	/** Remembers what may be the first piece of a message, or may be news of it. */
	note(number: number, message: FetchedMessage): void {
		const before = this.news.get(number);
		if (before && areOfOneMessage(before, message)) message.absorb(before);
		this.news.set(number, message);
		if (this.news.size <= MOST_KEPT) return;
		const [oldest] = this.news.keys();
		this.news.delete(oldest as number);
	}

	/** Nothing more comes. */
	releaseAll(): void {
		for (const number of this.incomplete.keys()) this.release(number);
	}

	private release(number: number): void {
		const message = this.incomplete.get(number);
		this.incomplete.delete(number);
		if (message) this.emit(message);
	}

	private join(pieces: Map<number, FetchedMessage>, number: number, message: FetchedMessage): void {
		const before = pieces.get(number);
		pieces.delete(number);
		if (!before || before === message) return;
		if (areOfOneMessage(before, message)) message.absorb(before);
		else if (pieces === this.incomplete) this.emit(before);
	}
}

/**
 * Whether neither UID nor sequence number speaks against it: a server that gives two messages one UID must not
 * have them made one. After an EXPUNGE between two pieces they stay apart too.
 */
function areOfOneMessage(one: FetchedMessage, other: FetchedMessage): boolean {
	const isOtherUid = one.uid !== undefined && other.uid !== undefined && one.uid !== other.uid;
	return one.seq === other.seq && !isOtherUid;
}
