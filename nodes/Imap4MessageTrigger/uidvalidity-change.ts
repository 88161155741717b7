/** What to do when the UIDVALIDITY of a mailbox changes, so that the remembered UIDs mean nothing. */
import { createHash } from 'node:crypto';
import { UidSet, type Envelope, type SelectedMailbox } from '../../engine/index';
import { UserError } from '../shared/errors/user-error';
import type { MailboxCursor, TriggerState } from './cursor';
import { findFormerMailbox } from './follow-mailboxes';
import { identityOf, type MailboxPoll } from './mailbox-poll';

/** Number of messages whose fingerprints are remembered. */
const REMEMBERED = 1000;

/** Polls in a row after which a UIDVALIDITY that always changes is no accident. */
const MOST_RENUMBERED = 3;

/** Identifies a message whatever its UID: by its Message-ID, else by the rest of its envelope. */
export function fingerprint(envelope: Envelope | undefined): string {
	const { messageId, date, subject, from = [] } = envelope ?? {};
	const known = messageId ?? JSON.stringify([date, subject, from.map(({ address }) => address)]);
	return createHash('sha256').update(known).digest('base64url').slice(0, 16);
}

/** Fingerprints of the newest messages by UID. */
export async function newestFingerprints({
	open,
	mailbox: { exists },
}: MailboxPoll): Promise<Map<number, string>> {
	const found = new Map<number, string>();
	if (exists === 0) return found;
	const newest = `${Math.max(1, exists - REMEMBERED + 1)}:*`;
	for await (const { uid, envelope } of open.bySequenceNumber.fetch(newest, {
		uid: true,
		envelope: true,
	})) {
		if (uid !== undefined) found.set(uid, fingerprint(envelope));
	}
	return found;
}

/** The same with more messages, of which the oldest are forgotten. */
export function remembering(known: readonly string[] = [], more: readonly string[]): string[] {
	return [...new Set([...known, ...more])].slice(-REMEMBERED);
}

/**
 * UIDVALIDITY by mailbox, of those that were empty at the last poll. A UIDVALIDITY that is made up from the clock
 * can be found twice in the looks of one poll, so only those of different polls are compared.
 */
export function emptyMailboxes({ mailboxes }: TriggerState): Map<string, number> {
	const found = new Map<string, number>();
	for (const [name, { exists, uidValidity }] of Object.entries(mailboxes))
		if (exists === 0 && uidValidity !== null) found.set(name, uidValidity);
	return found;
}

/**
 * Called at a look that found the UIDVALIDITY of the cursor.
 * @param exists number of messages now
 * @param emptyBefore as in {@link emptyMailboxes}
 */
export function noteKept(
	cursor: MailboxCursor,
	exists: number | undefined,
	emptyBefore: number | undefined,
): void {
	if (exists === 0 && emptyBefore !== undefined && cursor.uidValidity === emptyBefore)
		cursor.keptEmpty = true;
}

/**
 * Whether nothing that was remembered means another message now: the mailbox was empty, and the server may be
 * one that cannot store the UIDVALIDITY of an empty mailbox and makes up another one each time (GNU imap4d).
 * Where it did keep one, the mailbox was recreated or restored.
 */
function wasEmpty(
	{ exists, keptEmpty, fromNow, mailboxId }: MailboxCursor,
	mailbox: SelectedMailbox,
): boolean {
	const isOther = mailboxId !== undefined && mailboxId !== mailbox.mailboxId;
	return exists === 0 && !keptEmpty && !fromNow && !isOther;
}

function changeOf(mailbox: SelectedMailbox, old: MailboxCursor): string {
	const { uidValidity, mailboxId } = identityOf(mailbox);
	const { name, uidNext } = mailbox;
	if (uidValidity !== null && old.uidValidity !== null && uidValidity !== old.uidValidity) {
		return `The UIDVALIDITY of the mailbox "${name}" changed from ${old.uidValidity} to ${uidValidity}`;
	}
	if (mailboxId !== undefined && old.mailboxId !== undefined && mailboxId !== old.mailboxId) {
		return `The mailbox "${name}" is another one than before: its MAILBOXID changed from ${old.mailboxId} to ${mailboxId}`;
	}
	return `The next UID of the mailbox "${name}" went back from above ${old.lastUid} to ${uidNext}, though its UIDVALIDITY is the same`;
}

/**
 * A cursor for the new UIDs.
 * @param highest the highest UID there is
 * @throws UserError if the trigger is set to fail then
 */
export async function renumberedCursor(
	poll: MailboxPoll,
	old: MailboxCursor,
	highest: number,
): Promise<MailboxCursor> {
	const { context, mailbox, settings, imap } = poll;
	const identity = identityOf(mailbox);
	const moved = await findFormerMailbox(imap, mailbox, old);
	if (moved !== undefined) {
		context.logger.info(
			`The mailbox "${mailbox.name}" was renamed to "${moved}", and another one has its name now. All messages in it are new.`,
		);
		return { ...identity, lastUid: 0 };
	}
	if (settings.onRenumbered !== 'rescan' && wasEmpty(old, mailbox))
		return { ...identity, lastUid: 0 };
	const happened = `${changeOf(mailbox, old)}, so its UIDs mean other messages now`;
	if (settings.onRenumbered === 'fail') {
		throw new UserError(
			happened,
			'Find out what happened to the mailbox: it was deleted and created again, or restored. Then choose in "When UIDVALIDITY Changes" how the trigger continues.',
		);
	}
	const renumbered = (old.renumbered ?? 0) + 1;
	const inFlight = Object.values(old.inFlight ?? {});
	const rescan = settings.onRenumbered === 'rescan';
	const compares = rescan && (old.fingerprints !== undefined || old.lastUid === 0);
	context.logger.warn(
		`${happened}. The trigger continues with ${compares ? 'messages it does not know' : 'messages that arrive from now on'}.`,
		{ unacknowledged: inFlight.length },
	);
	const cursor: MailboxCursor = { ...identity, lastUid: highest, renumbered };
	if (!rescan) return cursor;
	const newest = await newestFingerprints(poll);
	// The trigger was set to compare just now, so there is nothing to compare with yet.
	if (!compares) return { ...cursor, fingerprints: [...newest.values()] };
	const known = new Set(old.fingerprints);
	// Delivered, but not acknowledged: to be delivered again.
	for (const { who } of inFlight) if (who !== undefined) known.delete(who);
	const unknown = [...newest].filter(([, who]) => !known.has(who)).map(([uid]) => uid);
	return {
		...cursor,
		fingerprints: old.fingerprints,
		...(unknown.length > 0 ? { queue: UidSet.from(unknown).toString() } : {}),
	};
}

/** Where UIDVALIDITY changes in every poll, "from now on" would never come: the trigger must not look alive. */
export function renumberedError(
	{ mailbox, settings }: MailboxPoll,
	{ renumbered = 0 }: MailboxCursor,
): UserError | undefined {
	if (renumbered < MOST_RENUMBERED || settings.onRenumbered !== 'baseline') return undefined;
	return new UserError(
		`The UIDVALIDITY of the mailbox "${mailbox.name}" changes in every poll, so what arrives between two polls is never delivered`,
		'The server gives messages new UIDs whenever the mailbox is opened, or the mailbox is created again and again. Choose "Compare by Message-ID" in "When UIDVALIDITY Changes".',
	);
}
