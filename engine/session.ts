import { randomInt } from 'node:crypto';
import { Capabilities } from './capabilities';
import type { Command, SessionState, State } from './command';
import { Imap4AbortError, Imap4Error, Imap4ReadonlyError } from './errors';
import { FetchedMessage, readItems } from './grammar/fetch';
import { MailboxNames } from './grammar/mailbox-name';
import type { BodyFlow, MessageBody } from './grammar/message-body';
import type { ResponseCode } from './grammar/response-code';
import type { StatusResponse, TaggedResponse, UntaggedResponse } from './grammar/response';
import { readResponse } from './grammar/response';
import type { SelectedMailbox } from './mailbox';
import { observe } from './mailbox-news';
import type { TraceEvent } from './outbox';
import { Outbox } from './outbox';
import { Watchdog } from './transport/clock';
import type { Transport, TransportHandler } from './transport/transport';
import type { LiteralSink } from './wire/framer';
import { Framer } from './wire/framer';
import type { Limits } from './wire/limits';
import { Reader } from './wire/reader';
import { encode } from './wire/writer';

export interface SessionOptions {
	limits: Limits;
	/** Milliseconds without progress, of the greeting and of any command. */
	timeouts: { greeting: number; command: number };
	trace?: (event: TraceEvent) => void;
	/** Told of untagged responses that no command asked for. */
	unsolicited?: (response: UntaggedResponse) => void;
}

interface Pending {
	command: Command<unknown>;
	tag: string;
	resolve(result: unknown): void;
	reject(error: Error): void;
}

/** Octets of a literal that count as progress. */
const PROGRESS = 64 * 1024;

/**
 * One connection: it owns a transport, sends commands as early as RFC 9051 §5.5 allows, hands
 * each response to the command it belongs to, and knows the state. Whatever the server does ends
 * in the result or error of the commands concerned, never anywhere else.
 */
export class Session implements SessionState {
	state: State = 'not authenticated';
	mailbox: SelectedMailbox | undefined;
	greeting: StatusResponse | undefined;
	readonly enabled = new Set<string>();
	readonly names = new MailboxNames();
	readonly flow: BodyFlow;

	private known: Capabilities | undefined;
	private framer: Framer;
	private readonly outbox: Outbox;
	private readonly queue: Pending[] = [];
	private readonly inFlight: Pending[] = [];
	private readonly watchdog: Watchdog;
	private readonly prefix = Array.from({ length: 4 }, () => 'ABCDEFGHIJKLMNOP'[randomInt(16)]).join('');
	private counter = 0;
	private unclaimed = 0;
	private progress = 0;
	private held = false;
	/** The message one of whose bodies is being streamed, and whose command it is. */
	private streaming: { message: FetchedMessage; owner: Pending | undefined; body: MessageBody } | undefined;
	/** Done once the present chunk turns out to hold nothing more (STARTTLS). */
	private upgrade: (() => void) | undefined;
	private greeted: { resolve(): void; reject(error: Error): void } | undefined;
	private failure: Imap4AbortError | undefined;
	/** The server made the mailbox read-only after it was selected read-write. */
	private turnedReadOnly = false;

	private constructor(
		private transport: Transport,
		private readonly options: SessionOptions,
	) {
		this.framer = this.newFramer();
		this.outbox = new Outbox(transport, (error) => this.fail(error), options.trace);
		this.watchdog = new Watchdog(() => this.late());
		const session = this;
		this.flow = {
			pause: () => session.pause(),
			resume: () => session.resume(),
			get contended() {
				return session.inFlight.length > 1 || session.queue.length > 0;
			},
			unreadLimit: options.limits.unreadBody,
		};
	}

	/**
	 * Waits for the greeting on an open transport (RFC 9051 §7.1.5).
	 * @throws Imap4AbortError TIMEOUT, BYE, PROTOCOL, CONNECTION_LOST
	 */
	static async open(transport: Transport, options: SessionOptions): Promise<Session> {
		const session = new Session(transport, options);
		await new Promise<void>((resolve, reject) => {
			session.greeted = { resolve, reject };
			session.watchdog.set(options.timeouts.greeting);
			transport.start(session.handler());
		});
		return session;
	}

	get secure(): boolean {
		return this.transport.secure;
	}

	/** Why the connection is gone, if it is. */
	get closedBy(): Imap4AbortError | undefined {
		return this.failure;
	}

	/** Whether capabilities are known; a server tells them in the greeting, with the login, or when asked. */
	get capabilitiesKnown(): boolean {
		return this.known !== undefined;
	}

	get capabilities(): Capabilities {
		return this.known ?? new Capabilities([]);
	}

	forgetCapabilities(): void {
		this.known = undefined;
	}

	/** Nothing is in flight, and nothing waits. */
	get idle(): boolean {
		return this.inFlight.length === 0 && this.queue.length === 0;
	}

	ref(): void {
		this.transport.ref();
	}

	unref(): void {
		this.transport.unref();
	}

	/**
	 * Sends a command, now or once RFC 9051 §5.5 allows it.
	 * @throws Imap4Error what the command or the connection came to
	 */
	run<Result>(command: Command<Result>): Promise<Result> {
		return new Promise<Result>((resolve, reject) => {
			if (this.failure) return reject(again(this.failure, command.name));
			this.queue.push({ command, tag: '', resolve: resolve as (result: unknown) => void, reject });
			this.pump();
			if (this.held && this.flow.contended) this.resume();
		});
	}

	/** Gives the connection up. Commands under way fail with `error`. */
	destroy(error = new Imap4AbortError('CLOSED', 'The connection was closed by this client')): void {
		this.fail(error);
	}

	/**
	 * Changes to TLS (RFC 9051 §6.2.1). All that was learned in clear text is forgotten.
	 * @throws Imap4AbortError STARTTLS if the server refuses it or sends anything after its OK in
	 * clear text, and all that a TLS handshake can throw. The connection is closed then.
	 */
	async startTls(): Promise<void> {
		const { transport } = this;
		const begin = transport.startTls?.bind(transport);
		if (!begin) throw new Imap4Error('STATE', 'This transport cannot change to TLS');
		const secured = await new Promise<Transport>((resolve, reject) => {
			void this.run<void>({
				name: 'STARTTLS',
				args: [],
				states: ['not authenticated'],
				pipelining: 'alone',
				done: () => {
					this.framer.stop();
					this.upgrade = () => begin().then(resolve, reject);
				},
			}).catch(reject);
		}).catch((error: unknown) => {
			const reason =
				error instanceof Imap4AbortError
					? error
					: new Imap4AbortError('STARTTLS', `STARTTLS was refused: ${String((error as Error).message)}`, {
							cause: error,
						});
			this.fail(reason);
			throw reason;
		});
		this.transport = secured;
		this.framer = this.newFramer();
		this.outbox.attach(secured);
		this.known = undefined;
		this.greeting = undefined;
		secured.start(this.handler());
	}

	private newFramer(): Framer {
		return new Framer(
			{
				response: (buffer, start, end) => this.response(buffer, start, end),
				literal: (buffer, start, end, size) => this.literal(buffer, start, end, size),
			},
			this.options.limits,
		);
	}

	private handler(): TransportHandler {
		return {
			data: (chunk) => this.data(chunk),
			drained: () => this.outbox.drained(),
			closed: (error) => this.ended(error),
		};
	}

	private data(chunk: Buffer): void {
		if (this.failure) return;
		try {
			this.progress += chunk.length;
			const used = this.framer.push(chunk);
			if (this.progress >= PROGRESS) this.progressed();
			if (this.upgrade) {
				if (used < chunk.length) {
					throw new Imap4AbortError(
						'STARTTLS',
						'The server, or someone in between, sent more in clear text after STARTTLS was agreed',
					);
				}
				const upgrade = this.upgrade;
				this.upgrade = undefined;
				upgrade();
			}
		} catch (error) {
			this.fail(
				error instanceof Imap4AbortError
					? error
					: new Imap4AbortError('PROTOCOL', 'A response could not be handled', { cause: error }),
			);
		}
	}

	private response(buffer: Buffer, start: number, end: number): void {
		this.progressed();
		const { streaming } = this;
		if (streaming) {
			this.streaming = undefined;
			const reader = new Reader(buffer, start, end, this.options.limits.nestingDepth);
			if (readItems(reader, streaming.message)) throw reader.expected('octets of a literal');
			streaming.owner?.command.endStreaming?.(streaming.message);
			return;
		}
		this.options.trace?.({ direction: 'receive', text: buffer.utf8Slice(start, Math.min(end, start + 2000)) });
		const response = readResponse(buffer, start, end, {
			names: this.names,
			maxDepth: this.options.limits.nestingDepth,
		});
		if (!response) return;
		if (this.greeted) this.greet(response.type === 'status' ? response : undefined);
		else if (response.type === 'tagged') this.tagged(response);
		else if (response.type === '+') this.continued(response.text);
		else this.untagged(response);
	}

	private greet(greeting: StatusResponse | undefined): void {
		const { greeted } = this;
		if (!greeting || (greeting.status !== 'OK' && greeting.status !== 'PREAUTH')) {
			throw greeting?.status === 'BYE'
				? byeError(greeting)
				: new Imap4AbortError('PROTOCOL', 'The server did not greet as an IMAP4 server does');
		}
		this.greeted = undefined;
		this.greeting = greeting;
		this.state = greeting.status === 'PREAUTH' ? 'authenticated' : 'not authenticated';
		this.learn(greeting.code);
		this.watchdog.rest();
		greeted?.resolve();
	}

	private untagged(response: UntaggedResponse): void {
		if (response.type === 'status') this.learn(response.code);
		else if (response.type === 'CAPABILITY') this.known = new Capabilities(response.capabilities, this.enabled);
		else if (response.type === 'ENABLED') this.confirm(response.capabilities);
		for (const pending of this.inFlight) {
			if (pending.command.claim?.(response, this)) return;
		}
		if (response.type === 'status' && response.status === 'BYE') throw byeError(response);
		if (this.mailbox) this.turnedReadOnly ||= observe(this.mailbox, response);
		if (++this.unclaimed > this.options.limits.unclaimedResponses) {
			throw new Imap4AbortError('LIMIT', `The server sent more than ${this.unclaimed - 1} responses nobody asked for`);
		}
		this.options.unsolicited?.(response);
	}

	private learn(code: ResponseCode | undefined): void {
		if (code && 'capabilities' in code) this.known = new Capabilities(code.capabilities, this.enabled);
	}

	private confirm(capabilities: string[]): void {
		for (const name of capabilities) this.enabled.add(name);
		if (this.known) this.known = new Capabilities(this.known, this.enabled);
		this.names.utf8 ||= this.enabled.has('UTF8=ACCEPT') || this.enabled.has('IMAP4REV2');
	}

	private tagged(response: TaggedResponse): void {
		const index = this.inFlight.findIndex((one) => one.tag === response.tag);
		if (index < 0) {
			throw new Imap4AbortError('PROTOCOL', 'The server answered a command that was not sent');
		}
		const [pending] = this.inFlight.splice(index, 1) as [Pending];
		if (this.outbox.ends(pending.tag) === 'cut short' && response.status === 'OK') {
			throw new Imap4AbortError('PROTOCOL', 'The server accepted a command before all of it was sent');
		}
		this.unclaimed = 0;
		this.learn(response.code);
		if (this.mailbox && response.code) this.turnedReadOnly ||= observe(this.mailbox, response);
		this.settle(pending, response);
		if (this.inFlight.length === 0) this.watchdog.rest();
		this.pump();
	}

	private settle({ command, resolve, reject }: Pending, response: TaggedResponse): void {
		try {
			if (response.status === 'OK') return resolve(command.done(response, this));
			const error = new Imap4Error(
				response.status,
				`${command.name} was ${response.status === 'NO' ? 'refused' : 'not accepted'}: ${response.text || 'the server gave no reason'}`,
				{ command: command.name, responseCode: response.code?.name, serverText: response.text },
			);
			reject(command.refused?.(error, response, this) ?? error);
		} catch (error) {
			reject(error as Error);
		}
	}

	private continued(text: string): void {
		if (this.outbox.proceed()) {
			this.pump();
			return;
		}
		const pending = this.inFlight.find((one) => one.command.challenge);
		if (!pending) throw new Imap4AbortError('PROTOCOL', 'The server asked for more of a command that was whole');
		void this.answer(pending, text);
	}

	private async answer(pending: Pending, text: string): Promise<void> {
		try {
			const data = await pending.command.challenge?.(Buffer.from(text, 'base64'));
			if (!this.failure) this.outbox.line(data ? data.toString('base64') : '*', true);
		} catch (error) {
			// The caller's own code failed: the exchange is cancelled, and that is the result.
			pending.reject(error as Error);
			if (!this.failure) this.outbox.line('*', true);
		}
	}

	private literal(buffer: Buffer, start: number, end: number, size: number): LiteralSink | undefined {
		const reader = new Reader(buffer, start, end, this.options.limits.nestingDepth);
		let message = this.streaming?.message;
		let owner = this.streaming?.owner;
		const again = message !== undefined;
		if (!message) {
			if (!reader.take(0x2a)) return undefined;
			reader.blanks();
			if (!reader.atNumber) return undefined;
			message = new FetchedMessage(reader.number());
			reader.blanks();
			if (reader.atom().upper !== 'FETCH') return undefined;
			reader.blanks();
			reader.enter();
		}
		const streamed = readItems(reader, message);
		if (!streamed || streamed.size !== size) throw reader.expected('a body');
		const found = message;
		if (!again) owner = this.inFlight.find(({ command }) => command.claimStreaming?.(found, this));
		const { body } = streamed;
		body.begin(size, this.flow);
		if (!owner) body.discard();
		this.streaming = { message, owner, body };
		return body;
	}

	/** Sends what may be sent. */
	private pump(): void {
		while (this.queue.length > 0 && !this.outbox.waiting && !this.failure) {
			const next = this.queue[0] as Pending;
			if (!this.mayBegin(next.command)) return;
			this.queue.shift();
			this.begin(next);
		}
	}

	/** RFC 9051 §5.5 */
	private mayBegin(next: Command<unknown>): boolean {
		if (this.inFlight.length === 0) return true;
		if (next.pipelining === 'alone') return false;
		const byNumber = next.pipelining !== 'free';
		return this.inFlight.every(
			({ command: { pipelining } }) =>
				pipelining !== 'alone' && !(byNumber && pipelining !== 'numbers'),
		);
	}

	private begin(pending: Pending): void {
		const { command } = pending;
		try {
			this.checkAllowed(command);
			const segments = encode(command.name, command.args, {
				utf8: this.names.utf8,
				nonSynchronizing: this.known?.nonSynchronizing ?? 0,
				encodeMailbox: (name) => this.names.encode(name),
			});
			command.begin?.(this);
			pending.tag = this.prefix + ++this.counter;
			this.inFlight.push(pending);
			this.progressed();
			this.outbox.command(pending.tag, segments, () => this.pump());
		} catch (error) {
			pending.reject(error as Error);
		}
	}

	private checkAllowed(command: Command<unknown>): void {
		if (!command.states.includes(this.state)) {
			throw new Imap4Error(
				'STATE',
				`${command.name} needs a session that is ${command.states.join(' or ')}; this one is ${this.state}`,
				{ command: command.name },
			);
		}
		const missing = command.needs?.find((name) => !this.capabilities.has(name));
		if (missing) {
			throw new Imap4Error('CAPABILITY', `The server does not offer ${missing}, which ${command.name} needs`, {
				command: command.name,
			});
		}
		if (this.turnedReadOnly && command.states.length === 1 && this.state === 'selected') {
			throw new Imap4ReadonlyError(`The server made ${this.mailbox?.name} read-only; select it again`, {
				command: command.name,
			});
		}
	}

	enter(state: 'authenticated' | 'selected', mailbox?: SelectedMailbox): void {
		this.state = state;
		this.mailbox = mailbox;
		this.turnedReadOnly = false;
	}

	private pause(): void {
		if (this.failure || this.held) return;
		this.held = true;
		this.transport.pause();
		// Who is slow here is the caller, unless another command waits behind.
		if (!this.flow.contended) this.watchdog.rest();
	}

	private resume(): void {
		if (this.failure || !this.held) return;
		this.held = false;
		this.progressed();
		this.transport.resume();
	}

	private progressed(): void {
		this.progress = 0;
		if (this.inFlight.length > 0) this.watchdog.set(this.options.timeouts.command);
	}

	private late(): void {
		if (this.greeted) {
			const { greeting } = this.options.timeouts;
			return this.fail(new Imap4AbortError('TIMEOUT', `The server did not greet within ${greeting} ms`));
		}
		const name = this.inFlight[0]?.command.name;
		if (!name) return;
		this.fail(
			new Imap4AbortError('TIMEOUT', `No answer to ${name} for ${this.options.timeouts.command} ms`, {
				command: name,
			}),
		);
	}

	private ended(error: Imap4AbortError | undefined): void {
		const where = this.inFlight[0] ? ` during ${this.inFlight[0].command.name}` : '';
		this.fail(
			error ??
				new Imap4AbortError(
					'CONNECTION_LOST',
					this.greeted
						? 'The server closed the connection before it had greeted'
						: `The server closed the connection${where}`,
					{ command: this.inFlight[0]?.command.name },
				),
		);
	}

	private fail(error: Imap4AbortError): void {
		if (this.failure) return;
		this.failure = error;
		this.state = 'logout';
		this.mailbox = undefined;
		this.watchdog.stop();
		this.framer.stop();
		this.outbox.stop();
		this.transport.destroy();
		for (const body of this.streaming?.message.body ?? []) body.fail(error);
		this.greeted?.reject(error);
		for (const { command, resolve, reject } of [...this.inFlight.splice(0), ...this.queue.splice(0)]) {
			const result = command.aborted?.(error);
			if (result) resolve(result.result);
			else reject(again(error, command.name));
		}
	}
}

function byeError(bye: StatusResponse): Imap4AbortError {
	return new Imap4AbortError('BYE', `The server ended the session: ${bye.text || 'it gave no reason'}`, {
		responseCode: bye.code?.name,
		serverText: bye.text,
	});
}

/** The same error with a stack of its own and the command that it hit. */
function again(error: Imap4AbortError, command: string): Imap4AbortError {
	const { code, responseCode, serverText } = error;
	if (code === 'READ_ONLY') return error;
	return new Imap4AbortError(code, error.message, { command, responseCode, serverText, cause: error.cause });
}
