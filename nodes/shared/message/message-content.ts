/**
 * Reads what is in messages: texts, attachments, and what parts of them say as fields. Only the parts that
 * are needed are fetched, streamed, and decoded on the way; messages of which the same parts are needed
 * share a command. Which parts those are can depend on what is in others, so it goes in rounds.
 */
import {
	FetchLedger,
	type Uid,
	type UidSet,
	type OpenMailbox,
	type Imap4Error,
	type MessageBody,
} from '../../../engine/index';
import type { Cancellable } from '../execution/stop';
import { concernsMessage } from '../errors/advice';
import {
	ContentReader,
	type ContentRequest,
	type MessageContent,
	type Need,
} from './content-reader';
import type { StoreBinary } from './binary-store';

interface Group {
	needs: Map<Uid, readonly Need[]>;
	ledger: FetchLedger;
}

/** May be continued over another connection where one breaks. */
export class ContentReading {
	/** By UID, of the messages that were read. */
	readonly contents = new Map<Uid, MessageContent>();
	/** Messages that are there and whose content the server does not return. */
	readonly unreadable = new Map<Uid, Imap4Error | undefined>();
	readonly gone = new Set<Uid>();
	private waiting: Map<Uid, ContentReader>;
	private round: Group[] | undefined;

	constructor(requests: readonly ContentRequest[], store: StoreBinary) {
		this.waiting = new Map(
			requests.map((request) => [request.uid, new ContentReader(request, store)]),
		);
	}

	/**
	 * @param got called for each message as it has been read
	 * @throws InterruptedFetchError if the connection breaks; Imap4Error
	 */
	async read(
		execution: Cancellable,
		mailbox: OpenMailbox,
		got: (uid: Uid, content: MessageContent) => void = () => undefined,
	): Promise<void> {
		for (;;) {
			this.round ??= await this.nextRound(got);
			if (this.round.length === 0) return;
			for (const { needs, ledger } of this.round) {
				await ledger.settle(
					mailbox,
					(uids, came) => fetchNeeds(execution, mailbox, uids, needs, came),
					{
						concernsMessage,
					},
				);
				for (const uid of ledger.gone) {
					this.gone.add(uid);
					this.waiting.delete(uid);
				}
				for (const [uid, error] of ledger.unreadable) {
					this.unreadable.set(uid, error);
					this.waiting.delete(uid);
				}
			}
			this.round = undefined;
		}
	}

	/** Finishes those that need nothing more; groups the others by what they need. */
	private async nextRound(got: (uid: Uid, content: MessageContent) => void): Promise<Group[]> {
		const groups = new Map<string, Map<Uid, readonly Need[]>>();
		for (const [uid, reader] of this.waiting) {
			const needs = await reader.next();
			if (needs.length === 0) {
				this.waiting.delete(uid);
				this.contents.set(uid, reader.content);
				got(uid, reader.content);
				continue;
			}
			const key = needs.map(({ section }) => section).join(' ');
			const group = groups.get(key) ?? new Map<Uid, readonly Need[]>();
			group.set(uid, needs);
			groups.set(key, group);
		}
		return [...groups.values()].map((needs) => ({
			needs,
			ledger: new FetchLedger([...needs.keys()]),
		}));
	}
}

async function fetchNeeds(
	execution: Cancellable,
	mailbox: OpenMailbox,
	uids: UidSet,
	needs: ReadonlyMap<Uid, readonly Need[]>,
	came: (uid: Uid) => void,
): Promise<void> {
	execution.checkCancelled();
	const [some = []] = needs.values();
	const body = some.map(({ section }) => ({ section, peek: true }));
	const taken = new Set<number>();
	const messages = mailbox.fetch(uids, { uid: true, body });
	for await (const { uid, body: bodies } of messages) {
		const own = uid === undefined ? undefined : needs.get(uid);
		if (uid !== undefined && own && !taken.has(uid)) {
			taken.add(uid);
			await takeAll(own, bodies);
			came(uid);
		}
		execution.checkCancelled();
	}
}

/** The bodies come in the order they were asked for, and must be read in that order. */
async function takeAll(needs: readonly Need[], bodies: readonly MessageBody[]): Promise<void> {
	for (const [index, need] of needs.entries()) {
		const body = bodies[index];
		await need.take(body && body.content !== null ? body : undefined);
	}
}
