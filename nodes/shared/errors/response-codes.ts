/** What the server's response codes mean for the user (RFC 5530, RFC 9051 §7.1, and providers' own). */
import type { Failure } from 'n8n-workflow';

export interface ResponseCodeAdvice {
	cause: Failure['cause'];
	/** None where the cause of the engine says more. */
	advice?: string;
	/** Whether the code says it all, so that the server's text, which may quote a user's words, isn't read. */
	exact?: true;
}

const wrong = (advice: string): ResponseCodeAdvice => ({
	cause: 'configuration-invalid',
	advice,
	exact: true,
});

export const RESPONSE_CODES: Readonly<Record<string, ResponseCodeAdvice>> = {
	ALREADYEXISTS: wrong('There is a mailbox of this name already: choose another name.'),
	AUTHENTICATIONFAILED: { cause: 'credential-invalid' },
	AUTHORIZATIONFAILED: {
		cause: 'credential-invalid',
		advice:
			'The login is right, but it may not use this mailbox, or not act as this user: check the user in the credential and in "Act As User".',
	},
	CANNOT: wrong('The server can never do this, usually because of the name: try another one.'),
	EXPIRED: {
		cause: 'credential-invalid',
		advice: 'The password has expired: set a new one and enter it in the credential.',
		exact: true,
	},
	HASCHILDREN: wrong('The mailbox has child mailboxes. Delete or move them first.'),
	INUSE: {
		cause: 'temporarily-unavailable',
		advice: 'Another client is using the mailbox just now: try again later.',
		exact: true,
	},
	LIMIT: {
		cause: 'rate-limited',
		advice: 'A limit of the server is reached: use fewer or smaller messages at a time.',
	},
	NONEXISTENT: wrong(
		'Check the name of the mailbox; choose it "From List" to see which there are.',
	),
	NOPERM: wrong(
		"This account doesn't have permission to do this: ask the owner of the mailbox or the administrator.",
	),
	OVERQUOTA: {
		cause: 'quota-exhausted',
		advice: 'The mailbox is full: delete messages, or ask for a higher quota.',
	},
	PRIVACYREQUIRED: wrong('The server wants an encrypted connection: use SSL/TLS or STARTTLS.'),
	SERVERBUG: {
		cause: 'temporarily-unavailable',
		advice: 'The server has an internal error: its administrator finds more in its log.',
	},
	THROTTLED: {
		cause: 'rate-limited',
		advice:
			'The provider has limited this account for a while. Wait, then run the workflow less often, or with fewer items at a time.',
	},
	TRYCREATE: wrong(
		'The mailbox does not exist: create it first, or turn on "Create Mailbox If Missing".',
	),
	UNAVAILABLE: {
		cause: 'temporarily-unavailable',
		advice: 'A part of the server is down just now: try again later.',
	},
	WEBALERT: {
		cause: 'credential-invalid',
		advice:
			'The provider blocks this login until you confirm it: log in to your account in a web browser, confirm what it asks, then try again.',
	},
};
