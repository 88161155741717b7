/** Which credential a node logs in with: one dropdown, each choice showing one credential. */
import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';

/**
 * Credential type by the value of the dropdown. IMAP4 Mailbox lists them once more, with the function
 * that tests them, since n8n's lint rules look for that in a node.
 */
export const CREDENTIAL_TYPES = {
	ssl: 'imap4SslApi',
	startTls: 'imap4StartTlsApi',
	plain: 'imap4PlainApi',
} as const;

export type Authentication = keyof typeof CREDENTIAL_TYPES;
export type CredentialType = (typeof CREDENTIAL_TYPES)[Authentication];

export const authenticationProperty: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'SSL/TLS', value: 'ssl', description: 'Encrypted from the start, mostly on port 993' },
		{
			name: 'STARTTLS',
			value: 'startTls',
			description: 'Encrypted before the login, mostly on port 143',
		},
		{ name: 'Plain (Unencrypted)', value: 'plain', description: 'Not encrypted at all' },
	],
	default: 'ssl',
};

/** For a node's `credentials`: each shows for its choice, and is tested by `imap4Login`. */
export const imap4Credentials: INodeCredentialDescription[] = Object.entries(CREDENTIAL_TYPES).map(
	([authentication, name]) => ({
		name,
		required: true,
		testedBy: 'imap4Login',
		displayOptions: { show: { authentication: [authentication] } },
	}),
);
