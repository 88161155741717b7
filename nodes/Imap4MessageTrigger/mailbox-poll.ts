/** One look at one mailbox: what the events share. */
import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import type { Imap4, SelectedMailbox } from '../../engine/index';
import type { Account } from '../shared/account/account';
import type { MailboxCursor } from './cursor';
import type { PollClock } from './poll-clock';
import type { Settings } from './settings';

export interface Visit {
	context: IPollFunctions;
	settings: Settings;
	account: Account;
	clock: PollClock;
	imap: Imap4;
	mailbox: SelectedMailbox;
	/** Undefined at the first look. */
	cursor: MailboxCursor | undefined;
	/** Whether the mailbox has come up since the trigger began, so that all of it is new. */
	isNew: boolean;
	/** How many items this poll may still give. */
	room: number;
}

export interface Seen {
	items: INodeExecutionData[];
	/** To go on from, once n8n has taken the items. */
	cursor: MailboxCursor;
}

/** Stays the same for a message for ever, so that a flow can tell what it has had already. */
export function itemId({ account, mailbox }: Visit, uid: number | string): string {
	const { host = 'local', auth } = account.options;
	const user = account.proxyAuth ?? auth?.actAs ?? auth?.user ?? '';
	const parts = [host, user, mailbox.name, mailbox.uidValidity ?? 0, uid];
	return parts.map((part) => encodeURIComponent(part)).join('/');
}

/** The reference that leads the nodes to a message. */
export function referenceOf({ mailbox }: Visit, uid: number): IDataObject {
	return { mailbox: mailbox.name, uidValidity: mailbox.uidValidity ?? null, uid };
}

/**
 * The highest UID there is; 0 for an empty mailbox. Everything up to it can be seen in this session, so
 * a cursor that is set to it loses nothing.
 */
export async function highestUid({ imap, mailbox }: Visit): Promise<number> {
	if (mailbox.exists === 0) return 0;
	let highest = 0;
	for await (const { uid = 0 } of imap.fetch('*', { uid: true })) highest = Math.max(highest, uid);
	if (highest > 0) return highest;
	// The last message has gone meanwhile.
	const all = await imap.search({ all: true }, { uid: true });
	return all.reduce((most, uid) => Math.max(most, uid), 0);
}

/** Whether the UIDs of the cursor mean other messages now (RFC 9051 §2.3.1.1). */
export function isRenumbered({ mailbox }: Visit, cursor: MailboxCursor): boolean {
	const { uidValidity, uidNext } = mailbox;
	if (cursor.uidValidity !== null && uidValidity !== undefined) {
		if (cursor.uidValidity !== uidValidity) return true;
	}
	// UIDs only grow. A server that was restored from a backup may have forgotten to say so.
	return uidNext !== undefined && uidNext <= cursor.lastUid;
}
