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
	cramMd5: 'imap4CramMd5Api',
	// eslint-disable-next-line @n8n/community-nodes/no-hardcoded-secrets -- the name of a credential type
	proxyAuth: 'imap4ProxyAuthApi',
	oAuth2: 'imap4OAuth2Api',
	appOnly: 'imap4AppOnlyApi',
	stream: 'imap4StreamApi',
	/** The one of n8n's own Email Trigger (IMAP), for people who have it already. */
	n8n: 'imap',
} as const;

/** The same for the account that messages are copied to: a node has one credential of a type at most. */
export const TARGET_CREDENTIAL_TYPES = {
	password: 'imap4TargetApi',
	// eslint-disable-next-line @n8n/community-nodes/no-hardcoded-secrets -- the name of a credential type
	oAuth2: 'imap4TargetOAuth2Api',
} as const;

export type Authentication = keyof typeof CREDENTIAL_TYPES;
export type CredentialType =
	| (typeof CREDENTIAL_TYPES)[Authentication]
	| (typeof TARGET_CREDENTIAL_TYPES)[keyof typeof TARGET_CREDENTIAL_TYPES];

const authenticationProperty: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'App-Only (Service Account)',
			value: 'appOnly',
			description: 'Microsoft 365 and Google Workspace, without a person who signs in',
		},
		{
			name: 'CRAM-MD5',
			value: 'cramMd5',
			description: 'Never sends the password itself',
		},
		{
			name: 'IMAP (Credential of the Email Trigger)',
			value: 'n8n',
			description: "An existing credential of n8n's own type IMAP",
		},
		{ name: 'OAuth2', value: 'oAuth2', description: 'Gmail, Microsoft 365 and others' },
		{
			name: 'Plain (Unencrypted)',
			value: 'plain',
			description: 'Not encrypted at all',
		},
		{
			name: 'Proxy Auth (Act as Another User)',
			value: 'proxyAuth',
			description: 'Log in as an administrator and act as another user',
		},
		{ name: 'SSL/TLS', value: 'ssl', description: 'Encrypted from the start, usually on port 993' },
		{
			name: 'STARTTLS',
			value: 'startTls',
			description: 'Encrypted before login, usually on port 143',
		},
		{
			name: 'Stream (Child Process)',
			value: 'stream',
			description: 'A program that the n8n administrator has allowed',
		},
	],
	default: 'ssl',
};

/** Choices whose credential can open the mailboxes of several users. */
const ACTS_AS_OTHERS: readonly Authentication[] = ['proxyAuth', 'appOnly'];

export const actsAsOthers = (authentication: Authentication): boolean =>
	ACTS_AS_OTHERS.includes(authentication);

const actAsUserProperty: INodeProperties = {
	displayName: 'Act As User',
	name: 'actAsUser',
	type: 'string',
	default: '',
	placeholder: 'e.g. name@example.com',
	displayOptions: { show: { authentication: [...ACTS_AS_OTHERS] } },
	description:
		"User whose mailboxes to access; can be an expression per item. Leave empty to use the credential's default user.",
};

/** The fields that every node begins with. */
export const authenticationProperties: INodeProperties[] = [
	authenticationProperty,
	actAsUserProperty,
];

/** For a node's `credentials`: each shows for its choice. */
export const imap4Credentials: INodeCredentialDescription[] = Object.entries(CREDENTIAL_TYPES).map(
	([authentication, name]) => ({
		name,
		required: true,
		// n8n's own is tested by the Email Trigger.
		...(name === CREDENTIAL_TYPES.n8n ? {} : { testedBy: 'imap4Login' }),
		displayOptions: { show: { authentication: [authentication] } },
	}),
);
