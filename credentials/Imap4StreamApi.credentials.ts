import type { ICredentialType, INodeProperties } from 'n8n-workflow';

/** A program on the n8n host that speaks IMAP on its standard input and output. */
export class Imap4StreamApi implements ICredentialType {
	name = 'imap4StreamApi';

	displayName = 'IMAP4 Stream (Child Process) API';

	icon = { light: 'file:icons/imap4.svg', dark: 'file:icons/imap4.dark.svg' } as const;

	documentationUrl =
		'https://github.com/n8n-nodes-imap4/n8n-nodes-imap4/blob/main/docs/accounts.md';

	properties: INodeProperties[] = [
		{
			displayName:
				'For programs that speak IMAP on standard input and output, such as a mail server\'s own imap program or ssh. The n8n administrator allows them by name in the environment variable N8N_IMAP4_STREAM_COMMANDS: {"dovecot": ["/usr/lib/dovecot/imap"]}. Without it, this credential doesn\'t work.',
			name: 'streamNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Command',
			name: 'command',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. dovecot',
			description: 'The name that the administrator gave the program, not a command line',
		},
	];
}
