import { Imap4AbortError } from '../errors';
import type { FetchedMessage } from '../grammar/fetch';
import type { MailboxNames } from '../grammar/mailbox-name';
import type { BodyFlow } from '../grammar/message-body';
import type { Response } from '../grammar/response';
import { readResponse } from '../grammar/response';
import type { MessageOwner } from './streaming-fetch';
import { StreamedMessage } from './streaming-fetch';
import type { Trace } from './trace';
import type { LiteralSink } from '../wire/framer';
import { Framer } from '../wire/framer';
import type { Limits } from '../wire/limits';
import { Reader } from '../wire/reader';
import { utf8 } from '../wire/text';

/** Octets of one line that a trace shows. */
const SHOWN = 2000;

export interface InboxHandler {
	readonly names: MailboxNames;
	readonly flow: BodyFlow;
	/** One response, as read and as it came, `buffer[start..end)`; the bytes may be kept. */
	received(response: Response, buffer: Buffer, start: number, end: number): void;
	/**
	 * A response that cannot be read, as it came; the bytes may be kept.
	 * @throws Imap4AbortError if the connection cannot go on
	 */
	unreadable(error: Imap4AbortError, bytes: Buffer): void;
	/** A message that belongs to no command; its streamed bodies are gone. */
	unowned(message: FetchedMessage): void;
	/** Whose message this is, a body of which is about to be streamed. */
	owner(message: FetchedMessage): MessageOwner | undefined;
	/** A whole response has come: the server is alive. */
	responded(): void;
}

/** Octets → responses, and streamed literals to the bodies they belong to. */
export class Inbox {
	private framer: Framer;
	private streamed: StreamedMessage | undefined;

	constructor(
		private readonly handler: InboxHandler,
		private readonly limits: Limits,
		private readonly trace: Trace | undefined,
	) {
		this.framer = this.restart();
	}

	/**
	 * @returns how many octets were used: all, unless {@link stop} was called meanwhile
	 * @throws Imap4AbortError PROTOCOL or LIMIT
	 */
	push(chunk: Buffer): number {
		return this.framer.push(chunk);
	}

	/** The beginning of a response whose end has not come. */
	get partialLine(): Buffer | undefined {
		return this.streamed ? undefined : this.framer.partialLine;
	}

	/** From now on nothing more is read. */
	stop(): void {
		this.framer.stop();
	}

	/** Begins afresh: what comes now comes over another transport. */
	restart(): Framer {
		this.framer = new Framer(
			{
				response: (buffer, start, end) => this.response(buffer, start, end),
				literal: (buffer, start, end, size) => this.literal(buffer, start, end, size),
			},
			this.limits,
		);
		return this.framer;
	}

	/** The connection is gone: readers of a body get the error. */
	fail(error: () => Error): void {
		this.framer.stop();
		this.streamed?.fail(error());
	}

	private response(buffer: Buffer, start: number, end: number): void {
		this.handler.responded();
		const { streamed } = this;
		if (streamed) {
			// Until its end is read, a failure must reach the readers of its bodies.
			const isOwned = streamed.end(this.reader(buffer, start, end));
			this.streamed = undefined;
			if (!isOwned) this.handler.unowned(streamed.message);
			return;
		}
		this.trace?.({
			direction: 'receive',
			text: utf8(buffer, start, Math.min(end, start + SHOWN)),
		});
		let response: Response | undefined;
		try {
			response = readResponse(buffer, start, end, {
				names: this.handler.names,
				maxDepth: this.limits.nestingDepth,
			});
		} catch (error) {
			if (!(error instanceof Imap4AbortError) || error.code !== 'PROTOCOL') throw error;
			return this.handler.unreadable(error, buffer.subarray(start, end));
		}
		if (response) this.handler.received(response, buffer, start, end);
	}

	private literal(
		buffer: Buffer,
		start: number,
		end: number,
		size: number,
	): LiteralSink | undefined {
		const reader = this.reader(buffer, start, end);
		const streamed = this.streamed ?? StreamedMessage.begin(reader);
		const body = streamed?.literal(reader, size, this.handler.flow, (message) =>
			this.handler.owner(message),
		);
		if (body) this.streamed = streamed;
		return body;
	}

	private reader(buffer: Buffer, start: number, end: number): Reader {
		return new Reader(buffer, start, end, this.limits.nestingDepth);
	}
}
