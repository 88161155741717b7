import { applyToMailbox } from '../commands/apply-unsolicited';
import type { Command } from '../commands/command';
import { Imap4AbortError } from '../errors';
import type { FetchedMessage } from '../grammar/fetch';
import { endsInLiteral } from '../grammar/fetch';
import type {
	Response,
	StatusResponse,
	TaggedResponse,
	UntaggedResponse,
} from '../grammar/response';
import type { Connection, ConnectionHandler } from './connection';
import { MisnamedAnswers } from './misnamed-answers';
import type { Pending, Pipeline } from './pipeline';
import { ResponseBudget } from './response-budget';
import {
	byeError,
	cancelledError,
	greetingTimeoutError,
	lostError,
	malformedError,
	misnamedError,
	outOfOrderError,
	refusedError,
	repeated,
	timeoutError,
	unansweredError,
	unexpectedChallengeError,
	unreadableEndError,
	usedError,
	WITHHELD,
	withheld,
} from './session-errors';
import type { SessionOptions } from './session-options';
import type { TrackedState } from './session-state';
import { strayTextError } from './stray-text';
import type { MessageOwner } from './streaming-fetch';
import { Tags } from './tags';

/** Bytes of an unreadable response that are shown. */
const SHOWN = 200;

/** Milliseconds after a login within which the server begins to answer what was sent with it. */
const SOON = 10_000;

/** Commands whose whole result is in responses of one kind, so that a lost one would go unnoticed. */
const RESULTS: Readonly<Record<string, RegExp>> = {
	SEARCH: /SEARCH$/,
	ESEARCH: /SEARCH$|SORT$/,
	SORT: /SORT$/,
	THREAD: /THREAD$/,
};

const dependsOn = (command: string, response: string): boolean =>
	RESULTS[response]?.test(command) ?? false;

/** What comes unsolicited so often that nobody looks whether it is a result under another name. */
const ABOUT_MESSAGES: ReadonlySet<string> = new Set([
	...['FETCH', 'EXISTS', 'RECENT', 'EXPUNGE', 'VANISHED', 'FLAGS'],
]);

const isByeTo = (tag: string, text: string): boolean =>
	text.startsWith(tag) && /^\s+BYE\b/i.test(text.slice(tag.length));

/** A command holds what its answers came to: sent twice, it would mix them up. */
const used = new WeakSet<Command<unknown>>();

/**
 * Sends commands as early as RFC 9051 §5.5 allows, and routes each response: to the command that
 * accepts it, else to the state of the selected mailbox, else to the listener. Whatever the server
 * does ends in the result or error of the commands concerned, never anywhere else.
 */
export class Dispatcher implements ConnectionHandler {
	private readonly tags = new Tags();
	private readonly listeners = new Set<(response: UntaggedResponse) => void>();
	private readonly budget: ResponseBudget;
	private readonly misnamed = new MisnamedAnswers();
	/** The command sent with a login that must be answered soon now. */
	private overdue: string | undefined;
	/** What the server said since a command last ended: NO or BAD without a tag, or plain words. */
	private complaint: string | undefined;
	private greeted: { resolve(): void; reject(error: Error): void } | undefined;

	constructor(
		private readonly connection: Connection,
		private readonly pipeline: Pipeline,
		private readonly state: TrackedState,
		private readonly options: SessionOptions,
	) {
		this.budget = new ResponseBudget(options.limits);
	}

	/** Begins to read. @returns when the server has greeted (RFC 9051 §7.1.5) */
	start(): Promise<void> {
		return new Promise((resolve, reject) => {
			this.greeted = { resolve, reject };
			this.connection.flow.deadline(this.options.timeouts.greeting);
			this.connection.start(this);
		});
	}

	/** Sends a command, now or once RFC 9051 §5.5 allows it. */
	add(pending: Pending): void {
		const { closedBy, flow } = this.connection;
		if (closedBy) return pending.reject(repeated(closedBy, pending.command.name));
		if (used.has(pending.command)) return pending.reject(usedError(pending.command));
		used.add(pending.command);
		this.pipeline.add(pending);
		this.writable();
		if (flow.contended) flow.resume();
	}

	/**
	 * Until the returned function is called, what no command accepts goes to this listener in place of
	 * the session's own.
	 */
	listen(listener: (response: UntaggedResponse) => void): () => void {
		this.listeners.add(listener);
		return () => void this.listeners.delete(listener);
	}

	/** The caller no longer wants a command. */
	cancel(pending: Pending, reason: Error): void {
		const { command, tag } = pending;
		const queued = this.pipeline.withdraw(pending);
		const sent = !queued && this.pipeline.inFlight.includes(pending);
		pending.reject(reason);
		if (queued) this.writable();
		else if (sent && (!command.discardable || this.connection.isWriting(tag)))
			this.connection.fail(cancelledError(reason, command.name));
	}

	/** Sends what may be sent. */
	writable(): void {
		while (this.connection.writable) {
			const next = this.pipeline.next();
			if (!next) return;
			this.send(next);
		}
	}

	received(response: Response, buffer: Buffer, start: number, end: number): void {
		this.overdue = undefined;
		if (this.greeted) this.greet(response.type === 'status' ? response : undefined);
		else if (response.type === 'tagged') this.tagged(response);
		else if (response.type === '+') this.continued(response.text);
		else this.untagged(response, buffer, start, end);
	}

	/**
	 * Until a login has been answered, a line that cannot be read ends the connection with its words:
	 * nothing may cast doubt on whether the login succeeded. From then on it is passed over and handed
	 * to the listener, and the commands whose result it may have been fail. What may be the end of a
	 * command, its tag damaged or missing, stays fatal, and so does what may have announced a literal:
	 * the bytes behind it would be taken for responses.
	 */
	unreadable(error: Imap4AbortError, bytes: Buffer): void {
		if (this.greeted) throw error;
		const text = this.shown(bytes, 0, bytes.length);
		// Some servers end the command with their BYE.
		const bye = this.pipeline.inFlight.some(({ tag }) => isByeTo(tag, text));
		if (bye) throw this.strayText(`* ${text.slice(text.search(/BYE/i))}`) ?? error;
		if (this.state.state === 'not authenticated') throw this.strayText(text) ?? error;
		const mayEndCommand =
			text.includes(this.tags.prefix) || /^(?:OK|NO|BAD|BYE|PREAUTH)\b/i.test(text);
		if (mayEndCommand) throw unreadableEndError(this.withheld(text));
		if (endsInLiteral(bytes, 0, bytes.length)) throw error;
		this.misnamed.note(this.answerable(), text);
		const name = /^\*\s*(?:\d+\s+)?([A-Za-z][\w.=-]*)/.exec(text)?.[1]?.toUpperCase();
		if (name === undefined) {
			this.complaint = this.withheld(text);
			return this.unclaimed({ type: 'stray', text });
		}
		for (const pending of this.pipeline.inFlight) {
			if (dependsOn(pending.command.name, name)) pending.malformed ??= text;
		}
		this.unclaimed({ type: 'malformed', name, text });
	}

	unowned(message: FetchedMessage): void {
		this.unclaimed({ type: 'FETCH', message });
	}

	explained(error: Imap4AbortError): Imap4AbortError {
		if (error.code !== 'PROTOCOL') return error;
		return this.strayText(this.connection.unreadText) ?? error;
	}

	recipientOf(message: FetchedMessage): MessageOwner | undefined {
		return this.pipeline.recipientOf({ type: 'FETCH', message }, (command) =>
			command.acceptsStreaming?.(message, this.state),
		);
	}

	timedOut(): void {
		const { greeting, command } = this.options.timeouts;
		const { oldest } = this.pipeline;
		if (this.greeted) {
			this.connection.fail(this.lastWords() ?? greetingTimeoutError(greeting));
		} else if (this.overdue !== undefined) {
			this.connection.fail(unansweredError(this.overdue, SOON));
		} else if (oldest) {
			this.connection.fail(timeoutError(oldest.name, command, this.complaint));
		}
	}

	closed(error: Imap4AbortError | undefined): void {
		const during = this.pipeline.oldest?.name;
		const stray = this.lastWords() ?? this.lastComplaint();
		if (stray && (this.greeted || stray.code === 'BYE')) this.connection.fail(stray);
		else this.connection.fail(error ?? lostError(!this.greeted, during, stray?.serverText));
	}

	failed(): void {
		this.state.end();
		const unanswered = this.pipeline.drain();
		if (!this.greeted && unanswered.length === 0) return;
		const error = this.connection.closedBy as Imap4AbortError;
		this.greeted?.reject(error);
		for (const { command, resolve, reject } of unanswered) {
			const result = command.aborted?.(error);
			if (result) resolve(result.result);
			else reject(repeated(error, command.name));
		}
	}

	private send(pending: Pending): void {
		const { command } = pending;
		try {
			this.state.checkAllowed(command, pending.behind?.command.leadsTo);
			const { nonSynchronizing } = this.state.capabilities;
			const { write, waits } = this.connection.encode(command.name, command.args, nonSynchronizing);
			if (waits && pending.behind) return this.pipeline.putBack(pending);
			command.beforeSend?.(this.state);
			pending.tag = this.tags.next();
			this.pipeline.sent(pending);
			this.connection.flow.progressed();
			write(pending.tag);
		} catch (error) {
			pending.reject(error as Error);
		}
	}

	private greet(greeting: StatusResponse | undefined): void {
		const { greeted } = this;
		if (!greeting || (greeting.status !== 'OK' && greeting.status !== 'PREAUTH')) {
			throw greeting?.status === 'BYE'
				? byeError(this.redactUntrusted(greeting))
				: new Imap4AbortError('PROTOCOL', 'The server did not greet as an IMAP4 server does');
		}
		this.greeted = undefined;
		this.connection.greeted();
		this.state.greeting = greeting;
		if (greeting.status === 'PREAUTH') this.state.setState('authenticated');
		this.state.applyCode(greeting.code);
		this.connection.flow.idle();
		greeted?.resolve();
	}

	private untagged(response: UntaggedResponse, buffer: Buffer, start: number, end: number): void {
		const { state } = this;
		const { oldest } = this.pipeline;
		// A view of the bytes costs as much as reading a short response, so only who wants it gets one.
		if (oldest?.onRawLine) oldest.onRawLine(buffer.subarray(start, end));
		state.responses.add(response, end - start);
		if (response.type === 'status') state.applyCode(response.code);
		else if (response.type === 'CAPABILITY') state.setCapabilities(response.capabilities);
		const recipient = this.pipeline.recipientOf(response, (command) =>
			command.accepts?.(response, state),
		);
		// Results that a consumer takes one by one are not kept.
		if (recipient) {
			if (recipient.consumer) return;
			this.misnamed.answer(recipient);
			return this.budget.countKept(end - start);
		}
		if (response.type === 'status' && response.status === 'BYE')
			throw byeError(this.redactUntrusted(response));
		if (response.type === 'status' && (response.status === 'NO' || response.status === 'BAD'))
			this.complaint = this.redactUntrusted(response).text;
		if (oldest && !ABOUT_MESSAGES.has(response.type))
			this.misnamed.note(this.answerable(), this.shown(buffer, start, end), response);
		if (state.mailbox) applyToMailbox(state.mailbox, response);
		this.unclaimed(response);
	}

	/** Servers take leave in plain words, without "* BYE", and without ending the line. */
	private lastWords(): Imap4AbortError | undefined {
		const { unreadText } = this.connection;
		const words =
			/^(?:\* BYE|[^*+\s])/i.test(unreadText) && !unreadText.startsWith(this.tags.prefix);
		return words ? this.strayText(unreadText) : undefined;
	}

	/** What the server said before the connection ended, where it said it in a line of its own. */
	private lastComplaint(): Imap4AbortError | undefined {
		return this.complaint === undefined ? undefined : this.strayText(this.complaint);
	}

	private strayText(text: string): Imap4AbortError | undefined {
		return strayTextError(text, this.connection.textTrusted ? undefined : WITHHELD);
	}

	/** The beginning of a response, fit to be shown. */
	private shown(buffer: Buffer, start: number, end: number): string {
		const text = buffer.subarray(start, Math.min(end, start + SHOWN)).toString();
		return this.connection.redaction.safe(text);
	}

	private withheld(text: string): string {
		return this.connection.textTrusted ? text : WITHHELD;
	}

	/** Commands that a response can belong to: what comes before a login is answered belongs to none behind it. */
	private answerable(): Command<unknown>[] {
		return this.pipeline.inFlight
			.filter((pending) => !this.pipeline.isAhead(pending))
			.map(({ command }) => command);
	}

	/** The response without its text where anyone on the network path could have written it. */
	private redactUntrusted<Answer extends StatusResponse | TaggedResponse>(
		response: Answer,
	): Answer {
		return this.connection.textTrusted ? response : withheld(response);
	}

	private tagged(response: TaggedResponse): void {
		const { state } = this;
		const pending = this.pipeline.answered(response.tag);
		if (!pending) return this.unknownTag(response);
		if (this.connection.endsEarly(pending.tag) && response.status === 'OK') {
			const error = new Imap4AbortError(
				'PROTOCOL',
				'The server accepted a command before all of it was sent',
			);
			pending.reject(error);
			throw error;
		}
		if (this.pipeline.isAhead(pending)) this.outOfOrder(pending);
		this.budget.restart();
		this.complaint = undefined;
		state.responses.addCode(response.code, response.text);
		state.applyCode(response.code);
		if (state.mailbox && response.code) applyToMailbox(state.mailbox, response);
		this.settle(pending, response);
		if (this.pipeline.inFlight[0]?.behind === pending) {
			// There are servers that lose what comes in one piece with the login.
			this.overdue = this.pipeline.oldest?.name;
			this.connection.flow.deadline(Math.min(SOON, this.options.timeouts.command));
		} else if (!this.pipeline.oldest) this.connection.flow.idle();
		this.writable();
	}

	/**
	 * A refusal of what some other client sent changes nothing here. A success that nobody asked for
	 * does: it could be that of a command of ours, or a forgery.
	 * @throws Imap4AbortError PROTOCOL if it could be meant for a command of ours, or before a login
	 */
	private unknownTag({ tag, status, text }: TaggedResponse): void {
		const harmless = status !== 'OK' && this.tags.isForeign(tag);
		if (this.state.state === 'not authenticated' || !harmless) {
			throw new Imap4AbortError(
				'PROTOCOL',
				'The server sent a tagged response with an unknown tag',
			);
		}
		this.unclaimed({
			type: 'stray',
			text: this.connection.redaction.safe(`${tag} ${status} ${text}`),
		});
	}

	/** A response that no command accepts. */
	private unclaimed(response: UntaggedResponse): void {
		this.budget.countUnclaimed();
		if (!this.connection.textTrusted) return;
		if (this.listeners.size === 0) this.options.unsolicited?.(response);
		for (const listener of this.listeners) listener(response);
	}

	private outOfOrder(pending: Pending): never {
		const error = outOfOrderError(pending.command);
		pending.reject(error);
		throw error;
	}

	private settle(pending: Pending, response: TaggedResponse): void {
		const { command, malformed, resolve } = pending;
		const reject = (error: Error): void => {
			pending.error = error;
			pending.reject(error);
		};
		if (pending.behind?.error && !command.states.includes(this.state.state)) {
			// What it was sent with has failed, and so must it.
			if (response.status === 'OK') this.outOfOrder(pending);
			return reject(pending.behind.error);
		}
		try {
			if (response.status === 'OK') {
				if (malformed !== undefined) throw malformedError(command, malformed);
				const misnamed = this.misnamed.inPlaceOf(command, response);
				if (misnamed !== undefined) throw misnamedError(command, misnamed);
				return resolve(command.done(response, this.state));
			}
			const error = refusedError(command, this.redactUntrusted(response));
			reject(command.refused?.(error, response, this.state) ?? error);
		} catch (error) {
			reject(error as Error);
		}
	}

	private continued(text: string): void {
		if (this.connection.continueLiteral()) {
			this.writable();
			return;
		}
		const waiting = this.pipeline.find((command) => command.onContinuation);
		if (waiting) {
			waiting.command.onContinuation?.((line) => this.endLine(waiting, line));
			return;
		}
		const pending = this.pipeline.find((command) => command.onChallenge);
		if (!pending)
			throw new Imap4AbortError(
				'PROTOCOL',
				'Unexpected continuation request ("+") from the server',
			);
		this.pipeline.countChallenge(pending);
		// What was sent behind the login would be taken for the response, which may be a secret.
		if (this.pipeline.inFlight.some(({ behind }) => behind === pending)) {
			const error = unexpectedChallengeError(pending.command);
			pending.reject(pending.command.challengeRefuses ?? error);
			throw error;
		}
		void this.respond(pending, text);
	}

	/** The last line of a command that had no timeout; from here on it has one. */
	private endLine(pending: Pending, line: string): void {
		if (this.connection.closed || !this.pipeline.inFlight.includes(pending)) return;
		this.connection.sendLine(line, false);
		this.connection.flow.deadline();
	}

	private async respond(pending: Pending, text: string): Promise<void> {
		const { connection } = this;
		try {
			const data = await pending.command.onChallenge?.(Buffer.from(text, 'base64'));
			connection.sendLine(data ? data.toString('base64') : '*', true);
			if (!data) return;
			pending.responses = (pending.responses ?? 0) + 1;
			this.writable();
		} catch (error) {
			// The caller's own code failed: the exchange is cancelled, and that is the result.
			pending.reject(error as Error);
			connection.sendLine('*', true);
		}
	}
}
