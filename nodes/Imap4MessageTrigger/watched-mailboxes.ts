/** Which mailboxes a poll looks at. */
import { Imap4Error, type Imap4, type MailboxStatus } from '../../engine/index';
import { isSelectable } from '../shared/mailbox/special-use';
import type { TriggerState } from './cursor';
import type { Settings } from './settings';

export interface WatchedMailbox {
	name: string;
	/** Where asking saves opening it. */
	status?: MailboxStatus;
}

/**
 * Those that are named, or that the pattern matches now. Cursors of mailboxes that are gone are
 * forgotten; those of renamed ones go with them.
 */
export async function watchedMailboxes(
	imap: Imap4,
	{ watched, event }: Settings,
	state: TriggerState,
): Promise<WatchedMailbox[]> {
	const names =
		watched.names ??
		(await imap.list('', watched.pattern)).filter(isSelectable).map(({ name }) => name);
	const asks = names.length > 1 && event !== 'quotaAbove';
	const mailboxes = await Promise.all(
		names.map(async (name) => ({
			name,
			...(asks ? { status: await statusOf(imap, name) } : {}),
		})),
	);
	if (watched.pattern !== undefined) follow(state, mailboxes);
	return mailboxes;
}

/** Opening a mailbox that refuses to tell says what is wrong with it. */
async function statusOf(imap: Imap4, name: string): Promise<MailboxStatus | undefined> {
	try {
		return await imap.status(name, ['uidNext', 'uidValidity']);
	} catch (error) {
		if (error instanceof Imap4Error && error.code === 'NO') return undefined;
		throw error;
	}
}

function follow({ mailboxes }: TriggerState, there: readonly WatchedMailbox[]): void {
	const names = new Set(there.map(({ name }) => name));
	const gone = Object.keys(mailboxes).filter((name) => !names.has(name));
	for (const { name, status } of there) {
		if (mailboxes[name] || status?.uidValidity === undefined) continue;
		// A renamed mailbox keeps its UIDVALIDITY and its UIDs on most servers (RFC 9051 §6.3.6).
		const { uidValidity, uidNext = 0 } = status;
		const former = gone.find((one) => {
			const cursor = mailboxes[one];
			return cursor?.uidValidity === uidValidity && uidNext > cursor.lastUid;
		});
		const cursor = former === undefined ? undefined : mailboxes[former];
		if (cursor) mailboxes[name] = cursor;
	}
	for (const name of gone) delete mailboxes[name];
}
