/** What the server's response codes mean for the user (RFC 5530, RFC 9051 §7.1, and providers' own). */
import type { Failure } from 'n8n-workflow';

export interface ResponseCodeAdvice {
	cause: Failure['cause'];
	/** None where the cause of the engine says more. */
	advice?: string;
	/** In place of it where the login was refused, or the session ended. */
	adviceAtLogin?: string;
	/** Whether the code says it all, so that the server's text, which may quote a user's words, isn't read. */
	exact?: true;
}

const wrong = (advice: string): ResponseCodeAdvice => ({
	cause: 'configuration-invalid',
	advice,
	exact: true,
});

export const RESPONSE_CODES: Readonly<Record<string, ResponseCodeAdvice>> = {
	ALREADYEXISTS: wrong('A mailbox with this name already exists. Choose another name.'),
	AUTHENTICATIONFAILED: { cause: 'credential-invalid' },
	AUTHORIZATIONFAILED: {
		cause: 'credential-invalid',
		advice:
			'The login is correct, but it isn\'t allowed to use this mailbox or to act as this user. Check the user in the credential and in "Act As User".',
	},
	BADCHARSET: wrong(
		'The server searches for ASCII characters only. Search for a part of the text without other ones.',
	),
	CANNOT: wrong("The server doesn't allow this, usually because of the name. Try another one."),
	EXPIRED: {
		cause: 'credential-invalid',
		advice: 'The password has expired. Set a new one and enter it in the credential.',
		exact: true,
	},
	HASCHILDREN: wrong('The mailbox has child mailboxes. Delete or move them first.'),
	INUSE: {
		cause: 'temporarily-unavailable',
		advice: 'Another client is using the mailbox. Try again later.',
		exact: true,
	},
	LIMIT: {
		cause: 'rate-limited',
		advice: 'A limit of the server was reached. Use fewer or smaller messages at a time.',
		adviceAtLogin:
			'A limit of the server was reached, usually for connections or logins. Wait, then run fewer workflows at a time or less often, or lower N8N_IMAP4_CONNECTIONS_PER_ACCOUNT.',
	},
	NONEXISTENT: wrong('Check the name of the mailbox, or choose it "From List".'),
	NOPERM: wrong(
		"This account doesn't have permission to do this. Ask the owner of the mailbox or the administrator.",
	),
	OVERQUOTA: {
		cause: 'quota-exhausted',
		advice: 'The mailbox is full. Delete messages, or ask for a higher quota.',
	},
	PRIVACYREQUIRED: wrong('The server requires an encrypted connection. Use SSL/TLS or STARTTLS.'),
	SERVERBUG: {
		cause: 'temporarily-unavailable',
		advice: 'The server has an internal error. Its administrator can find details in its log.',
	},
	THROTTLED: {
		cause: 'rate-limited',
		advice:
			'The provider has throttled this account. Wait, then run the workflow less often, or with fewer items at a time.',
	},
	TRYCREATE: wrong(
		'The mailbox doesn\'t exist. Create it first, or turn on "Create Mailbox If Missing".',
	),
	UNAVAILABLE: {
		cause: 'temporarily-unavailable',
		advice: 'Part of the server is currently unavailable. Try again later.',
	},
	WEBALERT: {
		cause: 'credential-invalid',
		advice:
			'The provider blocks this login until you confirm it. Log in to your account in a web browser, follow the prompts, then try again.',
	},
};
