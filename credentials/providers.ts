/** Mail providers that need no host and no port, only what to create there. */
import type { INodeProperties } from 'n8n-workflow';
import { shownWhen } from '../nodes/shared/fields/shown-when';

interface Provider {
	name: string;
	/** Where its server is; it is also the stored value of the choice. */
	host: string;
	/** What to do there first, as HTML. */
	notice: string;
}

export const link = (url: string, text: string): string =>
	`<a href="${url}" target="_blank">${text}</a>`;
/** The page of docs/accounts.md, at the heading of the provider. */
export const stepByStep = (heading: string): string =>
	link(
		`https://github.com/n8n-nodes-imap4/n8n-nodes-imap4/blob/main/docs/accounts.md#${heading}`,
		'step by step',
	);
/** @param page where one is created; `help` says how */
const appPassword = (page: string, text: string, help?: string): string =>
	`Your usual password doesn't work here. Create an app password: ${link(page, text)}${help ? ` (${link(help, 'help')})` : ''}.`;

const providers: readonly Provider[] = [
	{
		name: 'AOL',
		host: 'imap.aol.com',
		notice: appPassword(
			'https://login.aol.com/account/security',
			'AOL account security',
			'https://help.aol.com/articles/Create-and-manage-app-password',
		),
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
		notice: `${appPassword('https://myaccount.google.com/apppasswords', 'Google app passwords')} It needs 2-Step Verification; ${stepByStep('gmail')}. Or use the credential IMAP4 OAuth2 API.`,
	},
	{
		name: 'GMX',
		host: 'imap.gmx.com',
		notice: `Turn on IMAP in the email settings of your GMX account first: ${link('https://support.gmx.com/pop-imap/toggle.html', 'how to turn it on')}.`,
	},
	{
		name: 'iCloud',
		host: 'imap.mail.me.com',
		notice: appPassword(
			'https://account.apple.com',
			'Apple Account, Sign-In and Security',
			'https://support.apple.com/102654',
		),
	},
	{
		name: 'Outlook / Microsoft 365',
		host: 'outlook.office365.com',
		notice: `Microsoft doesn't accept passwords over IMAP. Create the credential IMAP4 OAuth2 API with the provider Microsoft instead: ${stepByStep('microsoft-365-and-outlookcom')}.`,
	},
	{
		name: 'Yahoo',
		host: 'imap.mail.yahoo.com',
		notice: appPassword(
			'https://login.yahoo.com/account/security',
			'Yahoo account security',
			'https://help.yahoo.com/kb/generate-manage-rd-party-passwords-sln15241.html',
		),
	},
	{
		name: 'Yandex',
		host: 'imap.yandex.com',
		notice: `${appPassword('https://id.yandex.com/security/app-passwords', 'Yandex app passwords', 'https://yandex.com/support/passport/authorization/app-passwords.html')} Turn on IMAP under ${link('https://mail.yandex.com/#setup/client', 'Email clients')} too.`,
	},
	{
		name: 'Zoho',
		host: 'imap.zoho.com',
		notice: `Turn on IMAP in Zoho Mail's settings first: ${link('https://www.zoho.com/mail/help/imap-access.html', 'how to turn it on')}. With two-factor authentication, ${link('https://accounts.zoho.com/home#security/app_password', 'create an app password')}.`,
	},
];

const OTHER = 'other';

/** Shows a field only where no provider fills it in. */
export const ifOtherServer = (property: INodeProperties): INodeProperties =>
	shownWhen({ provider: [OTHER] }, property);

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
