import type { Command, State } from '../commands/command';
import { Imap4AbortError, Imap4Error, Imap4ReadonlyError } from '../errors';
import type { StatusResponse, TaggedResponse } from '../grammar/response';
import { responseCodeName } from '../grammar/response-code';

/** What a command or a session can fail with; here all messages are written. */

type Named = Pick<Command<unknown>, 'name'>;

/** The server answered NO or BAD. */
export function refusedError(command: Named, answer: TaggedResponse): Imap4Error {
	const how = answer.status === 'NO' ? 'refused' : 'not accepted';
	return new Imap4Error(
		answer.status as 'NO' | 'BAD',
		`${command.name} was ${how}: ${answer.text || 'the server gave no reason'}`,
		{
			command: command.name,
			responseCode: answer.code && responseCodeName(answer.code),
			serverText: answer.text,
		},
	);
}

export function stateError({ name, states }: Command<unknown>, state: State): Imap4Error {
	const message = `${name} needs a session that is ${states.join(' or ')}; this one is ${state}`;
	return new Imap4Error('STATE', message, { command: name });
}

/** The same command, as a value, was given to a session before. */
export function usedError({ name }: Named): Imap4Error {
	return new Imap4Error('STATE', `This ${name} has already run; create a command for each run`, {
		command: name,
	});
}

/** @param missing the capability */
export function notOfferedError({ name }: Named, missing: string): Imap4Error {
	const message = `The server does not offer ${missing}, which ${name} needs`;
	return new Imap4Error('CAPABILITY', message, { command: name });
}

/** @param mailbox the one that the command was meant for */
export function closedMailboxError({ name }: Named, mailbox: string): Imap4Error {
	const message = `The mailbox ${JSON.stringify(mailbox)} is not open any more; open it again before ${name}`;
	return new Imap4Error('STATE', message, { command: name });
}

export function readOnlyError({ name }: Named, mailbox = 'The mailbox'): Imap4ReadonlyError {
	const message = `${mailbox} is open read-only, so nothing can be changed in it`;
	return new Imap4ReadonlyError(message, { command: name });
}

export function byeError(bye: StatusResponse): Imap4AbortError {
	const message = `The server ended the session: ${bye.text || 'it gave no reason'}`;
	return new Imap4AbortError('BYE', message, {
		responseCode: bye.code && responseCodeName(bye.code),
		serverText: bye.text,
	});
}

/** Shown in place of text that was sent in clear text where TLS is required. */
export const WITHHELD = '(server text withheld: it was sent unencrypted and could be forged)';

/** The response without the text it had in clear text, where TLS is required. */
export function withheld<Said extends StatusResponse | TaggedResponse>(response: Said): Said {
	return { ...response, text: WITHHELD, code: undefined };
}

/**
 * @param command the one that waited for an answer
 * @param complaint what the server said meanwhile, without naming the command that it found wrong
 */
export function timeoutError(
	command: string,
	ms: number,
	complaint: string | undefined,
): Imap4AbortError {
	const said = complaint === undefined ? '' : `; meanwhile the server said: ${complaint}`;
	return new Imap4AbortError('TIMEOUT', `No answer to ${command} for ${ms} ms${said}`, {
		command,
		serverText: complaint,
	});
}

/** What becomes of commands that were sent with a login. @param error what the login came to */
export function loginFailedError(error: Error): Imap4AbortError {
	return error instanceof Imap4AbortError
		? error
		: new Imap4AbortError('CLOSED', error.message, { cause: error });
}

/** @param command that was sent together with the login */
export function unansweredError(command: string, ms: number): Imap4AbortError {
	const message = `The server accepted the login and did not answer ${command}, which was sent with it, for ${ms} ms`;
	return new Imap4AbortError('TIMEOUT', message, { command });
}

/** A command was answered before, or in spite of, the one whose success it needs. */
export function outOfOrderError({ name }: Named): Imap4AbortError {
	const message = `The server answered ${name} before it had accepted the command that it depends on`;
	return new Imap4AbortError('PROTOCOL', message, { command: name });
}

export function unexpectedChallengeError({ name }: Named): Imap4AbortError {
	const message = 'The server asks for more of the login than its mechanism has';
	return new Imap4AbortError('PROTOCOL', message, { command: name });
}

/** @param ms within which the session had to be ready */
export function readyTimeoutError(ms: number): Imap4AbortError {
	return new Imap4AbortError(
		'TIMEOUT',
		`The connection was not set up and logged in within ${ms} ms`,
	);
}

export function closedByClientError(): Imap4AbortError {
	return new Imap4AbortError('CLOSED', 'The connection was closed by this client');
}

/** @param reason why the caller gave up */
export function cancelledError(reason: unknown, command?: string): Imap4AbortError {
	const what = command === undefined ? 'Connecting' : `${command}, which had been sent,`;
	return new Imap4AbortError('CLOSED', `${what} was cancelled, so the connection was closed`, {
		command,
		cause: reason,
	});
}

export function greetingTimeoutError(ms: number): Imap4AbortError {
	return new Imap4AbortError('TIMEOUT', `The server did not greet within ${ms} ms`);
}

/**
 * @param during the command that waited for an answer, if one did
 * @param serverText what the server sent last, if that was text
 */
export function lostError(
	greeted: boolean,
	during: string | undefined,
	serverText?: string,
): Imap4AbortError {
	const when = greeted ? (during ? ` during ${during}` : '') : ' before it had greeted';
	const words = serverText === undefined ? '' : `: ${serverText}`;
	return new Imap4AbortError('CONNECTION_LOST', `The server closed the connection${when}${words}`, {
		command: during,
		serverText,
	});
}

/** The same error with a stack of its own and the command that it hit. */
export function repeated(error: Imap4AbortError, command: string): Imap4AbortError {
	const { code, responseCode, serverText, cause } = error;
	return new Imap4AbortError(code, error.message, { command, responseCode, serverText, cause });
}

/** The command succeeded, but its result could not be read. @param text the response, fit to be shown */
export function malformedError({ name }: Pick<Command<unknown>, 'name'>, text: string): Imap4Error {
	return new Imap4Error(
		'MALFORMED',
		`The server answered ${name} with a response that cannot be read: ${text}`,
		{ command: name },
	);
}

/** The command succeeded, and in place of its result came this. @param text fit to be shown */
export function misnamedError({ name }: Named, text: string): Imap4Error {
	return new Imap4Error(
		'MALFORMED',
		`The server answered ${name} with a response that does not belong to it: ${text}`,
		{ command: name },
	);
}

/** A command may have ended so, and nobody can say which, or how. @param text fit to be shown */
export function unreadableEndError(text: string): Imap4AbortError {
	return new Imap4AbortError(
		'PROTOCOL',
		`The server ended a command with a line that cannot be read: ${text}`,
		{ serverText: text },
	);
}
