/** The poll of one mailbox: what the events share. */
import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { Imap4Error, type Imap4, type OpenMailbox, type SelectedMailbox } from '../../engine/index';
import type { Account } from '../shared/account/account';
import type { MailboxCursor } from './cursor';
import type { PollClock } from './poll-clock';
import type { Settings } from './settings';

export interface MailboxPoll {
	context: IPollFunctions;
	settings: Settings;
	account: Account;
	clock: PollClock;
	imap: Imap4;
	/** The commands on its messages, and what the server reports of it now. */
	open: OpenMailbox;
	/** What the server reported when it was opened. */
	mailbox: SelectedMailbox;
	/** Undefined at the first poll of the mailbox. */
	cursor: MailboxCursor | undefined;
	/** Whether the mailbox appeared after the trigger began, so that all of it is new. */
	isNew: boolean;
	/** Its UIDVALIDITY at the last poll, if it was empty then. */
	emptyBefore?: number | undefined;
	/** Number of items that this poll may still return. */
	room: number;
}

export interface PollResult {
	items: INodeExecutionData[];
	/** To continue from, once n8n has the items. */
	cursor: MailboxCursor;
	/** What could not be done besides; the next poll tries it again. */
	failure?: Error;
}

/** Stays the same for a message as long as its mailbox keeps its name and UIDVALIDITY. */
export function itemId(
	{
		account,
		mailbox,
	}: { account: Account; mailbox: Pick<SelectedMailbox, 'name' | 'uidValidity'> },
	uid: number | string,
): string {
	const { host = 'local', auth } = account.options;
	const user = account.proxyAuth ?? auth?.actAs ?? auth?.user ?? '';
	const parts = [host, user, mailbox.name, mailbox.uidValidity ?? 0, uid];
	return parts.map((part) => encodeURIComponent(part)).join('/');
}

/** The reference by which the other nodes find a message. */
export function referenceOf({ mailbox, account }: MailboxPoll, uid: number): IDataObject {
	const uidValidity = uidValidityOf(mailbox);
	return { mailbox: mailbox.name, uidValidity, uid, account: account.url };
}

/** 0 is not a UIDVALIDITY (RFC 9051 §9, nz-number); servers that send it have none. */
export function uidValidityOf({ uidValidity }: { uidValidity?: number }): number | null {
	return uidValidity === undefined || uidValidity === 0 ? null : uidValidity;
}

/** 0 is not a mod-sequence either, and one of more than 63 bits cannot be sent back (RFC 7162 §7). */
export function modSeqOf({ highestModSeq }: { highestModSeq?: bigint }): bigint | undefined {
	const isKnown = highestModSeq !== undefined && highestModSeq > 0n && highestModSeq < 2n ** 63n;
	return isKnown ? highestModSeq : undefined;
}

/**
 * The highest UID there is; 0 for an empty mailbox. Everything up to it can be seen in this session, so
 * a cursor that is set to it loses nothing.
 */
export async function highestUid({
	open,
	mailbox,
}: Pick<MailboxPoll, 'open' | 'mailbox'>): Promise<number> {
	if (mailbox.exists === 0) return 0;
	let highest = 0;
	try {
		for await (const { uid = 0 } of open.bySequenceNumber.fetch('*', { uid: true }))
			highest = Math.max(highest, uid);
	} catch (error) {
		// There are servers that do not know "*" (hoodiecrow).
		if (!(error instanceof Imap4Error) || error.code !== 'BAD') throw error;
	}
	if (highest > 0) return highest;
	// The last message has been removed meanwhile, or the server left it out.
	const all = await open.search({ all: true });
	return all.reduce((most, uid) => Math.max(most, uid), 0);
}

/** Whether the UIDs of the cursor mean other messages now (RFC 9051 §2.3.1.1). */
export function isRenumbered({ mailbox }: MailboxPoll, cursor: MailboxCursor): boolean {
	const { uidNext, mailboxId } = mailbox;
	const uidValidity = uidValidityOf(mailbox);
	if (cursor.uidValidity !== null && uidValidity !== null) {
		if (cursor.uidValidity !== uidValidity) return true;
	}
	if (cursor.mailboxId !== undefined && mailboxId !== undefined) {
		if (cursor.mailboxId !== mailboxId) return true;
	}
	// UIDs only grow. A server that was restored from a backup may keep its UIDVALIDITY.
	return uidNext !== undefined && uidNext > 0 && uidNext <= cursor.lastUid;
}

/** What identifies the mailbox, for its cursor. */
export function identityOf(
	mailbox: SelectedMailbox,
): Pick<MailboxCursor, 'uidValidity' | 'mailboxId'> {
	const { mailboxId } = mailbox;
	return {
		uidValidity: uidValidityOf(mailbox),
		...(mailboxId === undefined ? {} : { mailboxId }),
	};
}
