import { Imap4Error } from '../errors';
import type { Capabilities } from '../grammar/capabilities';
import type { TaggedResponse, UntaggedResponse } from '../grammar/response';
import type { FetchedMessage } from '../grammar/fetch';
import type { BodyFlow } from '../grammar/message-body';
import type { SelectedMailbox } from './selected-mailbox';
import type { Part } from '../wire/writer';

/** RFC 9051 §3 */
export type State = 'not authenticated' | 'authenticated' | 'selected' | 'logout';

/**
 * What a command may do to what else is in flight (RFC 9051 §5.5):
 *
 * - `alone`: nothing before it may be unfinished, nothing is sent until it has ended. For all that
 *   changes what other commands mean: logging in, selecting, STARTTLS …
 * - `numbers`: it speaks of sequence numbers, so no command may be in flight during which the
 *   server may renumber messages; and it is itself one during which the server may not.
 * - `numbers, renumbering`: it speaks of sequence numbers, and the server may renumber during it.
 * - `free`: neither of these.
 */
export type Pipelining = 'alone' | 'numbers' | 'numbers, renumbering' | 'free';

/** What a command may see and change of the session it has run on. */
export interface SessionState {
	readonly state: State;
	readonly capabilities: Capabilities;
	/** The selected mailbox, kept up to date by the session. */
	readonly mailbox: SelectedMailbox | undefined;
	/** Records that a login succeeded, or that a mailbox was selected or left. */
	setState(state: 'authenticated' | 'selected', mailbox?: SelectedMailbox): void;
	/** What `* ENABLED` has confirmed. */
	readonly enabled: ReadonlySet<string>;
	/** Records extensions as enabled, as `* ENABLED` confirmed to ENABLE. */
	markEnabled(capabilities: readonly string[]): void;
	/** Discards the capabilities, so that they are requested again before they are needed. */
	forgetCapabilities(): void;
	/** How commands with large results slow the connection down. */
	readonly flow: BodyFlow;
}

/**
 * Describes one command: how to encode it, which responses belong to it, what it resolves to.
 * It never sees a socket.
 */
export interface Command<Result> {
	/** As on the wire, `UID FETCH`; also names the command in errors. */
	readonly name: string;
	readonly args: readonly Part[];
	readonly states: readonly State[];
	readonly pipelining: Pipelining;
	/** It changes the messages of the selected mailbox, which must not be read-only then. */
	readonly changesMailbox?: boolean;
	/**
	 * It changes nothing, neither on the server nor in the session, and streams nothing: a caller that
	 * cancels it need not wait, and what the server answers is dropped. Cancelling any other command
	 * that was sent ends the connection.
	 */
	readonly discardable?: boolean;
	/**
	 * It only reads, and fails without harm where the session is not in a state it needs: it may be sent
	 * before the command that {@link leadsTo} that state has been answered.
	 */
	readonly speculative?: boolean;
	/** The state that its OK leads to, where {@link speculative} commands may be sent with it. */
	readonly leadsTo?: State;
	/** Challenges of the server to answer before all of it is said. */
	readonly challenges?: number;
	/** What one more challenge means, if a refusal. */
	readonly challengeRefuses?: Imap4Error;
	/** Capabilities it may only be sent with. */
	readonly needs?: readonly string[];
	/** Called just before it is sent. @throws Imap4Error if it must not be */
	beforeSend?(session: SessionState): void;
	/**
	 * Takes an untagged response if it belongs to this command. Commands are asked in the order they
	 * were sent, those that {@link defersTo} others last.
	 * @returns whether the response was taken
	 */
	accepts?(response: UntaggedResponse, session: SessionState): boolean;
	/**
	 * Whether it has had such an answer already, or asked for another one: then a command sent after
	 * it may accept the response first. Servers answer several commands before they end the first of
	 * them; Dovecot ends up to four at once.
	 */
	defersTo?(response: UntaggedResponse): boolean;
	/**
	 * A message of which a body is about to be streamed; what comes before that body has been read.
	 * @returns whether the message belongs to this command
	 */
	acceptsStreaming?(message: FetchedMessage, session: SessionState): boolean;
	/** A streamed message has ended. */
	onStreamEnd?(message: FetchedMessage): void;
	/**
	 * Consumer of the streamed results. Commands split from one long set share a consumer and don't
	 * count as waiting for each other.
	 */
	readonly consumer?: object;
	/** The server may take any time to answer: there is no timeout while this command waits. */
	readonly noTimeout?: boolean;
	/** The server sent `+` to a command that was sent whole; `sendLine` sends one more line. */
	onContinuation?(sendLine: (text: string) => void): void;
	/** Each untagged response as it came, without CRLF, before {@link accepts}; the octets may be kept. */
	onRawLine?(octets: Buffer): void;
	/**
	 * The answer to a server challenge (RFC 9051 §6.2.2), already decoded from base64.
	 * @returns the response, or undefined to cancel with `*`
	 */
	onChallenge?(data: Buffer): Buffer | undefined | Promise<Buffer | undefined>;
	/** The command ended with OK. */
	done(completion: TaggedResponse, session: SessionState): Result;
	/**
	 * The command ended with NO or BAD, which `error` describes.
	 * @returns the error to fail with in its place
	 */
	refused?(error: Imap4Error, completion: TaggedResponse, session: SessionState): Imap4Error;
	/** The connection ended. @returns a result if that is what the command was for (LOGOUT) */
	aborted?(error: Imap4Error): { result: Result } | undefined;
}

export const NOT_AUTHENTICATED: readonly State[] = ['not authenticated'];
export const AUTHENTICATED: readonly State[] = ['authenticated', 'selected'];
export const SELECTED: readonly State[] = ['selected'];
export const ANY_STATE: readonly State[] = ['not authenticated', 'authenticated', 'selected'];

/** A command that has no data of its own and resolves to nothing. */
export function plainCommand(
	name: string,
	args: readonly Part[] = [],
	states: readonly State[] = AUTHENTICATED,
): Command<void> {
	return { name, args, states, pipelining: 'free', done: () => undefined };
}

/**
 * A command that reads, and is answered by just one response of data.
 * @param answer what it takes from a response; undefined if the response is not its own
 */
export function answeredCommand<Result>(
	name: string,
	args: readonly Part[],
	needs: readonly string[],
	answer: (response: UntaggedResponse) => Result | undefined,
): Command<Result> {
	let found: Result | undefined;
	return {
		name,
		args,
		states: AUTHENTICATED,
		pipelining: 'free',
		discardable: true,
		needs,
		accepts(response) {
			if (found !== undefined) return false;
			found = answer(response);
			return found !== undefined;
		},
		done() {
			if (found !== undefined) return found;
			throw new Imap4Error('MALFORMED', `The server accepted ${name} but returned no result`, {
				command: name,
			});
		},
	};
}

/** For the `begin` of a command that a server understands only once QRESYNC is enabled (RFC 7162 §3.2.3). */
export function qresyncEnabled(command: string): (session: SessionState) => void {
	return ({ enabled }) => {
		if (enabled.has('QRESYNC')) return;
		throw new Imap4Error('STATE', `This ${command} needs QRESYNC; enable it first`, {
			command,
		});
	};
}
