import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import {
	allowUnencrypted,
	host,
	port,
	security,
	tlsPropertiesIfSecured,
	user,
} from './account-properties';
import { link, stepByStep } from './providers';
import { shownWhen } from '../nodes/shared/fields/shown-when';

const whereProvider = (...provider: string[]) => ({ show: { provider } });

const shownForOther = (property: INodeProperties): INodeProperties =>
	shownWhen({ provider: ['other', 'otherServiceAccount'] }, property);

const notice = (provider: string, html: string): INodeProperties => ({
	displayName: html,
	name: `notice_${provider}`,
	type: 'notice',
	default: '',
	displayOptions: whereProvider(provider),
});

const secret = (displayName: string, name: string, more: Partial<INodeProperties>) =>
	({
		displayName,
		name,
		type: 'string',
		typeOptions: { password: true },
		default: '',
		required: true,
		...more,
	}) satisfies INodeProperties;

/**
 * An application that logs in by itself, without a person who signs in: Microsoft's client credentials
 * (RFC 6749 §4.4), or Google's service accounts (RFC 7523). The node gets the tokens.
 */
export class Imap4AppOnlyApi implements ICredentialType {
	name = 'imap4AppOnlyApi';

	displayName = 'IMAP4 App-Only API';

	icon = { light: 'file:icons/imap4.svg', dark: 'file:icons/imap4.dark.svg' } as const;

	documentationUrl =
		'https://github.com/n8n-nodes-imap4/n8n-nodes-imap4/blob/main/docs/accounts.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Provider',
			name: 'provider',
			type: 'options',
			options: [
				{
					name: 'Google Workspace (Service Account)',
					value: 'google',
					description: 'A service account with domain-wide delegation',
				},
				{
					name: 'Microsoft 365 (Client Credentials)',
					value: 'microsoft',
					description: 'An app registration with the application permission IMAP.AccessAsApp',
				},
				{
					name: 'Other (Client Credentials)',
					value: 'other',
					description: 'Any server that accepts tokens of the client credentials grant',
				},
				{
					name: 'Other (Service Account)',
					value: 'otherServiceAccount',
					description: 'Any server that accepts tokens of the JWT bearer grant',
				},
			],
			default: 'microsoft',
		},
		notice(
			'google',
			`Create a service account with a key of the type JSON under ${link('https://console.cloud.google.com/iam-admin/serviceaccounts', 'Google Cloud Console, Service accounts')}, and delegate https://mail.google.com/ to it: ${stepByStep('with-a-service-account')}.`,
		),
		notice(
			'microsoft',
			`Register an app under ${link('https://aka.ms/appregistrations', 'App registrations')} of Microsoft Entra, with the application permission IMAP.AccessAsApp: ${stepByStep('without-a-person-who-signs-in')}.`,
		),
		{
			...user,
			description:
				'The mailbox to open; it can be a shared one. Nodes can name another one in "Act As User".',
		},
		{
			displayName: 'Tenant',
			name: 'tenant',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. example.onmicrosoft.com',
			displayOptions: whereProvider('microsoft'),
			description: 'ID or domain of the directory; "common" does not work here',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 8a4d2c1e-0000-0000-0000-000000000000',
			required: true,
			displayOptions: whereProvider('microsoft', 'other'),
		},
		secret('Client Secret', 'clientSecret', {
			displayOptions: whereProvider('microsoft', 'other'),
			description: 'For Microsoft, the value of the secret, not its ID',
		}),
		secret('Service Account Key (JSON)', 'serviceAccountKey', {
			displayOptions: whereProvider('google', 'otherServiceAccount'),
			description: 'The whole content of the key file',
		}),
		...[
			{
				displayName: 'Access Token URL',
				name: 'accessTokenUrl',
				type: 'string',
				default: '',
				required: true,
				placeholder: 'e.g. https://login.example.com/oauth2/token',
			} satisfies INodeProperties,
			{
				displayName: 'Scope',
				name: 'scope',
				type: 'string',
				default: '',
				placeholder: 'e.g. imap.full',
				description: "What the token allows, in the provider's terms",
			} satisfies INodeProperties,
			host,
			security,
			allowUnencrypted,
			port(993),
			...tlsPropertiesIfSecured,
		].map(shownForOther),
	];
}
