/** Turns whatever failed into n8n's error: which operation, which mailbox, the server's words, what to try. */
import {
	NodeApiError,
	NodeError,
	NodeOperationError,
	type INode,
	type JsonObject,
} from 'n8n-workflow';
import { Imap4Error, type ErrorCode } from '../../../engine/index';
import { failureOf } from './failure-cause';
import { UserError } from './user-error';

export interface Failed {
	/** As in the editor, e.g. "Add flags". */
	operation: string;
	mailbox?: string;
	itemIndex?: number;
}

/** What to try, by the server's response code (RFC 5530, RFC 9051 §7.1). */
const BY_RESPONSE_CODE: Record<string, string> = {
	ALREADYEXISTS: 'There is a mailbox of this name already: choose another name.',
	CANNOT: 'The server can never do this, mostly because of the name: try another one.',
	EXPIRED: 'The password has expired: set a new one and enter it in the credential.',
	HASCHILDREN: 'The mailbox has mailboxes below it: treat those first.',
	INUSE: 'Another client is using the mailbox just now: try again later.',
	LIMIT: 'A limit of the server is reached: use fewer or smaller messages at a time.',
	NONEXISTENT: 'Check the name of the mailbox; choose it "From List" to see which there are.',
	NOPERM: 'This account has no right to do so: ask the owner of the mailbox or the administrator.',
	OVERQUOTA: 'The mailbox is full: delete messages, or ask for a higher quota.',
	PRIVACYREQUIRED: 'The server wants an encrypted connection: use SSL/TLS or STARTTLS.',
	SERVERBUG: 'The server has an internal error: its administrator finds more in its log.',
	TRYCREATE: 'The mailbox does not exist: create it first, or turn on "Create Mailbox If Missing".',
	UNAVAILABLE: 'A part of the server is down just now: try again later.',
};

const BY_CODE: Partial<Record<ErrorCode, string>> = {
	NO: 'The server understood and refused. Its own words say why.',
	BAD: 'The server did not accept the command. Check the values given to this operation.',
	AUTHENTICATION_FAILED:
		'Check user and password in the credential. Many providers ask for an app password.',
	LOGIN_DISABLED:
		'The server forbids a login over an unencrypted connection: use the SSL/TLS or the STARTTLS credential.',
	CAPABILITY: 'The server lacks what this needs; there is no other way to do it.',
	TOO_LARGE:
		'Leave out large attachments, or ask the administrator of the server to raise the limit.',
	BODY_DISCARDED: 'Try again with fewer messages at a time.',
	HOST_NOT_FOUND: 'Check the host in the credential for a typing error.',
	CONNECTION_REFUSED:
		'Check host and port in the credential (993 for SSL/TLS, 143 for STARTTLS), and whether a firewall is in between.',
	CONNECTION_FAILED: 'Check host and port in the credential, and the network of the n8n instance.',
	CONNECTION_LOST: 'Try again; "Retry On Fail" in the settings of this node does so by itself.',
	CLOSED: 'Try again.',
	TIMEOUT:
		'The server, or a firewall on the way, did not answer. Check host and port, or try again later.',
	BYE: 'The server ended the connection. Its own words say why; try again later.',
	TLS_CERTIFICATE:
		'If the server is your own, enter the certificate of its authority (or its SHA-256 fingerprint) in the credential. If not, someone may be pretending to be the server.',
	TLS_EXPECTED:
		'This port speaks clear text: use port 993 with SSL/TLS, or the STARTTLS credential for this port.',
	CLEAR_TEXT_EXPECTED: 'This port speaks TLS from the start: use the SSL/TLS credential.',
	TLS_FAILED:
		'Client and server found no common ground. Check the TLS options of the credential (minimum version, client certificate).',
	STARTTLS:
		'The connection cannot be secured with STARTTLS, so nothing secret was sent. Use the SSL/TLS credential.',
	PROTOCOL: 'What the server sent is not IMAP4: check host and port.',
	LIMIT: 'What the server sent is larger than is safe to accept.',
	READ_ONLY: 'The mailbox can only be read by this account; nothing was changed.',
};

/** What to try about an error of the engine. */
export function adviceOn(error: Imap4Error): string | undefined {
	return (
		(error.responseCode ? BY_RESPONSE_CODE[error.responseCode] : undefined) ?? BY_CODE[error.code]
	);
}

/** What happened, with the server's own words and response code where there are any. */
export function wordsOf(error: Imap4Error): string {
	const code = error.responseCode ? ` [${error.responseCode}]` : '';
	if (error.serverText) return `the server says: ${error.serverText}${code}`;
	return `${error.message}${code}`;
}

/** @returns the same error if it is n8n's already */
export function nodeError(
	node: INode,
	error: unknown,
	{ operation, mailbox, itemIndex }: Failed,
): NodeError {
	if (error instanceof NodeError) {
		error.context.itemIndex ??= itemIndex;
		return error;
	}
	const failure = failureOf(error);
	const where = mailbox === undefined ? '' : ` (mailbox "${mailbox}")`;
	const said = error instanceof Imap4Error ? wordsOf(error) : (error as Error).message;
	const message = `${operation} failed${where}: ${said}`;
	if (error instanceof Imap4Error && error.code !== 'ARGUMENT' && error.code !== 'STATE') {
		const told: JsonObject = {
			message,
			command: error.command ?? null,
			responseCode: error.responseCode ?? null,
			serverText: error.serverText ?? null,
			imapCode: error.code,
		};
		const description = adviceOn(error);
		return worded(
			new NodeApiError(node, told, { message, description, itemIndex, failure }),
			message,
		);
	}
	const description = error instanceof UserError ? error.advice : undefined;
	// What nobody foresaw keeps its own stack, for the developers.
	const cause =
		error instanceof Imap4Error || error instanceof UserError ? message : (error as Error);
	const options = { message, description, itemIndex, failure };
	return worded(new NodeOperationError(node, cause, options), message);
}

/** n8n puts words of its own in place of a message that happens to hold "ENOENT" and the like. */
function worded(error: NodeError, message: string): NodeError {
	error.message = message;
	return error;
}
