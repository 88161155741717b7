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
			placeholder: 'e.g. admin',
			description: 'The user who logs in, whom the server allows to act as other users',
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
						'Name the other user at login (RFC 4616). Dovecot calls such administrators master users; Cyrus calls them proxyservers.',
				},
				{
					name: 'PROXYAUTH Command',
					value: 'proxyauth',
					description:
						'Switch to the other user after login, as servers of the Netscape, Sun and Oracle family require',
				},
			],
			default: 'sasl',
		},
		{
			displayName: 'Default User to Act As',
			name: 'defaultActAsUser',
			type: 'string',
			default: '',
			placeholder: 'e.g. name@example.com',
			description:
				'The user to act as if "Act As User" is empty in a node. Required to test this credential.',
		},
		...tlsPropertiesIfSecured,
	];
}
