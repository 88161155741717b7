import { Imap4AbortError } from '../../errors';
import type { FetchedMessage } from '../../grammar/fetch';
import { MessageBody } from '../../grammar/message-body';
import type { AnySet } from '../../grammar/message-set';
import type { SessionState } from '../command';
import type { FetchItem } from './fetch-items';
import { FetchPieces } from './fetch-pieces';
import { SeenNumbers } from './seen-numbers';

/** Where the messages go as they arrive. */
export interface MessageSink {
	/** With bodies yet to come, where one of them is being streamed. */
	message(message: FetchedMessage, session: SessionState): void;
	/** UIDs that are gone, as a set. */
	vanished?(uids: string): void;
}

/** A body that was asked for, as a response names it. */
export interface AskedSection {
	name: string;
	origin: number | undefined;
}

/** Responses in which one message may come. */
const MOST_PIECES = 100;

/**
 * The messages that answer one FETCH. A response is the command's if it names a message of the set and holds
 * something that was asked for and that servers don't send as news; all others are left to the session.
 */
export class FetchAnswers {
	/** Items that servers send only if they are asked. */
	private readonly telling: readonly FetchItem[];
	/** Whether all that was asked for may come as news as well. */
	private readonly onlyNews: boolean;
	// The set counts its ranges: once, and not for each message.
	private readonly open: boolean;
	private readonly mostAnswers: number;
	private readonly byUid: boolean;
	private readonly seen = new SeenNumbers();
	private readonly pieces = new FetchPieces((message) => this.emit(message));
	private answers = 0;
	private session: SessionState | undefined;

	/** @param wanted at least one, or one of `sections` */
	constructor(
		private readonly set: AnySet,
		private readonly wanted: readonly FetchItem[],
		private readonly sections: readonly AskedSection[],
		private readonly sink: MessageSink,
	) {
		this.byUid = set.kind === 'UID';
		this.open = set.open;
		this.mostAnswers = set.size * MOST_PIECES;
		this.telling = wanted.filter(({ news }) => !news);
		this.onlyNews = this.telling.length === 0 && sections.length === 0;
	}

	/** Whether another command may have asked for it: it has come already, or none of its bodies was asked for. */
	defersTo(message: FetchedMessage): boolean {
		const number = this.numberOf(message);
		if (number !== undefined && this.seen.has(number)) return true;
		const { body } = message;
		return body.length > 0 && !body.some((one) => this.sections.some((asked) => is(one, asked)));
	}

	/**
	 * @returns whether the message was taken
	 * @throws Imap4AbortError LIMIT if the server answers with far more than was asked for
	 */
	take(message: FetchedMessage, session: SessionState): boolean {
		const number = this.numberOf(message);
		if (number === undefined || !this.isInSet(number)) return false;
		this.session = session;
		const isWhole = this.isWhole(message);
		if (!this.isMine(message, number, isWhole)) return this.takeMissing(message, number);
		// A server may tell a message in pieces (RFC 9051 §7.5.2), though not in any number of them.
		if (!this.open && ++this.answers > this.mostAnswers) {
			throw new Imap4AbortError(
				'LIMIT',
				`The server answered with ${this.answers} messages where ${this.set.size} were asked for`,
			);
		}
		this.pieces.complete(number, message);
		if (isWhole || this.isWhole(message) || this.seen.has(number)) this.emit(message);
		else this.pieces.keep(number, message);
		return true;
	}

	/** A message of which a body is about to be streamed. @returns whether it was taken */
	takeStreaming(message: FetchedMessage, session: SessionState): boolean {
		const number = this.numberOf(message);
		// A server may put the UID behind the body; then only one command can be meant.
		if (number !== undefined && !this.isInSet(number)) return false;
		if (this.sections.length === 0) return false;
		if (number !== undefined) {
			this.pieces.complete(number, message);
			this.seen.add(number);
		}
		this.arrange(message);
		this.sink.message(message, session);
		return true;
	}

	/** The command has ended: nothing more comes. */
	end(): void {
		this.pieces.releaseAll();
	}

	private numberOf({ uid, seq }: FetchedMessage): number | undefined {
		return this.byUid ? uid : seq;
	}

	private isInSet(number: number): boolean {
		return this.open || this.set.includes(number);
	}

	private isMine(message: FetchedMessage, number: number, isWhole: boolean): boolean {
		// What comes a second time is news, or another command's.
		if (this.onlyNews) return isWhole && !this.seen.has(number);
		return isWhole || message.body.length > 0 || this.telling.some(({ given }) => given(message));
	}

	/** Takes what servers also send as news, if it is what a message of this command lacks. */
	private takeMissing(message: FetchedMessage, number: number): boolean {
		const { onlyNews, pieces } = this;
		if (this.seen.has(number)) return false;
		const before = pieces.get(number);
		const brings = this.wanted.some(({ given }) => given(message) && !(before && given(before)));
		if (!brings) return false;
		if (before || onlyNews) pieces.complete(number, message);
		if (before ?? (onlyNews && this.isWhole(message))) {
			if (this.isWhole(message)) this.emit(message);
			else pieces.keep(number, message);
			return true;
		}
		pieces.note(number, message);
		return false;
	}

	private isWhole(message: FetchedMessage): boolean {
		for (const { given } of this.wanted) if (!given(message)) return false;
		return this.isArranged(message.body) || this.sections.every((asked) => isAmong(message, asked));
	}

	private emit(message: FetchedMessage): void {
		this.seen.add(this.numberOf(message) as number);
		if (!this.isArranged(message.body)) {
			this.arrange(message);
			settleBodies(message);
		}
		this.sink.message(message, this.session as SessionState);
	}

	/** The bodies in the order they were asked for, those yet to come included. */
	private arrange(message: FetchedMessage): void {
		const arrived = message.body.splice(0);
		for (const asked of this.sections) {
			const index = arrived.findIndex((body) => is(body, asked));
			const body = index < 0 ? undefined : arrived.splice(index, 1)[0];
			const expected = body ?? new MessageBody(asked.name, asked.origin);
			if (!body) (message.expected ??= []).push(expected);
			message.body.push(expected);
		}
		message.body.push(...arrived);
		for (let at = 1; at < message.body.length; at++) {
			(message.body[at] as MessageBody).follow(message.body[at - 1] as MessageBody);
		}
	}

	/** Whether these are the bodies that were asked for, in the same order: by far the most frequent case. */
	private isArranged(bodies: readonly MessageBody[]): boolean {
		const { sections } = this;
		if (bodies.length !== sections.length) return false;
		for (let at = 0; at < bodies.length; at++)
			if (!is(bodies[at] as MessageBody, sections[at] as AskedSection)) return false;
		return true;
	}
}

function isAmong({ body }: FetchedMessage, asked: AskedSection): boolean {
	return body.some((one) => is(one, asked));
}

function is(body: MessageBody, { name, origin }: AskedSection): boolean {
	return body.section === name && body.origin === origin;
}

/** What the server did not send is not there. */
export function settleBodies(message: FetchedMessage): void {
	for (const body of message.body)
		if (body.content === undefined && body.size === undefined) body.hold(null);
}
