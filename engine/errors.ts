/**
 * The engine's errors. Three classes, distinguished by what the caller can do:
 *
 * - {@link Imap4Error}: the request is wrong or was refused; the connection lives on.
 * - {@link Imap4AbortError}: the connection is gone or unusable; reconnect and try again.
 * - {@link Imap4ReadonlyError}: an {@link Imap4Error}, since the mailbox can only be read; nothing was sent.
 *
 * `code` says what happened in a word that programs can switch on.
 */

/** Reasons for an {@link Imap4Error}; the connection is still usable. */
export type RequestErrorCode =
	/** The server answered NO: it understood and refuses (RFC 9051 §7.1.2). */
	| 'NO'
	/** The server answered BAD: it did not understand or accept the syntax (RFC 9051 §7.1.3). */
	| 'BAD'
	/** The login was refused: wrong user, password or mechanism. */
	| 'AUTHENTICATION_FAILED'
	/**
	 * A login over an unencrypted connection is forbidden: by the server (LOGINDISABLED), or by this
	 * client (tokens, see `allowClearText`). Nothing was sent.
	 */
	| 'LOGIN_DISABLED'
	/** The command is not allowed in the session's present state. Nothing was sent. */
	| 'STATE'
	/** The server does not offer the capability the command needs. Nothing was sent. */
	| 'CAPABILITY'
	/** An argument cannot be sent as it is. Nothing was sent. */
	| 'ARGUMENT'
	/** The message has more octets than the server says it takes (RFC 7889). Nothing was sent. */
	| 'TOO_LARGE'
	/** A body was not read before what came after it was asked for, and was too large to keep. */
	| 'BODY_DISCARDED'
	/** A value the server sent inside an otherwise sound response cannot be read. */
	| 'MALFORMED';

/** Reasons for an {@link Imap4AbortError}; the connection is closed. */
export type AbortErrorCode =
	/** The host name cannot be resolved. */
	| 'HOST_NOT_FOUND'
	/** Nothing listens on the port. */
	| 'CONNECTION_REFUSED'
	/** The host cannot be reached, or the connection broke with a system error. */
	| 'CONNECTION_FAILED'
	/** The server, or the network, ended the connection. */
	| 'CONNECTION_LOST'
	/** The caller closed the connection while the command was waiting. */
	| 'CLOSED'
	/** A deadline passed. */
	| 'TIMEOUT'
	/** The server said BYE. */
	| 'BYE'
	/** The server's certificate is not accepted. */
	| 'TLS_CERTIFICATE'
	/** TLS was asked for, yet the server speaks clear text (or something else) on this port. */
	| 'TLS_EXPECTED'
	/** Clear text was asked for, yet the server speaks TLS on this port. */
	| 'CLEAR_TEXT_EXPECTED'
	/** The TLS handshake failed for another reason. */
	| 'TLS_FAILED'
	/** STARTTLS is required and the server does not offer, refuses or breaks it. */
	| 'STARTTLS'
	/** What the server sent is not IMAP4. */
	| 'PROTOCOL'
	/** What the server sent exceeds one of the limits. */
	| 'LIMIT';

/** Every `code` of an {@link Imap4Error}. */
export type ErrorCode = RequestErrorCode | AbortErrorCode | 'READ_ONLY';

/** What an error knows besides its message. */
export interface ErrorDetails {
	/** The command's name as on the wire, e.g. `UID FETCH`. Never its arguments. */
	command?: string;
	/** The server's response code in upper case, e.g. `OVERQUOTA` (RFC 5530). */
	responseCode?: string;
	/** The server's own words, without the response code. */
	serverText?: string;
	/** The error that led to this one. */
	cause?: unknown;
}

/**
 * The request is wrong or was refused. The connection can go on being used.
 * @example
 * try {
 * 	await imap.open('No such mailbox');
 * } catch (error) {
 * 	if (!(error instanceof Imap4Error) || error.code !== 'NO') throw error;
 * 	error.responseCode; // 'NONEXISTENT'
 * }
 */
export class Imap4Error extends Error {
	/** What happened. */
	readonly code: ErrorCode;
	/** The command that failed, as on the wire; undefined if none was under way. */
	readonly command: string | undefined;
	/** The server's response code in upper case, e.g. `OVERQUOTA` (RFC 5530). */
	readonly responseCode: string | undefined;
	/** The server's own words, without the response code. */
	readonly serverText: string | undefined;

	constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
		super(message, details.cause === undefined ? undefined : { cause: details.cause });
		this.name = new.target.name;
		this.code = code;
		this.command = details.command;
		this.responseCode = details.responseCode;
		this.serverText = details.serverText;
	}
}

/**
 * The connection is gone or unusable: connect again and repeat what is safe to repeat.
 * @example
 * try {
 * 	await imap.noop();
 * } catch (error) {
 * 	if (error instanceof Imap4AbortError) console.log('connect again:', error.code);
 * 	else throw error;
 * }
 */
export class Imap4AbortError extends Imap4Error {
	/** Why the connection ended. */
	declare readonly code: AbortErrorCode;
}

/**
 * The mailbox can only be read, or can only be read from now on. The connection can go on being used.
 * @example
 * const mailbox = await imap.open('INBOX', { readOnly: true });
 * try {
 * 	mailbox.checkWritable();
 * } catch (error) {
 * 	error instanceof Imap4ReadonlyError; // true
 * }
 */
export class Imap4ReadonlyError extends Imap4Error {
	/** Always READ_ONLY. */
	declare readonly code: 'READ_ONLY';

	constructor(message: string, details: ErrorDetails = {}) {
		super('READ_ONLY', message, details);
	}
}

/**
 * Whether the server does not understand a command. A proxy may announce what only the server behind it
 * can do: then it is done in another way.
 */
export const isNotUnderstood = (error: unknown): boolean =>
	error instanceof Imap4Error && error.code === 'BAD';

/** Whether the server refuses a command, understood or not; the session goes on. */
export const isRefusal = (error: unknown): error is Imap4Error =>
	error instanceof Imap4Error && (error.code === 'NO' || error.code === 'BAD');

/** Whether the result of a command is missing or cannot be read; the session goes on. */
export const isMalformed = (error: unknown): error is Imap4Error =>
	error instanceof Imap4Error && error.code === 'MALFORMED';
