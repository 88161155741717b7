import { randomInt } from 'node:crypto';
import { Capabilities } from '../grammar/capabilities';
import type { ChannelBinding } from '../transport/channel-binding';
import type { Command, SessionState, State } from '../commands/command';
import { Imap4AbortError, Imap4Error } from '../errors';
import { MailboxNames } from '../grammar/mailbox-name';
import type {
	Response,
	StatusResponse,
	TaggedResponse,
	UntaggedResponse,
} from '../grammar/response';
import type { ResponseCode } from '../grammar/response-code';
import type { SelectedMailbox } from '../commands/selected-mailbox';
import { observe } from '../commands/apply-unsolicited';
import type { Trace } from './trace';
import { deflated } from '../transport/deflate';
import type { Transport, TransportHandler } from '../transport/transport';
import { encode } from '../wire/writer';
import {
	byeError,
	lateError,
	lostError,
	noGreetingError,
	notOfferedError,
	readOnlyError,
	refusal,
	repeated,
	stateError,
	withoutWords,
} from './failures';
import { AnswerLimits } from './response-budget';
import { FlowControl } from './flow-control';
import { Inbox } from './inbox';
import { News } from './response-cache';
import { Outbox } from './outbox';
import type { Pending } from './pipeline';
import { Pipeline } from './pipeline';
import { Secrets } from './redaction';
import type { SessionOptions } from './session-options';

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
	readonly news = new News();
	readonly secrets = new Secrets();
	readonly flow: FlowControl;

	private known: Capabilities | undefined;
	private readonly inbox: Inbox;
	private readonly outbox: Outbox;
	private readonly pipeline = new Pipeline();
	private readonly prefix = Array.from({ length: 4 }, () => 'ABCDEFGHIJKLMNOP'[randomInt(16)]).join(
		'',
	);
	private counter = 0;
	private readonly answers: AnswerLimits;
	/** The transport is about to change; what is sent now would go over the old one. */
	private changing = false;
	/** Waits for what is left of the present chunk, before the transport changes. */
	private rest: ((octets: Buffer) => void) | undefined;
	private greeted: { resolve(): void; reject(error: Error): void } | undefined;
	private failure: Imap4AbortError | undefined;
	/** The server made the mailbox read-only after it was selected read-write. */
	private turnedReadOnly = false;

	private constructor(
		private transport: Transport,
		private readonly options: SessionOptions,
	) {
		this.answers = new AnswerLimits(options.limits);
		const { trace } = options;
		const clean: Trace | undefined =
			trace && (({ direction, text }) => trace({ direction, text: this.secrets.blot(text) }));
		this.outbox = new Outbox(
			transport,
			(error) => this.fail(error),
			() => this.flow.progressed(),
			clean,
		);
		this.flow = new FlowControl(
			this.pipeline,
			options.timeouts.command,
			options.limits.unreadBody,
			transport,
			() => this.late(),
		);
		this.inbox = new Inbox(
			{
				names: this.names,
				flow: this.flow,
				received: (response, octets) => this.received(response, octets),
				owner: (message) =>
					this.pipeline.recipientOf({ type: 'FETCH', message }, (command) =>
						command.acceptsStreaming?.(message, this),
					),
				progressed: () => this.flow.progressed(),
			},
			options.limits,
			clean,
		);
	}

	/**
	 * Waits for the greeting on an open transport (RFC 9051 §7.1.5).
	 * @throws Imap4AbortError TIMEOUT, BYE, PROTOCOL, CONNECTION_LOST
	 */
	static async open(transport: Transport, options: SessionOptions): Promise<Session> {
		const session = new Session(transport, options);
		await new Promise<void>((resolve, reject) => {
			session.greeted = { resolve, reject };
			session.flow.deadline(options.timeouts.greeting);
			transport.start(session.handler());
		});
		return session;
	}

	get secure(): boolean {
		return this.transport.secure;
	}

	/** Whether the words that come can be passed on as the server's own. */
	private get believed(): boolean {
		return this.transport.secure || this.options.tlsRequired !== true;
	}

	get channelBinding(): ChannelBinding | undefined {
		return this.transport.channelBinding;
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
		return this.pipeline.idle;
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
			if (this.failure) return reject(repeated(this.failure, command.name));
			this.pipeline.add({
				command,
				tag: '',
				resolve: resolve,
				reject,
			});
			this.pump();
			if (this.flow.contended) this.flow.resume();
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
	async startTls(command: Command<void>): Promise<void> {
		const { transport } = this;
		if (!transport.startTls) throw new Imap4Error('STATE', 'This transport cannot change to TLS');
		try {
			const rest = await this.upgraded(command);
			if (rest.length > 0) {
				throw new Imap4AbortError(
					'STARTTLS',
					'The server, or someone in between, sent more in clear text after STARTTLS was agreed',
				);
			}
			const secured = await transport.startTls();
			this.known = undefined;
			this.greeting = undefined;
			this.news.forget();
			this.names.forget();
			this.change(secured);
		} catch (error) {
			const reason =
				error instanceof Imap4AbortError
					? error
					: new Imap4AbortError('STARTTLS', `STARTTLS was refused: ${(error as Error).message}`, {
							cause: error,
						});
			this.fail(reason);
			throw reason;
		}
	}

	/** Compresses the connection from here on (RFC 4978). @throws Imap4Error CAPABILITY, NO */
	async compress(command: Command<void>): Promise<void> {
		try {
			const rest = await this.upgraded(command);
			this.change(deflated(this.transport, rest));
		} catch (error) {
			this.changing = false;
			this.pump();
			throw error;
		}
	}

	/**
	 * Runs a command after whose OK the connection speaks otherwise. Once it has ended, either way,
	 * no other command is sent: a password that waits behind STARTTLS must not go in clear text.
	 * @returns what came right behind that OK. Nothing more is read until {@link change}.
	 */
	private upgraded(command: Command<void>): Promise<Buffer> {
		return new Promise((resolve, reject) => {
			const done = (): void => {
				this.changing = true;
				this.inbox.stop();
				this.transport.pause();
				this.rest = resolve;
			};
			const refused = (error: Imap4Error): Imap4Error => {
				this.changing = true;
				return error;
			};
			this.run({ ...command, done, refused }).catch(reject);
		});
	}

	private change(transport: Transport): void {
		if (this.failure) {
			transport.destroy();
			throw this.failure;
		}
		this.transport = transport;
		this.inbox.restart();
		this.outbox.attach(transport);
		this.flow.attach(transport);
		transport.start(this.handler());
		this.changing = false;
		this.pump();
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
			const used = this.inbox.push(chunk);
			this.flow.received(chunk.length);
			this.rest?.(chunk.subarray(used));
			this.rest = undefined;
		} catch (error) {
			this.fail(
				error instanceof Imap4AbortError
					? error
					: new Imap4AbortError('PROTOCOL', 'A response could not be handled', { cause: error }),
			);
		}
	}

	private received(response: Response, octets: Buffer): void {
		this.secrets.clean(response);
		if (this.greeted) this.greet(response.type === 'status' ? response : undefined);
		else if (response.type === 'tagged') this.tagged(response);
		else if (response.type === '+') this.continued(response.text);
		else this.untagged(response, octets);
	}

	private greet(greeting: StatusResponse | undefined): void {
		const { greeted } = this;
		if (!greeting || (greeting.status !== 'OK' && greeting.status !== 'PREAUTH')) {
			throw greeting?.status === 'BYE'
				? byeError(this.shown(greeting))
				: new Imap4AbortError('PROTOCOL', 'The server did not greet as an IMAP4 server does');
		}
		this.greeted = undefined;
		this.greeting = greeting;
		this.state = greeting.status === 'PREAUTH' ? 'authenticated' : 'not authenticated';
		this.learn(greeting.code);
		this.flow.idle();
		greeted?.resolve();
	}

	private untagged(response: UntaggedResponse, octets: Buffer): void {
		this.pipeline.oldest?.onRawLine?.(octets);
		this.news.note(response, octets.length);
		if (response.type === 'status') this.learn(response.code);
		else if (response.type === 'CAPABILITY') this.offer(response.capabilities);
		const taker = this.pipeline.recipientOf(response, (command) =>
			command.accepts?.(response, this),
		);
		// What its caller takes bit by bit is not kept.
		if (taker) return taker.consumer ? undefined : this.answers.countKept(octets.length);
		if (response.type === 'status' && response.status === 'BYE')
			throw byeError(this.shown(response));
		if (this.mailbox) this.turnedReadOnly ||= observe(this.mailbox, response);
		this.answers.countUnclaimed();
		if (this.believed) this.options.unsolicited?.(response);
	}

	/** A refusal or BYE as it may be told: anyone can have written its words in clear text. */
	private shown<Said extends StatusResponse | TaggedResponse>(response: Said): Said {
		return this.believed ? response : withoutWords(response);
	}

	private learn(code: ResponseCode | undefined): void {
		if (code && 'capabilities' in code) this.offer(code.capabilities);
	}

	private offer(capabilities: Iterable<string>): void {
		this.known = new Capabilities(capabilities, this.enabled);
		// Where nothing but IMAP4rev2 is spoken, names are UTF-8 without being asked (RFC 9051 §5.1).
		this.names.utf8 ||= this.known.version === 'IMAP4rev2';
	}

	markEnabled(capabilities: readonly string[]): void {
		for (const name of capabilities) this.enabled.add(name);
		if (this.known) this.offer(this.known);
		this.names.utf8 ||= this.enabled.has('UTF8=ACCEPT');
	}

	private tagged(response: TaggedResponse): void {
		const pending = this.pipeline.answered(response.tag);
		if (!pending) {
			throw new Imap4AbortError('PROTOCOL', 'The server answered a command that was not sent');
		}
		if (this.outbox.ends(pending.tag) === 'cut short' && response.status === 'OK') {
			const error = new Imap4AbortError(
				'PROTOCOL',
				'The server accepted a command before all of it was sent',
			);
			pending.reject(error);
			throw error;
		}
		this.answers.restart();
		this.news.noteCode(response.code, response.text);
		this.learn(response.code);
		if (this.mailbox && response.code) this.turnedReadOnly ||= observe(this.mailbox, response);
		this.settle(pending, response);
		if (this.pipeline.oldest) this.flow.progressed();
		else this.flow.idle();
		this.pump();
	}

	private settle({ command, resolve, reject }: Pending, response: TaggedResponse): void {
		try {
			if (response.status === 'OK') return resolve(command.done(response, this));
			const error = refusal(command, this.shown(response));
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
		const ready = this.pipeline.find((command) => command.onContinuation);
		if (ready) {
			ready.command.onContinuation?.((line) => this.endLine(ready, line));
			return;
		}
		const pending = this.pipeline.find((command) => command.onChallenge);
		if (!pending)
			throw new Imap4AbortError(
				'PROTOCOL',
				'The server asked for more of a command that was whole',
			);
		this.pipeline.countChallenge(pending);
		void this.answer(pending, text);
	}

	/** The last line of a command that had no deadline; from here on it has one. */
	private endLine(pending: Pending, line: string): void {
		if (this.failure || !this.pipeline.inFlight.includes(pending)) return;
		this.outbox.line(line, false);
		this.flow.deadline();
	}

	private async answer(pending: Pending, text: string): Promise<void> {
		try {
			const data = await pending.command.onChallenge?.(Buffer.from(text, 'base64'));
			if (!this.failure) this.outbox.line(data ? data.toString('base64') : '*', true);
		} catch (error) {
			// The caller's own code failed: the exchange is cancelled, and that is the result.
			pending.reject(error as Error);
			if (!this.failure) this.outbox.line('*', true);
		}
	}

	/** Sends what may be sent. */
	private pump(): void {
		while (!this.outbox.waiting && !this.failure && !this.changing) {
			const next = this.pipeline.next();
			if (!next) return;
			this.begin(next);
		}
	}

	private begin(pending: Pending): void {
		const { command } = pending;
		try {
			this.admit(command);
			const segments = encode(command.name, command.args, {
				utf8: this.names.utf8,
				nonSynchronizing: this.known?.nonSynchronizing ?? 0,
				encodeMailbox: (name) => this.names.encode(name),
			});
			command.beforeSend?.(this);
			pending.tag = this.prefix + ++this.counter;
			this.pipeline.sent(pending);
			this.flow.progressed();
			this.outbox.command(pending.tag, segments, () => this.pump());
		} catch (error) {
			pending.reject(error as Error);
		}
	}

	private admit(command: Command<unknown>): void {
		const missing = command.needs?.find((name) => !this.capabilities.has(name));
		if (!command.states.includes(this.state)) throw stateError(command, this.state);
		if (missing) throw notOfferedError(command, missing);
		// What may run only while a mailbox is selected changes it or reads it.
		if (this.turnedReadOnly && command.states.length === 1 && this.state === 'selected')
			throw readOnlyError(command, this.mailbox?.name);
	}

	setState(state: 'authenticated' | 'selected', mailbox?: SelectedMailbox): void {
		this.state = state;
		this.mailbox = mailbox;
		this.turnedReadOnly = false;
	}

	private late(): void {
		const { greeting, command } = this.options.timeouts;
		const { oldest } = this.pipeline;
		if (this.greeted) this.fail(noGreetingError(greeting));
		else if (oldest) this.fail(lateError(oldest.name, command));
	}

	private ended(error: Imap4AbortError | undefined): void {
		this.fail(error ?? lostError(!this.greeted, this.pipeline.oldest?.name));
	}

	private fail(error: Imap4AbortError): void {
		if (this.failure) return;
		this.failure = error;
		this.state = 'logout';
		this.mailbox = undefined;
		this.flow.stop();
		this.inbox.fail(error);
		this.outbox.stop();
		this.transport.destroy();
		this.greeted?.reject(error);
		for (const { command, resolve, reject } of this.pipeline.drain()) {
			const result = command.aborted?.(error);
			if (result) resolve(result.result);
			else reject(repeated(error, command.name));
		}
	}
}
