import { Imap4AbortError, Imap4Error } from '../errors';
import type { FetchedMessage } from '../grammar/fetch';
import { MailboxNames } from '../grammar/mailbox-name';
import type { Response } from '../grammar/response';
import type { ChannelBinding } from '../transport/channel-binding';
import { deflated } from '../transport/deflate';
import type { Transport, TransportHandler } from '../transport/transport';
import type { Part } from '../wire/writer';
import { encode } from '../wire/writer';
import { FlowControl } from './flow-control';
import { Inbox } from './inbox';
import { Outbox } from './outbox';
import type { Pipeline } from './pipeline';
import { Redaction } from './redaction';
import type { SessionOptions } from './session-options';
import type { MessageOwner } from './streaming-fetch';
import type { Trace } from './trace';

/** Bytes kept of what came before the greeting was read, for an error that quotes them. */
const MAX_OPENING = 2000;

/**
 * Why a connection ends, or what makes the error that says so. It is made when somebody asks: after an
 * orderly LOGOUT nobody does, and an error with its stack costs a tenth of a login.
 */
export type CloseReason = Imap4AbortError | (() => Imap4AbortError);

/** What happens on a connection goes here. */
export interface ConnectionHandler {
	/**
	 * One response, as read and as it came, `buffer[start..end)`.
	 * @throws Imap4AbortError if the connection cannot go on
	 */
	received(response: Response, buffer: Buffer, start: number, end: number): void;
	/**
	 * A response that cannot be read; the connection may go on.
	 * @throws Imap4AbortError if it cannot
	 */
	unreadable(error: Imap4AbortError, bytes: Buffer): void;
	/** The command that a message belongs to of which a body is about to be streamed. */
	recipientOf(message: FetchedMessage): MessageOwner | undefined;
	/** A message of which a body was streamed, and that belongs to no command. */
	unowned(message: FetchedMessage): void;
	/** The next command can be written. */
	writable(): void;
	/** What came is not a greeting. @returns the error to fail with in place of this one */
	explained(error: Imap4AbortError): Imap4AbortError;
	/** Nothing has happened for as long as it may take. */
	timedOut(): void;
	/** The far end closed, with a system error or without. */
	closed(error: Imap4AbortError | undefined): void;
	/** The connection has been given up, as {@link Connection.closedBy} says; called once. */
	failed(): void;
}

/**
 * One connection: bytes in and out, whichever transport carries them. It frames and reads what
 * comes, writes commands, changes to TLS and to compression, and watches the timeouts. What a
 * response means, and which command may be sent, is not decided here.
 */
export class Connection {
	readonly names = new MailboxNames();
	readonly redaction = new Redaction();
	readonly flow: FlowControl;

	private handler!: ConnectionHandler;
	private readonly inbox: Inbox;
	private readonly outbox: Outbox;
	/** The transport is about to change; what is sent now would go over the old one. */
	private changing = false;
	/** Waits for what is left of the present chunk, before the transport changes. */
	private rest: ((bytes: Buffer) => void) | undefined;
	private reason: CloseReason | undefined;
	/** The first bytes that came, until the greeting has been read. */
	private opening: Buffer | undefined = Buffer.alloc(0);

	constructor(
		private transport: Transport,
		private readonly options: SessionOptions,
		pipeline: Pipeline,
	) {
		const { trace } = options;
		const redacted: Trace | undefined =
			trace && (({ direction, text }) => trace({ direction, text: this.redaction.redact(text) }));
		this.outbox = new Outbox(
			transport,
			(error) => this.fail(error),
			() => this.flow.progressed(),
			redacted,
		);
		this.flow = new FlowControl(
			pipeline,
			options.timeouts.command,
			options.limits.unreadBody,
			transport,
			() => this.handler.timedOut(),
		);
		this.inbox = new Inbox(
			{
				names: this.names,
				flow: this.flow,
				received: (response, buffer, start, end) => {
					this.redaction.cleanResponse(response);
					this.handler.received(response, buffer, start, end);
				},
				unreadable: (error, bytes) => this.handler.unreadable(error, bytes),
				unowned: (message) => this.handler.unowned(message),
				owner: (message) => this.handler.recipientOf(message),
				responded: () => this.flow.responded(),
			},
			options.limits,
			redacted,
		);
	}

	/** Begins to read. */
	start(handler: ConnectionHandler): void {
		this.handler = handler;
		this.transport.start(this.transportHandler);
	}

	get secure(): boolean {
		return this.transport.secure;
	}

	get channelBinding(): ChannelBinding | undefined {
		return this.transport.channelBinding;
	}

	/** Whether text that comes can be passed on as the server's own. */
	get textTrusted(): boolean {
		return this.transport.secure || this.options.tlsRequired !== true;
	}

	/**
	 * The text that came and was not read as a response: the opening where the server has not greeted
	 * yet, else a line whose end has not come.
	 */
	get unreadText(): string {
		const bytes = this.opening ?? this.inbox.partialLine;
		return bytes ? this.redaction.safe(bytes.toString()) : '';
	}

	/** The server has greeted. */
	greeted(): void {
		this.opening = undefined;
	}

	/** Whether the connection is gone. */
	get closed(): boolean {
		return this.reason !== undefined;
	}

	/** Why the connection is gone, if it is. */
	get closedBy(): Imap4AbortError | undefined {
		if (typeof this.reason === 'function') this.reason = this.reason();
		return this.reason;
	}

	/** Whether a command can be written now. */
	get writable(): boolean {
		return !this.outbox.waiting && !this.closed && !this.changing;
	}

	ref(): void {
		this.transport.ref();
	}

	unref(): void {
		this.transport.unref();
	}

	/**
	 * Encodes a command.
	 * @param nonSynchronizing largest literal that may be sent without waiting for `+`
	 * @returns what writes it, once, and whether it waits for the server in between
	 * @throws Imap4Error ARGUMENT for what cannot be encoded
	 */
	encode(
		name: string,
		args: readonly Part[],
		nonSynchronizing: number,
	): { write(tag: string): void; waits: boolean } {
		const segments = encode(name, args, {
			utf8: this.names.utf8,
			nonSynchronizing,
			encodeMailbox: (mailbox) => this.names.encode(mailbox),
		});
		return {
			write: (tag) => this.outbox.command(tag, segments, () => this.handler.writable()),
			waits: segments.some(({ wait }) => wait),
		};
	}

	/** Writes a line that belongs to a command under way. @param secret keeps it out of traces */
	sendLine(text: string, secret: boolean): void {
		if (!this.closed) this.outbox.line(text, secret);
	}

	/** The server sent `+`. @returns whether a literal was waiting for it, which is written now */
	continueLiteral(): boolean {
		return this.outbox.proceed();
	}

	/** Whether the command with this tag has not been written whole yet. */
	isWriting(tag: string): boolean {
		return this.outbox.isWriting(tag);
	}

	/** The command with this tag has ended. @returns whether it was before all of it had been sent */
	endsEarly(tag: string): boolean {
		return this.outbox.ends(tag) === 'cut short';
	}

	/** Sends no further command until {@link sendAgain} or a change of transport. */
	holdBack(): void {
		this.changing = true;
	}

	sendAgain(): void {
		this.changing = false;
		this.handler.writable();
	}

	/**
	 * Stops reading and sending: what comes next belongs to another transport. To be called while a
	 * response is handled.
	 * @returns what came right behind that response
	 */
	suspend(): Promise<Buffer> {
		this.holdBack();
		this.inbox.stop();
		this.transport.pause();
		return new Promise((resolve) => (this.rest = resolve));
	}

	/** Whether the transport can change to TLS. */
	get canStartTls(): boolean {
		return this.transport.startTls !== undefined;
	}

	/**
	 * Changes to TLS, once {@link suspend}ed.
	 * @param secured called after the handshake, before anything is read or sent
	 * @throws Imap4AbortError if the handshake fails
	 */
	async changeToTls(secured: () => void): Promise<void> {
		if (!this.transport.startTls)
			throw new Imap4Error('STATE', 'This transport cannot change to TLS');
		const transport = await this.transport.startTls();
		secured();
		this.attach(transport);
	}

	/** Compresses both ways, once {@link suspend}ed. @param received the first compressed bytes */
	changeToDeflate(received: Buffer): void {
		this.attach(deflated(this.transport, received));
	}

	/** Closes the connection at once, for this reason. */
	fail(reason: CloseReason): void {
		if (this.closed) return;
		this.reason = reason;
		this.flow.stop();
		this.inbox.fail(() => this.closedBy as Imap4AbortError);
		this.outbox.stop();
		this.transport.destroy();
		this.handler.failed();
	}

	private attach(transport: Transport): void {
		if (this.closedBy) {
			transport.destroy();
			throw this.closedBy;
		}
		this.transport = transport;
		this.inbox.restart();
		this.outbox.attach(transport);
		this.flow.attach(transport);
		transport.start(this.transportHandler);
		this.sendAgain();
	}

	private readonly transportHandler: TransportHandler = {
		data: (chunk) => this.data(chunk),
		drained: () => this.outbox.drained(),
		closed: (error) => {
			if (!this.closed) this.handler.closed(error);
		},
	};

	private data(chunk: Buffer): void {
		if (this.closed) return;
		if (this.opening && this.opening.length < MAX_OPENING)
			this.opening = Buffer.concat([this.opening, chunk.subarray(0, MAX_OPENING)]);
		try {
			const used = this.inbox.push(chunk);
			this.flow.received(chunk.length);
			this.rest?.(chunk.subarray(used));
			this.rest = undefined;
		} catch (error) {
			const failure =
				error instanceof Imap4AbortError
					? error
					: new Imap4AbortError('PROTOCOL', 'A response could not be handled', { cause: error });
			this.fail(this.opening ? this.handler.explained(failure) : failure);
		}
	}
}
