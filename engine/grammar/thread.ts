import { Imap4AbortError } from '../errors';
import type { Reader } from '../wire/reader';

/** A message and the answers to it (RFC 5256 §4), by UID or by sequence number. */
export interface Thread<N extends number = number> {
	/** Null where the message the others answer is not in the mailbox. */
	number: N | null;
	/** Answers to it. */
	children: Thread<N>[];
}

/**
 * Most levels of answers. A line of a few octets for each can say a million of them; what lies
 * deeper becomes siblings on the last level, so that no caller's recursion overflows the stack.
 */
const MOST_LEVELS = 1000;

/** Messages of one response: each is an object, and all are made at once. */
const MOST_MESSAGES = 500_000;

/**
 * THREAD: `(2)(3 6 (4 23)(44 7 96))` is the message 2, and 3 answered by 6 answered by 4 and 44 …
 * @throws Imap4AbortError PROTOCOL, or LIMIT for more than 500,000 messages
 */
export function readThreads(reader: Reader): Thread[] {
	const threads: Thread[] = [];
	if (reader.nil()) return threads;
	const count = { messages: 0 };
	for (reader.skipSpaces(); !reader.done; reader.skipSpaces()) {
		const thread = readThread(reader, 1, count);
		// Some servers write empty parentheses for no threads.
		if (thread) threads.push(thread);
	}
	return threads;
}

function readThread(
	reader: Reader,
	level: number,
	count: { messages: number },
): Thread | undefined {
	let root: Thread | undefined;
	let last: Thread | undefined;
	reader.enter();
	while (!reader.leave()) {
		if (reader.atNumber) {
			if (++count.messages > MOST_MESSAGES) throw tooMany();
			const thread: Thread = { number: reader.number(), children: [] };
			last?.children.push(thread);
			if (!last || level < MOST_LEVELS) {
				last = thread;
				level++;
			}
			root ??= thread;
		} else {
			const below = readThread(reader, level, count);
			if (!below) continue;
			last ??= root = { number: null, children: [] };
			last.children.push(below);
		}
	}
	return root;
}

function tooMany(): Imap4AbortError {
	return new Imap4AbortError(
		'LIMIT',
		`The server sent threads of more than ${MOST_MESSAGES} messages, more than this client accepts: search for fewer`,
	);
}
