/** Where Get Many and Get Threads look: in one mailbox, or in all those that paths or roles name. */
import type { INodeProperties } from 'n8n-workflow';
import type { Imap4, MailboxEntry } from '../../../engine/index';
import { UserError } from '../../shared/errors/user-error';
import type { Execution } from '../../shared/execution/execution';
import { notice } from '../../shared/fields/notice';
import { matchesGlob } from '../../shared/fields/glob';
import {
	isEmptyValue,
	strictBoolean,
	strictChoice,
	strictText,
	strictTexts,
} from '../../shared/fields/strict-values';
import { fitPath, hierarchyOf, pathOf, type Hierarchy } from '../../shared/mailbox/hierarchy';
import {
	findByRole,
	markedRole,
	MAILBOX_ROLES,
	ROLE_FACTS,
	type MailboxRole,
} from '../../shared/mailbox/mailbox-roles';
import { isSelectable } from '../../shared/mailbox/special-use';

/** @param roles chosen at first */
export const rangeProperties = (roles: readonly MailboxRole[]): INodeProperties[] => [
	{
		displayName: 'Search In',
		name: 'searchIn',
		type: 'options',
		options: [
			{ name: 'One Mailbox', value: 'mailbox', description: 'Search the mailbox chosen below' },
			{
				name: 'Several Mailboxes by Path',
				value: 'paths',
				description: 'Search all mailboxes, or those whose paths match',
			},
			{
				name: 'Several Mailboxes by Role',
				value: 'roles',
				description: 'Search the mailboxes with certain roles, such as Inbox and Archive',
			},
		],
		default: 'mailbox',
		description:
			'Where to search. Limit and order apply to all mailboxes together; each item includes its mailbox.',
	},
	{
		displayName: 'Mailbox Paths',
		name: 'mailboxPaths',
		type: 'string',
		displayOptions: { show: { searchIn: ['paths'] } },
		default: '*',
		required: true,
		placeholder: 'e.g. INBOX, Projects/*',
		description:
			'Paths separated by commas. * stands for any text, also across levels; ? for one character.',
	},
	{
		displayName: 'Include Junk and Trash',
		name: 'includeJunkAndTrash',
		type: 'boolean',
		displayOptions: { show: { searchIn: ['paths'] } },
		default: false,
		description:
			'Whether a path with * or ? also matches Junk and Trash. If a path names them exactly, they are always searched.',
	},
	{
		displayName: 'Mailbox Roles',
		name: 'mailboxRoles',
		type: 'multiOptions',
		displayOptions: { show: { searchIn: ['roles'] } },
		options: MAILBOX_ROLES.map((role) => ({ name: ROLE_FACTS[role].label, value: role })),
		default: [...roles],
		required: true,
		description: 'Roles without a mailbox in this account are skipped',
	},
	notice(
		'rangeNotice',
		'Most servers search one mailbox after the other, so this takes longer the more mailboxes match.',
		{ searchIn: ['paths'] },
	),
];

/** Several mailboxes, as an item names them. */
export type MailboxRange =
	{ paths: readonly string[]; includeJunkAndTrash: boolean } | { roles: readonly MailboxRole[] };

/** @returns undefined for one mailbox. @throws UserError */
export function readRange(execution: Execution, item: number): MailboxRange | undefined {
	const searchIn = strictChoice(
		execution.parameter<unknown>('searchIn', item, 'mailbox'),
		'Search In',
		['mailbox', 'paths', 'roles'],
	);
	if (searchIn === 'mailbox') return undefined;
	if (searchIn === 'roles') {
		const given = strictTexts(execution.parameter<unknown>('mailboxRoles', item, []), ROLES);
		if (given.length === 0) throw emptyError(ROLES);
		return { roles: given.map((role) => strictChoice(role, ROLES, MAILBOX_ROLES)) };
	}
	const given = execution.parameter<unknown>('mailboxPaths', item, '*');
	const paths = (
		Array.isArray(given) ? strictTexts(given, PATHS) : strictText(given, PATHS).split(',')
	)
		.map((path) => path.trim())
		.filter((path) => path !== '');
	if (isEmptyValue(paths)) throw emptyError(PATHS);
	const include = execution.parameter<unknown>('includeJunkAndTrash', item, false);
	return { paths, includeJunkAndTrash: strictBoolean(include, 'Include Junk and Trash') };
}

const PATHS = 'Mailbox Paths';
const ROLES = 'Mailbox Roles';

const emptyError = (label: string): UserError =>
	new UserError(
		`The field "${label}" is empty`,
		'Fill it in. If it is an expression, check what it returns.',
	);

/** Mailboxes that show what is in others: their messages would be found twice. */
const VIEWS: readonly MailboxRole[] = ['all', 'flagged', 'important'];
const LEFT_OUT: readonly MailboxRole[] = ['junk', 'trash'];

/**
 * The names of the mailboxes to search, INBOX first.
 * @param identity of the account
 * @throws UserError if there is none; Imap4Error
 */
export async function mailboxesInRange(
	imap: Imap4,
	identity: string,
	range: MailboxRange,
): Promise<string[]> {
	const [listed, hierarchy] = await Promise.all([imap.list('', '*'), hierarchyOf(identity, imap)]);
	const entries = listed.filter(isSelectable);
	const names =
		'roles' in range
			? range.roles.map((role) => findByRole(own(entries, hierarchy), role)?.name)
			: byPath(entries, hierarchy, range, imap.capabilities.has('X-GM-EXT-1'));
	const found = [...new Set(names.filter((name) => name !== undefined))];
	if (found.length > 0) return found.sort(inboxFirst);
	throw new UserError(
		'roles' in range
			? `This account has no mailbox with ${range.roles.length > 1 ? 'one of these roles' : 'this role'}: ${range.roles.join(', ')}`
			: `No mailbox of this account matches "${range.paths.join(', ')}"`,
		'The operation Mailbox → Get Many lists the mailboxes with their roles.',
	);
}

const inboxFirst = (a: string, b: string): number =>
	Number(b === 'INBOX') - Number(a === 'INBOX') || (a < b ? -1 : 1);

function own(entries: readonly MailboxEntry[], { foreignPrefixes }: Hierarchy): MailboxEntry[] {
	return entries.filter(({ name }) => !foreignPrefixes.some((prefix) => name.startsWith(prefix)));
}

function byPath(
	entries: readonly MailboxEntry[],
	hierarchy: Hierarchy,
	{ paths, includeJunkAndTrash }: Extract<MailboxRange, { paths: unknown }>,
	isGmail: boolean,
): string[] {
	const mine = own(entries, hierarchy);
	const isMine = new Set(mine);
	const roleOf = new Map(
		MAILBOX_ROLES.map((role) => [findByRole(mine, role)?.name, role] as const),
	);
	const named = new Set<string>();
	const matched = new Set<MailboxEntry>();
	for (const path of paths) {
		const isPattern = /[*?]/.test(path);
		for (const entry of entries) {
			const { name } = entry;
			if (name === path || (!isPattern && sameName(name, fitPath(path, hierarchy))))
				named.add(name);
			// Other people's mailboxes only where the pattern begins as their names do.
			else if (isPattern && (isMine.has(entry) || beginsForeign(path, hierarchy))) {
				const whole = matchesGlob(name, path) || matchesGlob(pathOf(name, hierarchy), path);
				if (whole) matched.add(entry);
			}
		}
	}
	const all = [...matched].find((entry) => markedRole(entry) === 'all');
	const chosen = [...matched].filter((entry) => {
		const role = roleOf.get(entry.name);
		if (role !== undefined && LEFT_OUT.includes(role)) return includeJunkAndTrash;
		// At Gmail, labels are mailboxes, and All Mail holds every message that is not in Junk or Trash.
		if (isGmail && all) return entry === all;
		const marked = markedRole(entry);
		return marked === undefined || !VIEWS.includes(marked);
	});
	return [...named, ...chosen.map(({ name }) => name)];
}

const sameName = (name: string, wanted: string): boolean =>
	name === wanted || (name.toUpperCase() === 'INBOX' && wanted.toUpperCase() === 'INBOX');

function beginsForeign(pattern: string, hierarchy: Hierarchy): boolean {
	const [start = ''] = fitPath(pattern, hierarchy).split(/[*?]/);
	return hierarchy.foreignPrefixes.some((prefix) => start.startsWith(prefix));
}
