/** Rights as people choose and read them (RFC 4314 §2.1), and as letters. */
import type { INodeProperties } from 'n8n-workflow';
import { checkRights } from '../../engine/index';
import type { Execution } from '../shared/execution/execution';
import { strictChoice, strictText, strictTexts } from '../shared/fields/strict-values';
import { UserError } from '../shared/errors/user-error';

/** In the order of RFC 4314. */
const RIGHTS = [
	{ letter: 'l', name: 'Lookup', description: 'See the mailbox in listings (l)' },
	{ letter: 'r', name: 'Read', description: 'Open the mailbox and read messages (r)' },
	{ letter: 's', name: 'Keep Seen', description: 'Mark messages as read or unread (s)' },
	{ letter: 'w', name: 'Write Flags', description: 'Set flags other than read and deleted (w)' },
	{
		letter: 'i',
		name: 'Insert',
		description: 'Store messages in the mailbox, or copy and move them there (i)',
	},
	{ letter: 'p', name: 'Post', description: 'Send mail to its address (p)' },
	{ letter: 'k', name: 'Create Mailboxes', description: 'Create child mailboxes (k)' },
	{ letter: 'x', name: 'Delete Mailbox', description: 'Delete or rename the mailbox (x)' },
	{ letter: 't', name: 'Delete Messages', description: 'Mark messages as deleted (t)' },
	{ letter: 'e', name: 'Expunge', description: 'Remove messages marked as deleted (e)' },
	{ letter: 'a', name: 'Administer', description: 'Change access rights (a)' },
	{ letter: 'n', name: 'Annotate', description: 'Write shared annotations (n)' },
] as const;

/** What older servers (RFC 2086) write for several of them at once. */
const OBSOLETE: Record<string, string> = { c: 'kx', d: 'te' };

const ROLES = {
	reader: 'lrs',
	contributor: 'lrswipte',
	owner: 'lrswipkxtea',
} as const;

/** Fields that say which rights; shown by the operation that holds them. */
export const rightsProperties: INodeProperties[] = [
	{
		displayName: 'Rights From',
		name: 'rightsFrom',
		type: 'options',
		options: [
			{ name: 'Role', value: 'role', description: 'A common set of rights' },
			{ name: 'List', value: 'list', description: 'Rights by name' },
			{ name: 'Letters', value: 'letters', description: 'IMAP rights letters, such as lrs' },
		],
		default: 'role',
	},
	{
		displayName: 'Role',
		name: 'role',
		type: 'options',
		displayOptions: { show: { rightsFrom: ['role'] } },
		options: [
			{
				name: 'Contributor',
				value: 'contributor',
				description: 'Read, flag, store and delete messages (lrswipte)',
			},
			{
				name: 'Owner',
				value: 'owner',
				description: 'Everything, including granting rights (lrswipkxtea)',
			},
			{
				name: 'Reader',
				value: 'reader',
				description: 'Read, and keep track of what was read (lrs)',
			},
		],
		default: 'reader',
	},
	{
		displayName: 'Rights',
		name: 'rights',
		type: 'multiOptions',
		displayOptions: { show: { rightsFrom: ['list'] } },
		options: [...RIGHTS]
			.sort((a, b) => a.name.localeCompare(b.name))
			.map(({ letter, name, description }) => ({ name, value: letter, description })),
		default: ['l', 'r', 's'],
	},
	{
		displayName: 'Letters',
		name: 'letters',
		type: 'string',
		displayOptions: { show: { rightsFrom: ['letters'] } },
		default: 'lrs',
		placeholder: 'e.g. lrs',
		description: 'One letter for each right (RFC 4314)',
	},
];

/** @returns letters, each once. @throws UserError, Imap4Error ARGUMENT */
export function readRights(execution: Execution, item: number): string {
	const from = strictChoice(
		execution.parameter<unknown>('rightsFrom', item, 'role'),
		'Rights From',
		['role', 'list', 'letters'],
	);
	if (from === 'role') {
		const role = execution.parameter<string>('role', item, 'reader');
		if (!Object.hasOwn(ROLES, role)) throw new UserError(`"${role}" is not a valid role`);
		return ROLES[role as keyof typeof ROLES];
	}
	const letters =
		from === 'list'
			? strictTexts(execution.parameter<unknown>('rights', item, []), 'Rights').join('')
			: strictText(execution.parameter<unknown>('letters', item, ''), 'Letters').trim();
	if (/^[+-]/.test(letters)) {
		throw new UserError(
			`"${letters}" begins with a sign`,
			'Choose whether to add or to remove in the field "Mode", and enter letters only.',
		);
	}
	return [...new Set(checkRights(letters))].join('');
}

/** The rights in words, old letters in today's terms. */
export function namesOf(rights: string): string[] {
	// A server that knows the newer rights adds the old letters for old clients only (RFC 4314 §2.1.1).
	const isNew = /[kxte]/.test(rights);
	const letters = new Set(
		[...rights].flatMap((letter) => {
			const meant = OBSOLETE[letter];
			return meant === undefined ? [letter] : isNew ? [] : [...meant];
		}),
	);
	return RIGHTS.filter(({ letter }) => letters.has(letter)).map(({ name }) => name);
}
