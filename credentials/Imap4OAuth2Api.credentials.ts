import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { allowUnencrypted, host, port, security, tlsProperties, user } from './account-properties';
import { link, stepByStep } from './providers';
import { shownWhen } from '../nodes/shared/fields/shown-when';

const forOthers = { show: { provider: ['other'] } };

/** What the provider asks for: of the presets, or as given for another provider. */
function byProvider(field: string, presets: { google: string; microsoft: string }): string {
	return `={{ ({ google: ${presets.google}, microsoft: ${presets.microsoft} })[$self["provider"]] ?? $self["${field}"] }}`;
}

const hidden = (displayName: string, name: string, value: string): INodeProperties => ({
	displayName,
	name,
	type: 'hidden',
	default: value,
});

const given = (displayName: string, name: string, more: Partial<INodeProperties> = {}) =>
	({
		displayName,
		name,
		type: 'string',
		default: '',
		displayOptions: forOthers,
		...more,
	}) satisfies INodeProperties;

const notice = (provider: string, html: string): INodeProperties => ({
	displayName: html,
	name: `notice_${provider}`,
	type: 'notice',
	default: '',
	displayOptions: { show: { provider: [provider] } },
});

/**
 * n8n shows the fields of its own OAuth2 type first. This one of them, which only dynamic registration uses, is
 * the place above Client ID.
 */
const providerFirst: INodeProperties = {
	displayName:
		'First choose the provider further down: the note below it says where to create the client ID and secret.',
	name: 'serverUrl',
	type: 'notice',
	default: '',
};

/**
 * An access token in place of a password (RFC 7628, and XOAUTH2 of Google's). n8n gets the token, keeps
 * it, and renews it when the server says that it has expired.
 */
export class Imap4OAuth2Api implements ICredentialType {
	name = 'imap4OAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'IMAP4 OAuth2 API';

	/** n8n would offer to open the credential to its HTTP Request node, which could send the token anywhere. */
	hideDomainRestrictionFields = true;

	icon = { light: 'file:icons/imap4.svg', dark: 'file:icons/imap4.dark.svg' } as const;

	documentationUrl =
		'https://github.com/n8n-nodes-imap4/n8n-nodes-imap4/blob/main/docs/accounts.md';

	properties: INodeProperties[] = [
		providerFirst,
		{
			displayName: 'Provider',
			name: 'provider',
			type: 'options',
			options: [
				{ name: 'Google', value: 'google', description: 'Gmail and Google Workspace' },
				{ name: 'Microsoft', value: 'microsoft', description: 'Microsoft 365 and Outlook.com' },
				{ name: 'Other', value: 'other' },
			],
			default: 'google',
		},
		notice(
			'google',
			`Create an OAuth client of the type "Web application" under ${link('https://console.cloud.google.com/apis/credentials', 'Google Cloud Console, Credentials')}, with the redirect URL above: ${stepByStep('with-oauth2')}.`,
		),
		notice(
			'microsoft',
			`Register an app under ${link('https://aka.ms/appregistrations', 'App registrations')} of Microsoft Entra, with the redirect URL above and the delegated permission IMAP.AccessAsUser.All: ${stepByStep('microsoft-365-and-outlookcom')}.`,
		),
		{
			...user,
			description: 'The mailbox to log in to, usually the email address of the account',
		},
		{ ...host, displayOptions: forOthers },
		{ ...security, displayOptions: forOthers },
		{
			...allowUnencrypted,
			displayOptions: { show: { ...forOthers.show, security: ['none'] } },
		},
		{ ...port(993), displayOptions: forOthers },
		{
			displayName: 'Tenant',
			name: 'tenant',
			type: 'string',
			default: 'common',
			displayOptions: { show: { provider: ['microsoft'] } },
			description:
				'ID or domain of the directory; or "common" for all accounts, "organizations" for work and school accounts, "consumers" for Outlook.com accounts',
		},
		given('Authorization URL', 'otherAuthUrl', {
			required: true,
			placeholder: 'e.g. https://login.example.com/oauth2/authorize',
		}),
		given('Access Token URL', 'otherAccessTokenUrl', {
			required: true,
			placeholder: 'e.g. https://login.example.com/oauth2/token',
		}),
		given('Scope', 'otherScope', {
			placeholder: 'e.g. imap offline_access',
			description:
				"What the token allows, in the provider's terms. Separate several scopes with spaces.",
		}),
		given('Auth URI Query Parameters', 'otherAuthQueryParameters', {
			placeholder: 'e.g. access_type=offline',
			description:
				'Additional parameters that the provider requires, for example to issue a refresh token',
		}),
		hidden('Allowed HTTP Request Domains', 'allowedHttpRequestDomains', 'none'),
		hidden('Grant Type', 'grantType', 'authorizationCode'),
		hidden(
			'Authorization URL',
			'authUrl',
			byProvider('otherAuthUrl', {
				google: '"https://accounts.google.com/o/oauth2/v2/auth"',
				microsoft:
					'"https://login.microsoftonline.com/" + $self["tenant"] + "/oauth2/v2.0/authorize"',
			}),
		),
		hidden(
			'Access Token URL',
			'accessTokenUrl',
			byProvider('otherAccessTokenUrl', {
				google: '"https://oauth2.googleapis.com/token"',
				microsoft: '"https://login.microsoftonline.com/" + $self["tenant"] + "/oauth2/v2.0/token"',
			}),
		),
		hidden(
			'Scope',
			'scope',
			byProvider('otherScope', {
				google: '"https://mail.google.com/"',
				microsoft: '"https://outlook.office.com/IMAP.AccessAsUser.All offline_access"',
			}),
		),
		hidden(
			'Auth URI Query Parameters',
			'authQueryParameters',
			byProvider('otherAuthQueryParameters', {
				// Only so does Google hand out a refresh token each time.
				google: '"access_type=offline&prompt=consent"',
				microsoft: '"response_mode=query"',
			}),
		),
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			options: [
				{ name: 'Body', value: 'body', description: 'Send client ID and secret in the body' },
				{ name: 'Header', value: 'header', description: 'Send client ID and secret as Basic Auth' },
			],
			default: 'body',
			displayOptions: forOthers,
			description: 'How n8n identifies itself to the token endpoint',
		},
		...tlsProperties.map((property) => shownWhen(forOthers.show, property)),
	];
}
