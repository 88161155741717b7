/** What to do when the server numbers a mailbox anew, so that the remembered UIDs mean nothing. */
import { createHash } from 'node:crypto';
import { SequenceSet, type Envelope } from '../../engine/index';
import { UserError } from '../shared/errors/user-error';
import type { MailboxCursor } from './cursor';
import type { Visit } from './mailbox-poll';

/** Messages that are remembered by who they are. */
const REMEMBERED = 1000;

/** Who a message is, whatever its UID: by its Message-ID, else by what else its envelope tells. */
export function fingerprint(envelope: Envelope | undefined): string {
	const { messageId, date, subject, from = [] } = envelope ?? {};
	const known = messageId ?? JSON.stringify([date, subject, from.map(({ address }) => address)]);
	return createHash('sha256').update(known).digest('base64url').slice(0, 16);
}

/** The newest messages by UID, and who they are. */
export async function newestFingerprints({
	imap,
	mailbox: { exists },
}: Visit): Promise<Map<number, string>> {
	const found = new Map<number, string>();
	if (exists === 0) return found;
	const newest = `${Math.max(1, exists - REMEMBERED + 1)}:*`;
	for await (const { uid, envelope } of imap.fetch(newest, { uid: true, envelope: true })) {
		if (uid !== undefined) found.set(uid, fingerprint(envelope));
	}
	return found;
}

/** The same with more messages, of which the oldest are forgotten. */
export function remembering(known: readonly string[] = [], more: readonly string[]): string[] {
	return [...new Set([...known, ...more])].slice(-REMEMBERED);
}

/**
 * A cursor for the new numbering.
 * @param highest the highest UID there is
 * @throws UserError if the trigger is set to fail then
 */
export async function renumberedCursor(
	visit: Visit,
	old: MailboxCursor,
	highest: number,
): Promise<MailboxCursor> {
	const { context, mailbox, settings } = visit;
	const uidValidity = mailbox.uidValidity ?? null;
	const happened = `The mailbox "${mailbox.name}" was numbered anew: its UIDVALIDITY was ${old.uidValidity}, and is ${uidValidity}`;
	if (settings.onRenumbered === 'fail') {
		throw new UserError(
			happened,
			'Look at what happened to the mailbox: it was deleted and made again, or restored. Then choose in "When Numbered Anew" how the trigger goes on.',
		);
	}
	const inFlight = Object.values(old.inFlight ?? {});
	const rescan = settings.onRenumbered === 'rescan';
	context.logger.warn(
		`${happened}; the trigger goes on with ${rescan ? 'messages it does not know' : 'what comes from now on'}`,
		{ unacknowledged: inFlight.length },
	);
	const cursor: MailboxCursor = { uidValidity, lastUid: highest };
	if (!rescan) return cursor;
	const known = new Set(old.fingerprints);
	// Given, but not acknowledged: to be given again.
	for (const { who } of inFlight) if (who !== undefined) known.delete(who);
	const newest = await newestFingerprints(visit);
	const unknown = [...newest].filter(([, who]) => !known.has(who)).map(([uid]) => uid);
	return {
		...cursor,
		fingerprints: old.fingerprints,
		...(unknown.length > 0 ? { queue: SequenceSet.from(unknown).toString() } : {}),
	};
}
