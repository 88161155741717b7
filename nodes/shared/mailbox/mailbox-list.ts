/** What the list of a mailbox field shows: each mailbox with its role and how many messages it holds. */
import type { INodeListSearchItems } from 'n8n-workflow';
import { Imap4Error, type Imap4, type MailboxEntry } from '../../../engine/index';
import { findByRole, MAILBOX_ROLES, ROLE_FACTS, type MailboxRole } from './mailbox-roles';
import { isSelectable } from './special-use';

/** Mailboxes that are counted by one STATUS each, all in one round trip, where the server has no LIST-STATUS. */
export const MOST_COUNTED_SINGLY = 30;

/** All mailboxes, counted where that takes no more than two round trips. */
export async function countedMailboxes(imap: Imap4): Promise<MailboxEntry[]> {
	if (imap.capabilities.has('LIST-STATUS')) {
		try {
			return await imap.list('', '*', { status: ['messages'] });
		} catch (error) {
			// The list itself matters more than the counts.
			if (!isRefusal(error)) throw error;
		}
	}
	const entries = await imap.list('', '*');
	const selectable = entries.filter(isSelectable);
	if (selectable.length > MOST_COUNTED_SINGLY) return entries;
	await Promise.all(
		selectable.map(async (entry) => {
			try {
				entry.status = await imap.status(entry.name, ['messages']);
			} catch (error) {
				if (!isRefusal(error)) throw error;
			}
		}),
	);
	return entries;
}

function isRefusal(error: unknown): boolean {
	return error instanceof Imap4Error && (error.code === 'NO' || error.code === 'BAD');
}

/**
 * Those that hold messages, INBOX and those with a role first.
 * @param filter what a mailbox's name or role has to contain
 */
export function mailboxList(
	entries: readonly MailboxEntry[],
	filter: string,
): INodeListSearchItems[] {
	const wanted = filter.trim().toLowerCase();
	const roleOf = new Map(
		MAILBOX_ROLES.map((role) => [findByRole(entries, role)?.name, role] as const),
	);
	return entries
		.filter(isSelectable)
		.map((entry) => listed(entry, roleOf.get(entry.name)))
		.filter(({ words }) => words.some((word) => word.includes(wanted)))
		.sort((a, b) => a.rank - b.rank || a.value.localeCompare(b.value))
		.map(({ name, value }) => ({ name, value }));
}

/** One mailbox of the list, found by its name, its role and what others call mailboxes of that role. */
function listed(
	{ name: value, status }: MailboxEntry,
	role: MailboxRole | undefined,
): { name: string; value: string; rank: number; words: readonly string[] } {
	const facts = role && ROLE_FACTS[role];
	const shown = facts?.newName ?? facts?.label ?? '';
	// The role says nothing new of a mailbox that is called so.
	const says = value.toLowerCase().includes(shown.toLowerCase());
	const notes = [...(says ? [] : [shown]), ...countIn(status?.messages)];
	return {
		name: notes.length > 0 ? `${value} (${notes.join(', ')})` : value,
		value,
		rank: role === undefined ? 2 : role === 'inbox' ? 0 : 1,
		words: [value.toLowerCase(), ...(facts ? [facts.label.toLowerCase(), ...facts.names] : [])],
	};
}

function countIn(messages: number | undefined): string[] {
	if (messages === undefined) return [];
	return [messages === 1 ? '1 message' : `${messages.toLocaleString('en-US')} messages`];
}
