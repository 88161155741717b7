import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { host, password, port, security, tlsPropertiesIfSecured, user } from './account-properties';

/** A login that proves to know the password without sending it (RFC 2195), and no other login. */
export class Imap4CramMd5Api implements ICredentialType {
	name = 'imap4CramMd5Api';

	displayName = 'IMAP4 CRAM-MD5 API';

	icon = { light: 'file:icons/imap4.svg', dark: 'file:icons/imap4.dark.svg' } as const;

	documentationUrl =
		'https://github.com/n8n-nodes-imap4/n8n-nodes-imap4/blob/main/docs/accounts.md';

	properties: INodeProperties[] = [
		{
			displayName:
				'For servers that require CRAM-MD5. The password is never sent, but without SSL/TLS or STARTTLS anyone on the network path can read all mail.',
			name: 'cramMd5Notice',
			type: 'notice',
			default: '',
		},
		host,
		security,
		port(993),
		user,
		password,
		...tlsPropertiesIfSecured,
	];
}
