import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { host, password, port, user } from './account-properties';

/** Clear text all the way. */
export class Imap4PlainApi implements ICredentialType {
	name = 'imap4PlainApi';

	displayName = 'IMAP4 Plain (Unencrypted) API';

	icon = { light: 'file:icons/imap4.svg', dark: 'file:icons/imap4.dark.svg' } as const;

	documentationUrl =
		'https://github.com/n8n-nodes-imap4/n8n-nodes-imap4/blob/main/docs/accounts.md';

	properties: INodeProperties[] = [
		{
			displayName:
				'Nothing is encrypted: anyone between n8n and the server can read the password and all mail. Use this only within one machine or a network you trust; otherwise use SSL/TLS or STARTTLS.',
			name: 'unencryptedNotice',
			type: 'notice',
			default: '',
		},
		host,
		port(143),
		user,
		password,
	];
}
