import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { Imap4OAuth2Api } from './Imap4OAuth2Api.credentials';

/** As {@link Imap4OAuth2Api}, for the other account of Copy to Another Account. */
export class Imap4TargetOAuth2Api implements ICredentialType {
	name = 'imap4TargetOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'IMAP4 Target Account OAuth2 API';

	hideDomainRestrictionFields = true;

	icon = { light: 'file:icons/imap4.svg', dark: 'file:icons/imap4.dark.svg' } as const;

	documentationUrl =
		'https://github.com/n8n-nodes-imap4/n8n-nodes-imap4/blob/main/docs/accounts.md';

	properties: INodeProperties[] = new Imap4OAuth2Api().properties;
}
