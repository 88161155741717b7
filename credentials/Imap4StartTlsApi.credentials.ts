import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { host, password, port, tlsProperties, user } from './account-properties';

/** Clear text that is secured with STARTTLS before anything secret is sent, or not used at all. */
export class Imap4StartTlsApi implements ICredentialType {
	name = 'imap4StartTlsApi';

	displayName = 'IMAP4 STARTTLS API';

	icon = { light: 'file:icons/imap4.svg', dark: 'file:icons/imap4.dark.svg' } as const;

	documentationUrl =
		'https://github.com/n8n-nodes-imap4/n8n-nodes-imap4/blob/main/docs/accounts.md';

	properties: INodeProperties[] = [host, port(143), user, password, ...tlsProperties];
}
