/** Which mailboxes a poll looks at. */
import { Imap4Error, type Imap4, type MailboxStatus } from '../../engine/index';
import type { Account } from '../shared/account/account';
import type { MailboxChoice } from '../shared/mailbox/mailbox-choice';
import { MailboxResolver } from '../shared/mailbox/mailbox-resolver';
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
	{ identity }: Account,
	{ watched, event }: Settings,
	state: TriggerState,
): Promise<WatchedMailbox[]> {
	const names = watched.choices
		? await namesOf(new MailboxResolver(imap, identity), watched.choices)
		: (await imap.list('', watched.pattern)).filter(isSelectable).map(({ name }) => name);
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

/** Each mailbox once, even where two choices lead to it. */
async function namesOf(
	resolver: MailboxResolver,
	choices: readonly MailboxChoice[],
): Promise<string[]> {
	const resolved = await Promise.all(choices.map((choice) => resolver.resolve(choice)));
	return [...new Set(resolved.map(({ name }) => name))];
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
