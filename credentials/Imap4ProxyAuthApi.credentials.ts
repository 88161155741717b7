import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import {
	allowUnencrypted,
	host,
	password,
	port,
	security,
	tlsPropertiesIfSecured,
	user,
} from './account-properties';

/** An administrator who acts as other users: each node then says as whom. */
export class Imap4ProxyAuthApi implements ICredentialType {
	name = 'imap4ProxyAuthApi';

	displayName = 'IMAP4 Proxy Auth (Act as Another User) API';

	icon = { light: 'file:icons/imap4.svg', dark: 'file:icons/imap4.dark.svg' } as const;

	documentationUrl =
		'https://github.com/n8n-nodes-imap4/n8n-nodes-imap4/blob/main/docs/accounts.md';

	properties: INodeProperties[] = [
		host,
		security,
		allowUnencrypted,
		port(993),
		{
			...user,
			displayName: 'Admin User',
			placeholder: 'admin',
			description: 'Who logs in: a user whom the server lets act as others',
		},
		{ ...password, displayName: 'Admin Password', description: '' },
		{
			displayName: 'Method',
			name: 'method',
			type: 'options',
			options: [
				{
					name: 'SASL Authorization Identity',
					value: 'sasl',
					description:
						'Say at the login as whom to act (RFC 4616). Dovecot calls such administrators master users, Cyrus proxyservers.',
				},
				{
					name: 'PROXYAUTH Command',
					value: 'proxyauth',
					description:
						'Become the other user after the login. Servers of the Netscape, Sun and Oracle family want it so.',
				},
			],
			default: 'sasl',
		},
		{
			displayName: 'Default User to Act As',
			name: 'defaultActAsUser',
			type: 'string',
			default: '',
			placeholder: 'name@example.com',
			description:
				'As whom to act where the field "Act As User" of a node is empty. Needed for the test of this credential.',
		},
		...tlsPropertiesIfSecured,
	];
}
