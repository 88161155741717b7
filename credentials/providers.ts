/** Mail providers that need no host and no port, only what to create there. */
import type { INodeProperties } from 'n8n-workflow';

interface Provider {
	name: string;
	/** Where its server is; it is also the stored value of the choice. */
	host: string;
	/** What to do there first, as HTML. */
	notice: string;
}

const link = (url: string, text: string): string => `<a href="${url}" target="_blank">${text}</a>`;
const appPassword = (url: string, text: string): string =>
	`Your usual password doesn't work here. Create an app password: ${link(url, text)}.`;

const providers: readonly Provider[] = [
	{
		name: 'AOL',
		host: 'imap.aol.com',
		notice: appPassword('https://login.aol.com/account/security', 'AOL account security'),
	},
	{
		name: 'Fastmail',
		host: 'imap.fastmail.com',
		notice: appPassword(
			'https://www.fastmail.help/hc/en-us/articles/360058752854',
			'how to create one at Fastmail',
		),
	},
	{
		name: 'Gmail',
		host: 'imap.gmail.com',
		notice: `${appPassword('https://myaccount.google.com/apppasswords', 'Google app passwords')} Or use the OAuth2 credential.`,
	},
	{
		name: 'GMX',
		host: 'imap.gmx.com',
		notice: 'Turn on access by POP3 and IMAP in the email settings of your GMX account first.',
	},
	{
		name: 'iCloud',
		host: 'imap.mail.me.com',
		notice: appPassword('https://account.apple.com', 'Apple Account, Sign-In and Security'),
	},
	{
		name: 'Yahoo',
		host: 'imap.mail.yahoo.com',
		notice: appPassword('https://login.yahoo.com/account/security', 'Yahoo account security'),
	},
	{
		name: 'Yandex',
		host: 'imap.yandex.com',
		notice: `${appPassword('https://id.yandex.com/security/app-passwords', 'Yandex app passwords')} Turn on IMAP in the settings of your mailbox too.`,
	},
	{
		name: 'Zoho',
		host: 'imap.zoho.com',
		notice: `Turn on IMAP access in Zoho Mail's settings first. With two-factor authentication, ${link('https://accounts.zoho.com/home#security/app_password', 'create an app password')}.`,
	},
];

const OTHER = 'other';

/** Shows a field only where no provider fills it in. */
export const ifOtherServer = (property: INodeProperties): INodeProperties => ({
	...property,
	displayOptions: { show: { provider: [OTHER] } },
});

export const providerProperties: INodeProperties[] = [
	{
		displayName: 'Provider',
		name: 'provider',
		type: 'options',
		options: [
			...providers.map(({ name, host }) => ({ name, value: host })),
			{ name: 'Other Server', value: OTHER },
			// Not localeCompare(): its tables take longer to load than everything else here.
		].sort((one, other) => (one.name.toLowerCase() < other.name.toLowerCase() ? -1 : 1)),
		default: OTHER,
		description: 'Who runs the mail server. Host and port are filled in for the providers listed.',
	},
	...providers.map(({ host, notice }): INodeProperties => ({
		displayName: notice,
		name: `notice_${host.replace(/\W/g, '_')}`,
		type: 'notice',
		default: '',
		displayOptions: { show: { provider: [host] } },
	})),
];
