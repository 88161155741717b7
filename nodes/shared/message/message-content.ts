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
	type MessageBody,
} from '../../../engine/index';
import { Turns } from '../../../mail/next-turn';
import type { Cancellable } from '../account/cancellable';
import { concernsMessage } from '../errors/advice';
import {
	ContentReader,
	type ContentRequest,
	type MessageContent,
	type Need,
} from './content-reader';
import type { StoreBinary } from './binary-store';

type Needs = Map<Uid, readonly Need[]>;

interface Group {
	needs: Needs;
	ledger: FetchLedger;
}

/** Takes a message as it has been read. */
export type TakeContent = (uid: Uid, content: MessageContent) => void;

/** May be continued over another connection where one breaks. */
export class ContentReading {
	/** By UID, of the messages that were read, unless they are taken one by one. */
	readonly contents = new Map<Uid, MessageContent>();
	/** Messages that are there and whose content the server does not return, or that no code here can read. */
	readonly unreadable = new Map<Uid, Error | undefined>();
	readonly gone = new Set<Uid>();
	/** Until the first round. */
	private requests: readonly ContentRequest[] | undefined;
	/** Messages that have not been read to the end. */
	private readonly waiting = new Map<Uid, ContentReader>();
	/** What they need, as far as that is known. */
	private needs: Needs = new Map();
	private round: Group[] | undefined;

	constructor(
		requests: readonly ContentRequest[],
		private readonly store: StoreBinary,
	) {
		this.requests = requests;
	}

	/**
	 * @param take called for each message as it has been read, in place of keeping it; what a message took on the
	 * way is given up at once, so that only what is put out is held of many
	 * @throws InterruptedFetchError if the connection breaks; Imap4Error
	 */
	async read(
		execution: Cancellable,
		mailbox: OpenMailbox,
		take: TakeContent = (uid, content) => void this.contents.set(uid, content),
	): Promise<void> {
		await this.begin(take);
		for (;;) {
			this.round ??= this.nextRound();
			if (this.round.length === 0) return;
			for (const group of this.round) {
				const { ledger } = group;
				await ledger.settle(
					mailbox,
					(uids, came) => this.fetch(execution, mailbox, uids, group.needs, came, take),
					{ concernsMessage },
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

	private async begin(take: TakeContent): Promise<void> {
		const { requests = [], store } = this;
		this.requests = undefined;
		const turns = new Turns();
		for (const request of requests) {
			const reader = new ContentReader(request, store);
			this.waiting.set(request.uid, reader);
			await this.advance(request.uid, reader, take);
			await turns.next();
		}
	}

	/** Finishes a message that needs nothing more. */
	private async advance(uid: Uid, reader: ContentReader, take: TakeContent): Promise<void> {
		const needs = await this.unlessDefect(uid, () => reader.next());
		if (!needs) return;
		if (needs.length > 0) {
			this.needs.set(uid, needs);
			return;
		}
		this.waiting.delete(uid);
		take(uid, reader.content);
	}

	/**
	 * A message that reveals a defect of this code must not keep the others from being read, in this run and in
	 * every later one.
	 * @returns undefined if the message is now one that cannot be read
	 */
	private async unlessDefect<T>(uid: Uid, work: () => Promise<T>): Promise<T | undefined> {
		try {
			return await work();
		} catch (error) {
			if (!isDefect(error)) throw error;
			this.unreadable.set(uid, error);
			this.waiting.delete(uid);
			return undefined;
		}
	}

	/** Groups the messages by what they need. */
	private nextRound(): Group[] {
		const groups = new Map<string, Needs>();
		for (const [uid, needs] of this.needs) {
			const key = needs.map(({ section }) => section).join(' ');
			const group = groups.get(key) ?? (new Map() as Needs);
			group.set(uid, needs);
			groups.set(key, group);
		}
		this.needs = new Map();
		return [...groups.values()].map((needs) => ({
			needs,
			ledger: new FetchLedger([...needs.keys()]),
		}));
	}

	private async fetch(
		execution: Cancellable,
		mailbox: OpenMailbox,
		uids: UidSet,
		needs: Needs,
		came: (uid: Uid) => void,
		take: TakeContent,
	): Promise<void> {
		execution.checkCancelled();
		const [some = []] = needs.values();
		const body = some.map(({ section }) => ({ section, peek: true }));
		const turns = new Turns();
		for await (const { uid, body: bodies } of mailbox.fetch(uids, { uid: true, body })) {
			const own = uid === undefined ? undefined : needs.get(uid);
			const reader = uid === undefined ? undefined : this.waiting.get(uid);
			if (uid !== undefined && own && reader) {
				await this.unlessDefect(uid, () => takeAll(own, bodies));
				// A second response for the message is passed over.
				needs.delete(uid);
				came(uid);
				if (this.waiting.has(uid)) await this.advance(uid, reader, take);
				await turns.next();
			}
			execution.checkCancelled();
		}
	}
}

/** Whether our own code failed: errors of the system and of libraries have a code or a cause, or a class of their own. */
const isDefect = (error: unknown): error is Error =>
	(error instanceof TypeError || error instanceof RangeError) &&
	!('code' in error) &&
	error.cause === undefined;

/** The bodies come in the order they were asked for, and must be read in that order. */
async function takeAll(needs: readonly Need[], bodies: readonly MessageBody[]): Promise<void> {
	for (const [index, need] of needs.entries()) {
		const body = bodies[index];
		await need.take(body && body.content !== null ? body : undefined);
	}
}
