/** The threads of a search: the server's (THREAD, RFC 5256), else made here of the headers. */
import {
	type FetchedMessage,
	type OpenMailbox,
	type SearchQuery,
	type Thread,
	type ThreadAlgorithm,
	type Uid,
} from '../../../engine/index';
import { orOtherwise } from '../../shared/errors/refusal';
import { fetchAccounted } from '../../shared/message/fetch-accounted';
import { headerText } from '../../../mail/header/header-text';
import { messageIds } from '../../../mail/header/message-ids';
import { baseSubject } from '../../../mail/base-subject';
import { sentAt } from '../../../mail/sent-date';
import { threads, type ThreadedMessage } from '../../../mail/threading';

/** A message in its thread. */
export interface ThreadMember {
	uid: Uid;
	/** 0 for a message that answers none of this mailbox. */
	depth: number;
	/** UID of the message it answers. */
	parent: Uid | null;
}

/** @returns the members of each thread, each behind what it answers; `via` says which way ran */
export async function findThreads(
	mailbox: OpenMailbox,
	query: SearchQuery,
	algorithm: ThreadAlgorithm,
): Promise<{ threads: ThreadMember[][]; via: string }> {
	const offered = `THREAD=${algorithm}`;
	if (mailbox.capabilities.has(offered)) {
		const found = await orOtherwise<Thread<Uid>[] | undefined>(
			mailbox.thread(algorithm, query),
			async () => undefined,
		);
		if (found) return { threads: found.map(members), via: offered };
	}
	const found = await headersFor(mailbox, await mailbox.search(query));
	const messages = found.map(({ threaded }) => threaded);
	const made = (await threads(messages, algorithm)) as Thread<Uid>[];
	return { threads: made.map(members), via: 'FETCH' };
}

/** What threads are made of. */
export interface ThreadHeaders {
	uid: Uid;
	threaded: ThreadedMessage;
	/** When the server received it, in milliseconds since 1970. */
	arrivedAt: number;
	/** The author's address, in lower case. */
	author: string;
}

/**
 * Fetches what threads are made of. A message without an answer stands alone: whether it is gone or
 * unreadable shows when it is read.
 */
export async function headersFor(
	mailbox: OpenMailbox,
	found: readonly Uid[],
): Promise<ThreadHeaders[]> {
	if (found.length === 0) return [];
	const headers = new Map<Uid, ThreadHeaders>();
	const items = {
		internalDate: true,
		envelope: true,
		body: [{ section: 'HEADER.FIELDS', fields: ['References'], peek: true }],
	};
	await fetchAccounted(mailbox, found, items, async (uid, message) => {
		const { envelope, internalDate } = message;
		const header = (await message.body[0]?.bytes()) ?? Buffer.alloc(0);
		headers.set(uid, {
			uid,
			threaded: threaded(uid, message, header),
			arrivedAt: internalDate?.getTime() ?? 0,
			author: envelope?.from?.[0]?.address.toLowerCase() ?? '',
		});
	});
	return found.map((uid) => headers.get(uid) ?? unanswered(uid));
}

function unanswered(uid: Uid): ThreadHeaders {
	const nothing = { messageId: undefined, references: [], subject: '', isReply: false, sentAt: 0 };
	return { uid, threaded: { uid, ...nothing }, arrivedAt: 0, author: '' };
}

/** Message-IDs at either end of References that count; more say nothing about who answers whom. */
const MOST_REFERENCES = 200;

function threaded(uid: number, message: FetchedMessage, header: Buffer): ThreadedMessage {
	const { envelope } = message;
	const references = messageIds(header.toString('latin1'));
	const { text, isReply } = baseSubject(headerText(envelope?.subject));
	return {
		uid,
		messageId: messageIds(envelope?.messageId)[0],
		// In-Reply-To only stands in where there are no References (RFC 5256 §3).
		references:
			references.length > 0
				? [...references.slice(0, 1), ...references.slice(1).slice(-MOST_REFERENCES)]
				: messageIds(envelope?.inReplyTo).slice(0, 1),
		subject: text.normalize('NFKD').toUpperCase(),
		isReply,
		sentAt: sentAt(message),
	};
}

function members(root: Thread<Uid>): ThreadMember[] {
	return placesIn(root).map(({ number, depth, parent }) => ({ uid: number, depth, parent }));
}

/** Where something stands in its thread. */
export interface Place<Id> {
	number: Id;
	/** 0 for what answers nothing that was found. */
	depth: number;
	/** What it answers. */
	parent: Id | null;
}

/** Depth first, without recursion: a long conversation is deep. What is missing has no place in it. */
export function placesIn<Id extends number>(root: Thread<Id>): Place<Id>[] {
	const found: Place<Id>[] = [];
	const waiting: Array<{ thread: Thread<Id>; depth: number; parent: Id | null }> = [
		{ thread: root, depth: 0, parent: null },
	];
	for (let next = waiting.pop(); next; next = waiting.pop()) {
		const { thread, depth, parent } = next;
		const { number, children } = thread;
		if (number !== null) found.push({ number, depth, parent });
		const below = number === null ? { depth, parent } : { depth: depth + 1, parent: number };
		for (const child of children.toReversed()) waiting.push({ thread: child, ...below });
	}
	return found;
}
