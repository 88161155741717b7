import type { Command, State } from '../commands/command';
import type { SelectedMailbox } from '../commands/selected-mailbox';
import { Imap4AbortError, Imap4Error } from '../errors';
import type { Capabilities } from '../grammar/capabilities';
import type { MailboxNames } from '../grammar/mailbox-name';
import type { StatusResponse, UntaggedResponse } from '../grammar/response';
import type { ChannelBinding } from '../transport/channel-binding';
import type { Transport } from '../transport/transport';
import { untilAborted } from './cancellation';
import type { CloseReason } from './connection';
import { Connection } from './connection';
import { Dispatcher } from './dispatcher';
import type { Pending } from './pipeline';
import { Pipeline } from './pipeline';
import type { Redaction } from './redaction';
import type { ResponseCache } from './response-cache';
import { cancelledError, closedByClientError } from './session-errors';
import type { SessionOptions } from './session-options';
import { TrackedState } from './session-state';

/** A login with which other commands may be sent. */
export interface Expectation {
	/** What this server listed after an earlier login of the same account. */
	capabilities: Iterable<string>;
	/** The login was sent, or its first line. */
	sent(): void;
}

export interface RunOptions {
	/** Ends the command. */
	signal?: AbortSignal;
}

/** One session: a connection, the commands on it, and what is known of its state. */
export class Session {
	private readonly pipeline = new Pipeline();
	private readonly connection: Connection;
	private readonly tracked: TrackedState;
	private readonly dispatcher: Dispatcher;

	constructor(
		transport: Transport,
		private readonly options: SessionOptions,
	) {
		this.connection = new Connection(transport, options, this.pipeline);
		this.tracked = new TrackedState(this.connection.flow, this.connection.names);
		this.dispatcher = new Dispatcher(this.connection, this.pipeline, this.tracked, options);
	}

	/**
	 * Begins to read from the open transport.
	 * @returns when the server has greeted (RFC 9051 §7.1.5)
	 * @throws Imap4AbortError TIMEOUT, BYE, PROTOCOL, CONNECTION_LOST
	 */
	start(): Promise<void> {
		return this.dispatcher.start();
	}

	get state(): State {
		return this.tracked.state;
	}

	get mailbox(): SelectedMailbox | undefined {
		return this.tracked.mailbox;
	}

	get greeting(): StatusResponse | undefined {
		return this.tracked.greeting;
	}

	get enabled(): ReadonlySet<string> {
		return this.tracked.enabled;
	}

	get capabilities(): Capabilities {
		return this.tracked.capabilities;
	}

	get capabilitiesKnown(): boolean {
		return this.tracked.capabilitiesKnown;
	}

	get responses(): ResponseCache {
		return this.tracked.responses;
	}

	get names(): MailboxNames {
		return this.connection.names;
	}

	get redaction(): Redaction {
		return this.connection.redaction;
	}

	get secure(): boolean {
		return this.connection.secure;
	}

	get channelBinding(): ChannelBinding | undefined {
		return this.connection.channelBinding;
	}

	/** Why the connection is gone, if it is. */
	get closedBy(): Imap4AbortError | undefined {
		return this.connection.closedBy;
	}

	/** Nothing is in flight, and nothing waits. */
	get idle(): boolean {
		return this.pipeline.idle;
	}

	/**
	 * @param what would be sent
	 * @throws Imap4Error LOGIN_DISABLED on a connection without encryption, unless it was allowed
	 */
	checkEncrypted(what: string): void {
		if (this.secure || this.options.clearTextAllowed) return;
		throw new Imap4Error(
			'LOGIN_DISABLED',
			`This connection is not encrypted, so ${what} is not sent over it; use TLS, or set "allowClearText" if the network is trusted`,
		);
	}

	ref(): void {
		this.connection.ref();
	}

	unref(): void {
		this.connection.unref();
	}

	/**
	 * Sends a command, now or once RFC 9051 §5.5 allows it.
	 * @throws Imap4Error what the command or the connection came to
	 * @throws the reason of `signal`, at once. A command that waits is not sent then. One that was sent
	 * ends the connection, unless it is one whose answer can be discarded.
	 */
	run<Result>(command: Command<Result>, { signal }: RunOptions = {}): Promise<Result> {
		return new Promise<Result>((resolve, reject) => {
			const pending: Pending = { command, tag: '', resolve, reject };
			if (signal) this.watch(signal, pending);
			if (!signal?.aborted) this.dispatcher.add(pending);
		});
	}

	/**
	 * Runs a login. Where the capabilities that follow it are known, commands that only read are sent
	 * with it.
	 */
	logIn(command: Command<void>, expected?: Expectation): Promise<void> {
		if (!expected) return this.run(command);
		const { tracked } = this;
		return this.run<void>({
			...command,
			leadsTo: 'authenticated',
			beforeSend(state) {
				command.beforeSend?.(state);
				tracked.expect(expected.capabilities);
				expected.sent();
			},
			done(completion, state) {
				try {
					command.done(completion, state);
					tracked.endExpectation(true);
				} finally {
					tracked.endExpectation(false);
				}
			},
			refused(error, completion, state) {
				tracked.endExpectation(false);
				return command.refused?.(error, completion, state) ?? error;
			},
		});
	}

	/**
	 * Until the returned function is called, what no command accepts goes to this listener in place of
	 * the session's own.
	 */
	listen(listener: (response: UntaggedResponse) => void): () => void {
		return this.dispatcher.listen(listener);
	}

	private watch(signal: AbortSignal, pending: Pending): void {
		const { resolve, reject } = pending;
		if (signal.aborted) return reject(signal.reason as Error);
		const abort = (): void => this.dispatcher.cancel(pending, signal.reason as Error);
		const done = (): void => signal.removeEventListener('abort', abort);
		signal.addEventListener('abort', abort, { once: true });
		pending.resolve = (result) => {
			done();
			resolve(result);
		};
		pending.reject = (error) => {
			done();
			reject(error);
		};
	}

	/**
	 * For work of several steps that must not stop halfway.
	 * @returns what it comes to
	 * @throws the reason of `signal`, at once; the connection is closed then
	 */
	async untilAborted<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
		if (!signal) return work();
		signal.throwIfAborted();
		const abandon = (): void => this.destroy(cancelledError(signal.reason));
		signal.addEventListener('abort', abandon, { once: true });
		try {
			return await untilAborted(work(), signal);
		} finally {
			signal.removeEventListener('abort', abandon);
		}
	}

	/** @param capabilities what this server listed after an earlier login of the same account */
	assume(capabilities: Iterable<string>): void {
		this.tracked.setCapabilities(capabilities);
	}

	/** Gives the connection up. Commands under way fail for this reason. */
	destroy(reason: CloseReason = closedByClientError): void {
		this.connection.fail(reason);
	}

	/**
	 * Changes to TLS (RFC 9051 §6.2.1). All that was learned in clear text is forgotten.
	 * @throws Imap4AbortError STARTTLS if the server refuses it or sends anything after its OK in
	 * clear text, and all that a TLS handshake can throw. The connection is closed then.
	 */
	async startTls(command: Command<void>): Promise<void> {
		if (!this.connection.canStartTls)
			throw new Imap4Error('STATE', 'This transport cannot change to TLS');
		try {
			const rest = await this.suspendedBy(command);
			if (rest.length > 0) {
				throw new Imap4AbortError(
					'STARTTLS',
					'The server, or someone in between, sent more in clear text after STARTTLS was agreed',
				);
			}
			await this.connection.changeToTls(() => this.tracked.forgetClearText());
		} catch (error) {
			const reason =
				error instanceof Imap4AbortError
					? error
					: new Imap4AbortError('STARTTLS', (error as Error).message, { cause: error });
			this.connection.fail(reason);
			throw reason;
		}
	}

	/** Compresses the connection from here on (RFC 4978). @throws Imap4Error CAPABILITY, NO */
	async compress(command: Command<void>): Promise<void> {
		try {
			this.connection.changeToDeflate(await this.suspendedBy(command));
		} catch (error) {
			this.connection.sendAgain();
			throw error;
		}
	}

	/**
	 * Runs a command after whose OK the connection speaks otherwise. Once it has ended, either way,
	 * no other command is sent: a password that waits behind STARTTLS must not go in clear text.
	 * @returns what came right behind that OK. Nothing more is read until the transport changes.
	 */
	private suspendedBy(command: Command<void>): Promise<Buffer> {
		return new Promise((resolve, reject) => {
			const done = (): void => void this.connection.suspend().then(resolve);
			const refused = (error: Imap4Error): Imap4Error => {
				this.connection.holdBack();
				return error;
			};
			this.run({ ...command, done, refused }).catch(reject);
		});
	}
}
