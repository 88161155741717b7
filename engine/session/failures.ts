import { Imap4AbortError } from '../errors';
import type { StatusResponse } from '../grammar/response';

/** The ends of a session, in words. */

export function byeError(bye: StatusResponse): Imap4AbortError {
	const message = `The server ended the session: ${bye.text || 'it gave no reason'}`;
	return new Imap4AbortError('BYE', message, {
		responseCode: bye.code?.name,
		serverText: bye.text,
	});
}

/** @param command the one that waited for an answer */
export function lateError(command: string, ms: number): Imap4AbortError {
	return new Imap4AbortError('TIMEOUT', `No answer to ${command} for ${ms} ms`, { command });
}

export function noGreetingError(ms: number): Imap4AbortError {
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
