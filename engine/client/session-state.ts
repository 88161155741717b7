import type { Command, SessionState, State } from '../commands/command';
import type { SelectedMailbox } from '../commands/selected-mailbox';
import { Capabilities } from '../grammar/capabilities';
import type { MailboxNames } from '../grammar/mailbox-name';
import type { BodyFlow } from '../grammar/message-body';
import type { StatusResponse } from '../grammar/response';
import type { ResponseCode } from '../grammar/response-code';
import { ResponseCache } from './response-cache';
import { notOfferedError, readOnlyError, stateError } from './session-errors';

/** What is known of a session: its state (RFC 9051 §3), capabilities, extensions, selected mailbox. */
export class TrackedState implements SessionState {
	state: State = 'not authenticated';
	mailbox: SelectedMailbox | undefined;
	greeting: StatusResponse | undefined;
	readonly enabled = new Set<string>();
	readonly responses = new ResponseCache();

	private known: Capabilities | undefined;
	/** The capabilities expected once the login in progress has succeeded. */
	private expected: Capabilities | undefined;

	constructor(
		readonly flow: BodyFlow,
		private readonly names: MailboxNames,
	) {}

	/** Whether capabilities are known; a server sends them with the greeting, the login, or on request. */
	get capabilitiesKnown(): boolean {
		return this.known !== undefined;
	}

	get capabilities(): Capabilities {
		return this.expected ?? this.known ?? new Capabilities([]);
	}

	/** A login was sent after which the server is known to offer these. */
	expect(capabilities: Iterable<string>): void {
		this.expected = new Capabilities(capabilities);
	}

	/** That login has ended. @param succeeded then they hold, unless the server has listed others */
	endExpectation(succeeded: boolean): void {
		if (succeeded && this.expected) this.setCapabilities(this.expected);
		this.expected = undefined;
	}

	setCapabilities(capabilities: Iterable<string>): void {
		this.expected = undefined;
		this.known = new Capabilities(capabilities, this.enabled);
		// Where nothing but IMAP4rev2 is spoken, names are UTF-8 without being enabled (RFC 9051 §5.1).
		this.names.utf8 ||= this.known.version === 'IMAP4rev2';
	}

	forgetCapabilities(): void {
		this.known = undefined;
	}

	/** Takes over what a response code says of the session. */
	applyCode(code: ResponseCode | undefined): void {
		if (code?.name === 'CAPABILITY') this.setCapabilities(code.capabilities);
	}

	/** @param capabilities extensions that `* ENABLED` has named */
	markEnabled(capabilities: readonly string[]): void {
		for (const name of capabilities) this.enabled.add(name);
		if (this.known) this.setCapabilities(this.known);
		this.names.utf8 ||= this.enabled.has('UTF8=ACCEPT');
	}

	setState(state: 'authenticated' | 'selected', mailbox?: SelectedMailbox): void {
		this.state = state;
		this.mailbox = mailbox;
	}

	/** Discards all that was learned in clear text; STARTTLS begins the session again. */
	forgetClearText(): void {
		this.known = undefined;
		this.greeting = undefined;
		this.responses.clear();
		this.names.forget();
	}

	/** The connection is gone. */
	end(): void {
		this.state = 'logout';
		this.mailbox = undefined;
	}

	/**
	 * @param state that the session will be in when the server comes to the command
	 * @throws Imap4Error STATE, CAPABILITY, READ_ONLY for a command that must not be sent now
	 */
	checkAllowed(command: Command<unknown>, state: State = this.state): void {
		const missing = command.needs?.find((name) => !this.capabilities.has(name));
		if (!command.states.includes(state)) throw stateError(command, state);
		if (missing) throw notOfferedError(command, missing);
		if (command.changesMailbox && this.mailbox?.readOnly)
			throw readOnlyError(command, this.mailbox.name);
	}
}
