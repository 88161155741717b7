/** How many messages one command reads the contents of. */

/** Octets that one command asks for where a round trip costs next to nothing. */
const QUICK = 1024 * 1024;
/** Milliseconds that such a round trip takes at most. */
const SHORT = 5;
/** By how much commands grow elsewhere. */
const GROWTH = 8;

/**
 * How much is asked for at a time. While nothing arrives, V8 collects what the messages before took: 5,000
 * messages of 50 kB take some 20 MB less where each megabyte has a command of its own. On a distant line that
 * would cost a round trip each, so there the third command asks for all that is usual.
 */
export class ContentBatch {
	private octets = QUICK;
	/** Milliseconds. One wait alone can be long because V8 collects, or because the server has other work. */
	private shortestWait = Infinity;

	/**
	 * The messages of the next command: one, and those behind it that come to no more than is asked for at a time.
	 * @param from index in `messages`
	 * @param octetsOf a message's, as far as the server describes them
	 */
	next<Message>(
		messages: readonly Message[],
		from: number,
		octetsOf: (message: Message) => number,
	): Message[] {
		let end = from;
		for (let octets = 0; end < messages.length; end++) {
			octets += octetsOf(messages[end] as Message);
			if (octets > this.octets && end > from) break;
		}
		return messages.slice(from, end);
	}

	/** @param ms between a command and its first answer */
	waited(ms: number): void {
		this.shortestWait = Math.min(this.shortestWait, ms);
		this.octets = this.shortestWait <= SHORT ? QUICK : this.octets * GROWTH;
	}
}
