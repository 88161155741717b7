/** Mailboxes with a task of their own (RFC 6154). */
import type { Imap4, MailboxEntry } from '../../../engine/index';
import { hasAttribute } from '../../../engine/index';
import { UserError } from '../errors/user-error';

export const SPECIAL_USES = [
	'All',
	'Archive',
	'Drafts',
	'Flagged',
	'Important',
	'Junk',
	'Sent',
	'Trash',
] as const;
export type SpecialUse = (typeof SPECIAL_USES)[number];

export function specialUseOf(entry: MailboxEntry): SpecialUse | undefined {
	return SPECIAL_USES.find((use) => hasAttribute(entry, `\\${use}`));
}

/** Whether it can hold messages: some only group others. */
export function isSelectable(entry: MailboxEntry): boolean {
	return !hasAttribute(entry, '\\Noselect') && !hasAttribute(entry, '\\NonExistent');
}

/** A server may leave the marks out unless it is asked for them (RFC 6154 §2). */
async function specialUses(imap: Imap4): Promise<MailboxEntry[]> {
	const { capabilities } = imap;
	const canAsk = capabilities.has('SPECIAL-USE') && capabilities.has('LIST-EXTENDED');
	return canAsk ? imap.list('', '*', { specialUse: true }) : [];
}

/** What clients call the trash where the server marks none. */
const TRASH_NAMES = ['trash', 'deleted items', 'deleted messages', 'bin'];

/**
 * The mailbox that deleted messages go to: the one the server marks \Trash, else one of the usual
 * names, at the top level or below INBOX.
 * @throws UserError if there is none
 */
export async function findTrash(imap: Imap4): Promise<string> {
	const isTrash = (entry: MailboxEntry): boolean => specialUseOf(entry) === 'Trash';
	const entries = (await imap.list('', '*')).filter(isSelectable);
	const marked = entries.find(isTrash) ?? (await specialUses(imap)).find(isTrash);
	if (marked) return marked.name;
	for (const wanted of TRASH_NAMES) {
		const named = entries.find(({ name, delimiter }) => {
			const levels = delimiter ? name.split(delimiter) : [name];
			if (levels[0]?.toUpperCase() === 'INBOX' && levels.length > 1) levels.shift();
			return levels.length === 1 && levels[0]?.toLowerCase() === wanted;
		});
		if (named) return named.name;
	}
	throw new UserError(
		'The server marks no mailbox as \\Trash (SPECIAL-USE), and there is none of a usual name',
		'Choose "Permanently" in "Delete Mode", or move the messages into a mailbox of your choice with the operation Move.',
	);
}
