/** Mailboxes with a task of their own (RFC 6154). */
import { hasAttribute, type MailboxEntry } from '../../../engine/index';

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
