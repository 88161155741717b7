import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { host, password, port, security, tlsProperties, user } from './account-properties';

/**
 * The other account of Copy to Another Account: a type of its own, since a node of n8n has one credential
 * of a type at most.
 */
// eslint-disable-next-line @n8n/community-nodes/credential-test-required -- IMAP4 Message tests it, which the rule does not see behind a variable
export class Imap4TargetApi implements ICredentialType {
	name = 'imap4TargetApi';

	displayName = 'IMAP4 Target Account API';

	icon = { light: 'file:icons/imap4.svg', dark: 'file:icons/imap4.dark.svg' } as const;

	documentationUrl =
		'https://github.com/n8n-nodes-imap4/n8n-nodes-imap4/blob/main/docs/accounts.md';

	properties: INodeProperties[] = [host, security, port(993), user, password, ...tlsProperties];
}
