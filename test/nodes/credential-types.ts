/** The package's credential types, and who logs in with them in tests and measurements. */
import type { ICredentialType } from 'n8n-workflow';
import { Imap4AppOnlyApi } from '../../credentials/Imap4AppOnlyApi.credentials';
import { Imap4CramMd5Api } from '../../credentials/Imap4CramMd5Api.credentials';
import { Imap4OAuth2Api } from '../../credentials/Imap4OAuth2Api.credentials';
import { Imap4PlainApi } from '../../credentials/Imap4PlainApi.credentials';
import { Imap4ProxyAuthApi } from '../../credentials/Imap4ProxyAuthApi.credentials';
import { Imap4SslApi } from '../../credentials/Imap4SslApi.credentials';
import { Imap4StartTlsApi } from '../../credentials/Imap4StartTlsApi.credentials';
import { Imap4StreamApi } from '../../credentials/Imap4StreamApi.credentials';
import { Imap4TargetApi } from '../../credentials/Imap4TargetApi.credentials';
import { Imap4TargetOAuth2Api } from '../../credentials/Imap4TargetOAuth2Api.credentials';
import type { CredentialType } from '../../nodes/shared/account/authentication';

/** As n8n-nodes-base has it. */
const imap: ICredentialType = {
	name: 'imap',
	displayName: 'IMAP',
	properties: [
		{ displayName: 'User', name: 'user', type: 'string', default: '' },
		{ displayName: 'Password', name: 'password', type: 'string', default: '' },
		{ displayName: 'Host', name: 'host', type: 'string', default: '' },
		{ displayName: 'Port', name: 'port', type: 'number', default: 993 },
		{ displayName: 'SSL/TLS', name: 'secure', type: 'boolean', default: true },
		{
			displayName: 'Allow Self-Signed Certificates',
			name: 'allowUnauthorizedCerts',
			type: 'boolean',
			default: false,
		},
	],
};

export const credentialTypes = {
	imap,
	imap4AppOnlyApi: new Imap4AppOnlyApi(),
	imap4CramMd5Api: new Imap4CramMd5Api(),
	imap4OAuth2Api: new Imap4OAuth2Api(),
	imap4PlainApi: new Imap4PlainApi(),
	imap4ProxyAuthApi: new Imap4ProxyAuthApi(),
	imap4SslApi: new Imap4SslApi(),
	imap4StartTlsApi: new Imap4StartTlsApi(),
	imap4StreamApi: new Imap4StreamApi(),
	imap4TargetApi: new Imap4TargetApi(),
	imap4TargetOAuth2Api: new Imap4TargetOAuth2Api(),
} satisfies Record<CredentialType, ICredentialType>;

export const USER = 'anna@example.com';
export const PASSWORD = 'pa"ss\\wörd';
