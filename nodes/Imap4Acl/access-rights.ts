/** Rights as people choose and read them (RFC 4314 §2.1), and as letters. */
import type { INodeProperties } from 'n8n-workflow';
import { checkRights, currentRights, type RIGHTS } from '../../engine/index';
import type { Execution } from '../shared/execution/execution';
import { strictChoice, strictText, strictTexts } from '../shared/fields/strict-values';
import { UserError } from '../shared/errors/user-error';

type Letter = Exclude<keyof typeof RIGHTS, 'c' | 'd'>;

/** Names and descriptions; written out, so that showing the node loads nothing of the engine. */
export const SHOWN: Record<Letter, { name: string; description: string }> = {
	l: { name: 'Lookup', description: 'See the mailbox in listings' },
	r: { name: 'Read', description: 'Open the mailbox and read messages' },
	s: { name: 'Keep Seen', description: 'Mark messages as read or unread' },
	w: { name: 'Write Flags', description: 'Set flags other than read and deleted' },
	i: { name: 'Insert', description: 'Store messages in the mailbox, or copy and move them there' },
	p: { name: 'Post', description: 'Send mail to its address' },
	k: { name: 'Create Mailboxes', description: 'Create child mailboxes' },
	x: { name: 'Delete Mailbox', description: 'Delete or rename the mailbox' },
	t: { name: 'Delete Messages', description: 'Mark messages as deleted' },
	e: { name: 'Expunge', description: 'Remove messages marked as deleted' },
	a: { name: 'Administer', description: 'Change access rights' },
	n: { name: 'Annotate', description: 'Write shared annotations' },
};
/** In the order of RFC 4314. */
const LETTERS = Object.keys(SHOWN) as Letter[];

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
		options: LETTERS.map((letter) => ({
			name: SHOWN[letter].name,
			value: letter,
			description: `${SHOWN[letter].description} (${letter})`,
		})).sort((a, b) => (a.name < b.name ? -1 : 1)),
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
		const role = execution.parameter<unknown>('role', item, 'reader');
		return ROLES[strictChoice(role, 'Role', Object.keys(ROLES) as (keyof typeof ROLES)[])];
	}
	const letters =
		from === 'list'
			? listedRights(execution.parameter<unknown>('rights', item, []))
			: strictText(execution.parameter<unknown>('letters', item, ''), 'Letters').trim();
	if (/^[+-]/.test(letters)) {
		throw new UserError(
			`"${letters}" begins with a sign`,
			'Choose whether to add or to remove in the field "Mode", and enter letters only.',
		);
	}
	return [...new Set(checkRights(letters))].join('');
}

/** @throws UserError unless each is one letter: the letters of a name such as "read" would grant others */
function listedRights(given: unknown): string {
	const rights = strictTexts(given, 'Rights');
	const wrong = rights.find((right) => right.length !== 1);
	if (wrong === undefined) return rights.join('');
	throw new UserError(
		`"${wrong.slice(0, 80)}" in the field "Rights" is not the letter of a right`,
		'Use one letter for each right, such as "l" and "r", or choose "Letters" in "Rights From".',
	);
}

/** The rights in words, old letters in today's terms. */
export function namesOf(rights: string): string[] {
	const current = currentRights(rights);
	return LETTERS.filter((letter) => current.includes(letter)).map((letter) => SHOWN[letter].name);
}
