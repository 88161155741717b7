/** The account that messages are copied or moved to, and the mailbox there. */
import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';
import type { Account } from '../../shared/account/account';
import { imap4Credentials, TARGET_CREDENTIAL_TYPES } from '../../shared/account/authentication';
import { accountOfType } from '../../shared/account/node-account';
import type { Execution } from '../../shared/execution/execution';
import { UserError } from '../../shared/errors/user-error';
import { strictChoice } from '../../shared/fields/strict-values';
import { mailboxLocator, readMailboxChoice } from '../../shared/mailbox/mailbox-locator';
import type { MailboxChoice } from '../../shared/mailbox/mailbox-choice';

const TARGET_OPERATIONS = ['copyToAccount', 'moveToAccount'];

/**
 * Named from the root: n8n's editor takes a field that a credential names plainly for a part of the login, and hides
 * Resource and Operation as it hides Authentication.
 */
const targetCredentials = Object.entries(TARGET_CREDENTIAL_TYPES).map(
	([targetAuthentication, name]): INodeCredentialDescription => ({
		name,
		required: true,
		testedBy: 'imap4Login',
		displayOptions: {
			show: {
				'/resource': ['message'],
				'/operation': TARGET_OPERATIONS,
				'/targetAuthentication': [targetAuthentication],
			},
		},
	}),
);

/** Those of the account itself, and those of the other one. */
export const messageCredentials = [...imap4Credentials, ...targetCredentials];

export const targetProperties: INodeProperties[] = [
	{
		displayName: 'Target Authentication',
		name: 'targetAuthentication',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'OAuth2', value: 'oAuth2', description: 'Gmail, Microsoft 365 and others' },
			{ name: 'Password', value: 'password', description: 'User and password' },
		],
		default: 'password',
		description: 'How to log in to the target account',
	},
	{
		displayName: 'Target Mailbox',
		name: 'targetMailboxFrom',
		type: 'options',
		options: [
			{ name: 'Chosen', value: 'chosen', description: 'One that you choose' },
			{
				name: 'Same Path',
				value: 'same',
				description: 'The path of the source mailbox, in the notation of the target server',
			},
		],
		default: 'chosen',
		description: 'Which mailbox of the target account to store the messages in',
	},
	{
		...mailboxLocator({
			name: 'targetMailbox',
			displayName: 'Mailbox in Target Account',
			description: 'The mailbox of the target account',
			search: 'searchTargetMailboxes',
		}),
		displayOptions: { show: { targetMailboxFrom: ['chosen'] } },
	},
];

/** @returns undefined for the same path as in the source */
export function readTargetMailbox(execution: Execution, item: number): MailboxChoice | undefined {
	const from = strictChoice(
		execution.parameter<unknown>('targetMailboxFrom', item, 'chosen'),
		'Target Mailbox',
		['chosen', 'same'],
	);
	if (from === 'same') return undefined;
	return readMailboxChoice(execution.context, item, 'targetMailbox', 'Mailbox in Target Account');
}

/** The account, decrypted once for a run of the node. @throws UserError if it is that of the source */
export async function targetAccount(execution: Execution, source: string): Promise<Account> {
	const authentication = strictChoice(
		execution.parameter<unknown>('targetAuthentication', 0, 'password'),
		'Target Authentication',
		['password', 'oAuth2'],
	);
	const account = await accountOfType(
		execution.context,
		TARGET_CREDENTIAL_TYPES[authentication],
		'',
	);
	if (account.url !== source) return account;
	throw new UserError(
		'Both credentials are of the same account',
		'Use "Copy" or "Move" within an account; the server does that by itself.',
	);
}
