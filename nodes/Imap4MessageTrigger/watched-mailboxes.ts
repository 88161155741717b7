/** Which mailboxes a poll looks at, and what the server reports of them without opening them. */
import {
	Imap4Error,
	type Imap4,
	type MailboxEntry,
	type MailboxStatus,
	type StatusItem,
} from '../../engine/index';
import type { Account } from '../shared/account/account';
import { canonicalName } from '../shared/mailbox/hierarchy';
import type { MailboxChoice } from '../shared/mailbox/mailbox-choice';
import { MailboxResolver } from '../shared/mailbox/mailbox-resolver';
import { isSelectable } from '../shared/mailbox/special-use';
import type { MailboxCursor, TriggerState } from './cursor';
import { uidValidityOf } from './mailbox-poll';
import { mailboxIdOf, type Listed } from './follow-mailboxes';
import type { EventName, Settings } from './settings';

export interface WatchedMailbox extends Listed {
	/** What the server said when it refused STATUS. */
	refusal?: Imap4Error;
}

/**
 * Those that are named, or that the pattern matches now. One round trip, whatever their number, where the
 * server has LIST-STATUS (RFC 5819); two where it has not.
 */
export async function watchedMailboxes(
	imap: Imap4,
	{ identity }: Account,
	{ watched, event }: Settings,
	state: TriggerState,
): Promise<WatchedMailbox[]> {
	const items = statusItems(imap, event);
	const mailboxes: WatchedMailbox[] = watched.choices
		? (await namesOf(new MailboxResolver(imap, identity), watched.choices)).map((name) => ({
				name,
			}))
		: await matching(imap, watched.pattern, event === 'quotaAbove' ? [] : items);
	if (event === 'quotaAbove') return mailboxes;
	if (mailboxes.length > 1 || watched.pattern !== undefined) {
		await addStatus(imap, mailboxes, items, state);
		await addMailboxIds(imap, mailboxes, state);
	}
	return mailboxes;
}

/** What shows whether the event may have happened. */
function statusItems({ capabilities }: Imap4, event: EventName): StatusItem[] {
	const items: StatusItem[] = ['uidNext', 'uidValidity'];
	if (event !== 'flagsChanged') items.push('messages');
	const counts =
		(event === 'flagsChanged' && capabilities.has('CONDSTORE')) ||
		// Without it, a removal need not change the mod-sequence.
		(event === 'messageRemoved' && capabilities.has('QRESYNC'));
	if (counts) items.push('highestModSeq');
	return items;
}

/** Each mailbox once, even where two choices name it. */
async function namesOf(
	resolver: MailboxResolver,
	choices: readonly MailboxChoice[],
): Promise<string[]> {
	const resolved = await Promise.all(choices.map((choice) => resolver.resolve(choice)));
	return [...new Set(resolved.map(({ name }) => canonicalName(name)))];
}

async function matching(
	imap: Imap4,
	pattern: string,
	items: readonly StatusItem[],
): Promise<WatchedMailbox[]> {
	const together = imap.capabilities.has('LIST-STATUS');
	const entries = await imap.list('', pattern, together ? { status: items } : {});
	// INBOX is always among all mailboxes (RFC 9051 §6.3.9). Once it is listed again, all that is in it would be new.
	if (entries.length === 0 && /^[*%]+$/.test(pattern)) {
		throw new Imap4Error(
			'MALFORMED',
			'The server lists no mailbox, not even INBOX. Try again later.',
			{
				command: 'LIST',
			},
		);
	}
	const found = new Map<string, MailboxEntry>();
	for (const entry of entries) if (isSelectable(entry)) found.set(canonicalName(entry.name), entry);
	return [...found].map(([name, { status }]) => (status ? { name, status } : { name }));
}

/** Asks for what LIST did not report; all at once. */
async function addStatus(
	imap: Imap4,
	mailboxes: readonly WatchedMailbox[],
	items: readonly StatusItem[],
	{ mailboxes: cursors }: TriggerState,
): Promise<void> {
	const isFirst = Object.keys(cursors).length === 0;
	await Promise.all(
		mailboxes.map(async (mailbox) => {
			if (mailbox.status) return;
			try {
				mailbox.status = await imap.status(mailbox.name, items);
			} catch (error) {
				if (!(error instanceof Imap4Error) || imap.closedBy) throw error;
				// Without an answer it is opened, unless it might be one that was renamed.
				if (error.code === 'MALFORMED' && (isFirst || cursors[mailbox.name])) return;
				mailbox.refusal = error;
			}
		}),
	);
}

/** Asks for MAILBOXID where a mailbox is not known yet, or may be another one than before. */
async function addMailboxIds(
	imap: Imap4,
	mailboxes: readonly WatchedMailbox[],
	{ mailboxes: cursors }: TriggerState,
): Promise<void> {
	const isKnown = (cursor: MailboxCursor | undefined, status: MailboxStatus): boolean =>
		cursor?.mailboxId !== undefined && cursor.uidValidity === uidValidityOf(status);
	await Promise.all(
		mailboxes.map(async ({ name, status }) => {
			if (!status || isKnown(cursors[name], status)) return;
			const mailboxId = await mailboxIdOf(imap, name);
			if (mailboxId !== undefined) status.mailboxId = mailboxId;
		}),
	);
}
