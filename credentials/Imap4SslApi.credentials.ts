import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { host, password, port, tlsProperties, user } from './account-properties';
import { ifOtherServer, providerProperties } from './providers';

/** TLS from the first byte (RFC 8314 §3.2). Tested by the nodes that use it. */
export class Imap4SslApi implements ICredentialType {
	name = 'imap4SslApi';

	displayName = 'IMAP4 SSL/TLS API';

	icon = { light: 'file:icons/imap4.svg', dark: 'file:icons/imap4.dark.svg' } as const;

	documentationUrl =
		'https://github.com/n8n-nodes-imap4/n8n-nodes-imap4/blob/main/docs/accounts.md';

	properties: INodeProperties[] = [
		...providerProperties,
		ifOtherServer(host),
		ifOtherServer(port(993)),
		user,
		password,
		...tlsProperties.map(ifOtherServer),
	];
}
