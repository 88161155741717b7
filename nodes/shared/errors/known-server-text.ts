/**
 * What well-known servers mean by texts whose response code says something else, or that have none. The
 * first line that fits decides. The examples are the servers' own texts; a test tries each.
 */
import type { Failure } from 'n8n-workflow';

export interface KnownServerText {
	/** What happened, as a heading. */
	name: string;
	/** Without regard to case. Linear in the text, which is at most 1,000 characters. */
	text: RegExp;
	/** Whether only a refused login is meant by it; in other commands the text can quote a user's words. */
	atLogin?: true;
	cause: Failure['cause'];
	advice: string;
	examples: ReadonlyArray<readonly [server: string, text: string]>;
}

export const KNOWN_SERVER_TEXTS: readonly KnownServerText[] = [
	{
		name: 'App password required',
		text: /app(?:lication)?[- ]?specific password|app(?:lication)? password|authorization code to log|parol prilozheniya/i,
		atLogin: true,
		cause: 'credential-invalid',
		advice:
			'The provider requires an app password. Create one in the security settings of your account there, and enter it in the credential instead of your usual password.',
		examples: [
			[
				'Gmail',
				'Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)',
			],
			['iCloud', 'Please use an app-specific password'],
			['Mail.ru', 'Application password is REQUIRED'],
			['QQ Mail', 'Login fail. Please using authorization code to login.'],
		],
	},
	{
		name: 'Login in a browser required',
		text: /log ?in via your web browser|sign ?in (?:via|using|with|through) (?:a|your) (?:web )?browser|verify your account|account (?:has been |is )?(?:temporarily )?(?:locked|suspended|blocked)|unsafe login/i,
		atLogin: true,
		cause: 'credential-invalid',
		advice:
			'The provider blocks this login until you confirm it. Log in to your account in a web browser, follow the prompts, then try again.',
		examples: [
			[
				'Gmail',
				'Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)',
			],
			['Yahoo', '(#MBR1236) Please verify your account by going to https://login.yahoo.com'],
			['GMX', 'Your account is temporarily locked'],
			['NetEase 163', 'LOGIN Unsafe Login. Please contact kefu@188.com for help'],
		],
	},
	{
		name: 'IMAP turned off for the account',
		text: /not enabled for imap|imap (?:access )?(?:is )?(?:disabled|not (?:enabled|activated|allowed))|enable imap|not have imap access|imap[^.]{0,20} nicht (?:aktiviert|freigeschaltet)|protocoldisabled|access rights to this service/i,
		atLogin: true,
		cause: 'configuration-invalid',
		advice:
			'IMAP is turned off for this account. Turn it on in the settings of your mail account, or ask its administrator.',
		examples: [
			[
				'Gmail',
				'Your account is not enabled for IMAP use. Please visit your Gmail settings page and enable your account for IMAP access. (Failure)',
			],
			['Yandex', 'LOGIN invalid credentials or IMAP is disabled'],
			['Yandex', 'AUTHENTICATE This user does not have access rights to this service'],
			['Zoho', 'You are yet to enable IMAP for your account. Please contact your administrator'],
			['GMX', 'IMAP ist nicht aktiviert'],
			['Microsoft 365', 'AUTHENTICATE failed. ProtocolDisabled'],
		],
	},
	{
		name: 'Password login turned off',
		text: /basic ?auth(?:entication)? ?(?:is )?(?:blocked|disabled)|logondenied-basicauth/i,
		atLogin: true,
		cause: 'credential-invalid',
		advice: 'The provider no longer accepts passwords. Use an OAuth2 credential.',
		examples: [
			['Microsoft 365', 'LOGIN failed. LogonDenied-BasicAuthBlocked'],
			['Exchange', 'Basic authentication is disabled.'],
		],
	},
	{
		name: 'Password expired',
		text: /password (?:has |is )?expired|expired password/i,
		atLogin: true,
		cause: 'credential-invalid',
		advice: 'The password has expired. Set a new one and enter it in the credential.',
		examples: [
			['Dovecot', 'Password expired'],
			['Cyrus', 'Login failed: password expired'],
		],
	},
	{
		name: 'Authenticated but not connected',
		text: /authenticated but not connected/i,
		cause: 'temporarily-unavailable',
		advice:
			"The login is correct, but the server can't reach the mailbox, which may be busy or being moved. Try again later. If the problem persists, check that IMAP is turned on for the mailbox, that the mailbox exists and has a license, and that the OAuth2 app has the IMAP permission.",
		examples: [['Microsoft 365', 'User is authenticated but not connected.']],
	},
	{
		name: 'Bandwidth used up',
		text: /exceeded (?:command or )?bandwidth|bandwidth limit/i,
		cause: 'quota-exhausted',
		advice:
			"The account has exceeded the provider's daily transfer limit. Wait up to 24 hours, and get fewer or smaller messages at a time.",
		examples: [['Gmail', 'Account exceeded command or bandwidth limits. (Failure)']],
	},
	{
		name: 'Too many connections',
		text: /too many (?:\w+ ){0,2}(?:connections|sessions)|maximum (?:number of )?(?:\w+ ){0,2}(?:connections|sessions)|(?:connections?|sessions?) limit/i,
		cause: 'rate-limited',
		advice:
			'Too many clients are connected to this account. Close others, run fewer workflows at a time, or lower N8N_IMAP4_CONNECTIONS_PER_ACCOUNT.',
		examples: [
			['Gmail', 'Too many simultaneous connections. (Failure)'],
			[
				'Dovecot',
				'Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)',
			],
			['Cyrus', 'Too many open connections for this user'],
			['Courier', 'Maximum connection limit reached for 192.0.2.1'],
			['Other servers', 'The maximum number of concurrent connections has exceeded a limit'],
			['Other servers', 'Maximum concurrent connections reached'],
			['Other servers', 'Too many simultaneous IMAP connections'],
			['Other servers', 'Maximum number of sessions exceeded'],
			['Other servers', 'Session limit exceeded'],
		],
	},
	{
		name: 'Throttled',
		text: /throttl|too many (?:\w+ )?(?:logins|login attempts|requests|commands|authentication failures|failed)|rate ?limit|frequency limited/i,
		cause: 'rate-limited',
		advice:
			'The provider has throttled this account because of too many requests. Wait, then run the workflow less often, or with fewer items at a time.',
		examples: [
			['Microsoft 365', 'Request is throttled. Suggested Backoff Time: 299961 milliseconds'],
			['Yahoo', 'LOGIN Rate limit hit'],
			['GMX', 'Too many login attempts'],
			['iCloud', 'Too many requests'],
		],
	},
	{
		name: 'Mailbox full',
		text: /over ?quota|quota (?:has been |is )?exceeded|exceed(?:ed|s)? (?:your |the |its )?(?:mail |mailbox |storage )?quota|mailbox (?:is )?full|not enough (?:disk )?(?:space|quota)|no space left/i,
		cause: 'quota-exhausted',
		advice: 'The mailbox is full. Delete messages, or ask for a higher quota.',
		examples: [
			['Dovecot', 'Quota exceeded (mailbox for user is full)'],
			['Cyrus', 'Over quota'],
			['Courier', 'You exceeded your mail quota.'],
			['Exchange', 'APPEND failed. The mailbox is full.'],
		],
	},
	{
		name: 'No such mailbox',
		text: /(?:mailbox|folder) (?:does not|doesn't) exist|(?:no such|unknown|invalid) (?:mailbox|folder)|(?:mailbox|folder) (?:could )?not (?:be )?found/i,
		cause: 'configuration-invalid',
		advice: 'Check the name of the mailbox, or choose it "From List".',
		examples: [
			['Cyrus', 'Mailbox does not exist'],
			['Courier', 'Mailbox does not exist, or must be subscribed to.'],
			['Dovecot', "Mailbox doesn't exist: Archive (0.001 + 0.000 secs)."],
			['Gmail', 'Unknown Mailbox: Archive (Failure)'],
			['hMailServer', 'Folder could not be found.'],
		],
	},
	{
		name: 'Mailbox in use',
		text: /mailbox (?:is )?(?:in use|locked|busy)|locked by (?:the )?pop|timeout while waiting for lock|(?:cannot|can't) (?:obtain|get) lock/i,
		cause: 'temporarily-unavailable',
		advice: 'Another client is using the mailbox. Try again later.',
		examples: [
			['Dovecot', 'Timeout while waiting for lock'],
			['Cyrus', 'Mailbox is locked by POP server'],
			['Courier', 'Cannot obtain lock'],
		],
	},
	{
		name: 'Server busy',
		text: /server (?:is )?(?:busy|unavailable|error)|service (?:is )?(?:temporarily )?unavailable|tempora|try again|system is busy|system (?:i\/o )?error|internal error|shutting down|maintenance|lookup failed/i,
		cause: 'temporarily-unavailable',
		advice:
			'The server has a temporary problem. Try again later. "Retry On Fail" in the settings of this node does so automatically.',
		examples: [
			['Gmail', 'Temporary System Error (Failure)'],
			['Gmail', 'Lookup failed'],
			['Microsoft 365', 'Server Unavailable. 15'],
			['Yahoo', 'UID FETCH Server error - Please try again later'],
			['Dovecot', 'Internal error occurred. Refer to server log for more information.'],
			['Dovecot', 'Server shutting down.'],
			['Cyrus', 'System I/O error'],
			['Courier', 'Temporary problem, please try again later'],
		],
	},
];
