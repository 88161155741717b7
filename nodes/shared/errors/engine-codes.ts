/** What the causes of the engine's errors mean for the user, where the server says nothing more exact. */
import type { Failure } from 'n8n-workflow';
import type { ErrorCode } from '../../../engine/index';

export interface EngineCodeAdvice {
	cause: Failure['cause'];
	/** None for what only a developer can correct. */
	advice?: string;
}

const settings = (advice?: string): EngineCodeAdvice => ({
	cause: 'configuration-invalid',
	...(advice === undefined ? {} : { advice }),
});
const passing = (advice?: string): EngineCodeAdvice => ({
	cause: 'temporarily-unavailable',
	...(advice === undefined ? {} : { advice }),
});

export const ENGINE_CODES: Readonly<Record<ErrorCode, EngineCodeAdvice>> = {
	NO: settings('The server rejected the request. See its message for the reason.'),
	BAD: settings('The server did not accept the command. Check the values given to this operation.'),
	AUTHENTICATION_FAILED: {
		cause: 'credential-invalid',
		advice:
			'Check the user and password in the credential. Many providers require an app password.',
	},
	LOGIN_DISABLED: settings(
		"The server doesn't allow login over an unencrypted connection. Use the SSL/TLS or STARTTLS credential.",
	),
	STATE: { cause: 'node-defect' },
	CAPABILITY: settings(
		"The server doesn't support what this operation requires, and there is no alternative.",
	),
	ARGUMENT: settings(),
	TOO_LARGE: settings(
		"Leave out large attachments, or ask the server's administrator to raise the limit.",
	),
	BODY_DISCARDED: { cause: 'node-defect', advice: 'Try again with fewer messages at a time.' },
	MALFORMED: passing(),
	HOST_NOT_FOUND: settings('Check the host in the credential for a typo.'),
	CONNECTION_REFUSED: passing(
		'Check the host and port in the credential (993 for SSL/TLS, 143 for STARTTLS), and whether a firewall blocks the connection.',
	),
	CONNECTION_FAILED: passing(
		'Check the host and port in the credential, and the network of the n8n instance.',
	),
	CONNECTION_LOST: passing(
		'Try again. "Retry On Fail" in the settings of this node does so automatically.',
	),
	CLOSED: passing('Try again.'),
	TIMEOUT: passing(
		"The server or a firewall in between didn't respond. Check the host and port, or try again later.",
	),
	BYE: passing(
		'The server closed the connection. See its message for the reason, and try again later.',
	),
	TLS_CERTIFICATE: settings(
		'If this is your own server, enter the certificate of its authority (or its SHA-256 fingerprint) in the credential. Otherwise someone may be impersonating the server.',
	),
	TLS_EXPECTED: settings(
		'This port is not encrypted from the start. Use port 993 with SSL/TLS, or the STARTTLS credential for this port.',
	),
	CLEAR_TEXT_EXPECTED: settings(
		'This port is encrypted from the start. Use the SSL/TLS credential.',
	),
	TLS_FAILED: settings(
		"Client and server couldn't agree on TLS settings. Check the TLS options of the credential (minimum version, client certificate).",
	),
	STARTTLS: settings('STARTTLS failed, so no password was sent. Use the SSL/TLS credential.'),
	PROTOCOL: passing("The server's response is not IMAP4. Check the host and port."),
	LIMIT: passing("The server's response exceeds a safety limit."),
	READ_ONLY: settings('This account has read-only access to the mailbox. Nothing was changed.'),
};
