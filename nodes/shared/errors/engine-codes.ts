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
	NO: settings('The server understood and refused. Its own words say why.'),
	BAD: settings('The server did not accept the command. Check the values given to this operation.'),
	AUTHENTICATION_FAILED: {
		cause: 'credential-invalid',
		advice: 'Check user and password in the credential. Many providers ask for an app password.',
	},
	LOGIN_DISABLED: settings(
		'The server forbids a login over an unencrypted connection: use the SSL/TLS or the STARTTLS credential.',
	),
	STATE: { cause: 'node-defect' },
	CAPABILITY: settings('The server lacks what this needs; there is no other way to do it.'),
	ARGUMENT: settings(),
	TOO_LARGE: settings(
		'Leave out large attachments, or ask the administrator of the server to raise the limit.',
	),
	BODY_DISCARDED: { cause: 'node-defect', advice: 'Try again with fewer messages at a time.' },
	MALFORMED: passing(),
	HOST_NOT_FOUND: settings('Check the host in the credential for a typo.'),
	CONNECTION_REFUSED: passing(
		'Check host and port in the credential (993 for SSL/TLS, 143 for STARTTLS), and whether a firewall is in between.',
	),
	CONNECTION_FAILED: passing(
		'Check host and port in the credential, and the network of the n8n instance.',
	),
	CONNECTION_LOST: passing(
		'Try again; "Retry On Fail" in the settings of this node does so by itself.',
	),
	CLOSED: passing('Try again.'),
	TIMEOUT: passing(
		'The server, or a firewall on the way, did not answer. Check host and port, or try again later.',
	),
	BYE: passing('The server ended the connection. Its own words say why; try again later.'),
	TLS_CERTIFICATE: settings(
		'If the server is your own, enter the certificate of its authority (or its SHA-256 fingerprint) in the credential. If not, someone may be pretending to be the server.',
	),
	TLS_EXPECTED: settings(
		'This port speaks clear text: use port 993 with SSL/TLS, or the STARTTLS credential for this port.',
	),
	CLEAR_TEXT_EXPECTED: settings('This port speaks TLS from the start: use the SSL/TLS credential.'),
	TLS_FAILED: settings(
		"Client and server couldn't agree on TLS settings. Check the TLS options of the credential (minimum version, client certificate).",
	),
	STARTTLS: settings(
		'The connection cannot be secured with STARTTLS, so nothing secret was sent. Use the SSL/TLS credential.',
	),
	PROTOCOL: passing('What the server sent is not IMAP4: check host and port.'),
	LIMIT: passing('What the server sent is larger than is safe to accept.'),
	READ_ONLY: settings('The mailbox can only be read by this account; nothing was changed.'),
};
