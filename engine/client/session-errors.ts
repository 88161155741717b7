import type { Command, State } from '../commands/command';
import { Imap4AbortError, Imap4Error, Imap4ReadonlyError } from '../errors';
import type { StatusResponse, TaggedResponse } from '../grammar/response';

/** What a command or a session can fail with; here all messages are written. */

type Named = Pick<Command<unknown>, 'name'>;

/** The server answered NO or BAD. */
export function refusedError(command: Named, answer: TaggedResponse): Imap4Error {
	const how = answer.status === 'NO' ? 'refused' : 'not accepted';
	return new Imap4Error(
		answer.status as 'NO' | 'BAD',
		`${command.name} was ${how}: ${answer.text || 'the server gave no reason'}`,
		{ command: command.name, responseCode: answer.code?.name, serverText: answer.text },
	);
}

export function stateError({ name, states }: Command<unknown>, state: State): Imap4Error {
	const message = `${name} needs a session that is ${states.join(' or ')}; this one is ${state}`;
	return new Imap4Error('STATE', message, { command: name });
}

/** @param missing the capability */
export function notOfferedError({ name }: Named, missing: string): Imap4Error {
	const message = `The server does not offer ${missing}, which ${name} needs`;
	return new Imap4Error('CAPABILITY', message, { command: name });
}

export function readOnlyError({ name }: Named, mailbox = 'the mailbox'): Imap4ReadonlyError {
	const message = `The server made ${mailbox} read-only; select it again`;
	return new Imap4ReadonlyError(message, { command: name });
}

export function byeError(bye: StatusResponse): Imap4AbortError {
	const message = `The server ended the session: ${bye.text || 'it gave no reason'}`;
	return new Imap4AbortError('BYE', message, {
		responseCode: bye.code?.name,
		serverText: bye.text,
	});
}

/** The response without the text it had in clear text, where TLS is required. */
export function withheld<Said extends StatusResponse | TaggedResponse>(response: Said): Said {
	const text = '(server text withheld: it was sent unencrypted and could be forged)';
	return { ...response, text, code: undefined };
}

/** @param command the one that waited for an answer */
export function timeoutError(command: string, ms: number): Imap4AbortError {
	return new Imap4AbortError('TIMEOUT', `No answer to ${command} for ${ms} ms`, { command });
}

export function greetingTimeoutError(ms: number): Imap4AbortError {
	return new Imap4AbortError('TIMEOUT', `The server did not greet within ${ms} ms`);
}

/** @param during the command that waited for an answer, if one did */
export function lostError(greeted: boolean, during: string | undefined): Imap4AbortError {
	const when = greeted ? (during ? ` during ${during}` : '') : ' before it had greeted';
	return new Imap4AbortError('CONNECTION_LOST', `The server closed the connection${when}`, {
		command: during,
	});
}

/** The same error with a stack of its own and the command that it hit. */
export function repeated(error: Imap4AbortError, command: string): Imap4AbortError {
	const { code, responseCode, serverText, cause } = error;
	if (code === 'READ_ONLY') return error;
	return new Imap4AbortError(code, error.message, { command, responseCode, serverText, cause });
}
