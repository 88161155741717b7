/**
 * Follows mailboxes that are renamed, rotated, deleted or created again between two polls: by their
 * MAILBOXID where the server has one (OBJECTID, RFC 8474 §4), else by UIDVALIDITY, which a mailbox keeps
 * when it is renamed on most servers (RFC 9051 §6.3.6).
 */
import type { Imap4, MailboxStatus, SelectedMailbox } from '../../engine/index';
import type { MailboxCursor, TriggerState } from './cursor';
import { uidValidityOf } from './mailbox-poll';

export interface Listed {
	name: string;
	/** Undefined where the server refuses to report it. */
	status?: MailboxStatus;
	/** Set here: the mailbox appeared after the last poll, so that all of it is new. */
	isNew?: boolean;
}

/** Cursors of mailboxes that are gone are kept this long, in milliseconds, in case they come back. */
const KEEP_GONE = 30 * 24 * 60 * 60_000;
const MOST_GONE = 500;
/** But so long in any case: a whole namespace may be away for a while. */
const KEEP_ANY = 24 * 60 * 60_000;

/** @returns undefined where nobody can know */
function isSame(cursor: MailboxCursor, status: MailboxStatus | undefined): boolean | undefined {
	if (!status) return undefined;
	if (cursor.mailboxId !== undefined && status.mailboxId !== undefined) {
		return cursor.mailboxId === status.mailboxId;
	}
	const uidValidity = uidValidityOf(status);
	if (cursor.uidValidity === null || uidValidity === null) return undefined;
	return cursor.uidValidity === uidValidity;
}

/** Whether the mailbox could be the one of the cursor under another name. */
function canBe(cursor: MailboxCursor, status: MailboxStatus | undefined): boolean {
	if (cursor.baseline || isSame(cursor, status) !== true) return false;
	if (cursor.mailboxId !== undefined && status?.mailboxId !== undefined) return true;
	// Mailboxes created within the same second may share a UIDVALIDITY; UIDNEXT never falls.
	return cursor.wrongUidNext ?? (status?.uidNext ?? 0) > cursor.lastUid;
}

/** Whether the mailbox is known by more than its UIDVALIDITY. */
function isAsBefore(cursor: MailboxCursor, status: MailboxStatus | undefined): boolean {
	if (cursor.mailboxId !== undefined && status?.mailboxId !== undefined) return true;
	return status?.uidNext === (cursor.uidNext ?? cursor.lastUid + 1);
}

/** Whether the UIDs went back, so that another mailbox has the name of the cursor, and its UIDVALIDITY. */
function startsOver(cursor: MailboxCursor, status: MailboxStatus | undefined): boolean {
	if (cursor.baseline || cursor.wrongUidNext || isSame(cursor, status) !== true) return false;
	if (cursor.mailboxId !== undefined && status?.mailboxId !== undefined) return false;
	const { uidNext = 0 } = status ?? {};
	return uidNext > 0 && uidNext <= cursor.lastUid;
}

/**
 * Moves the cursors of `state` to where their mailboxes are now, and notes which mailboxes are new.
 * @param all whether `listed` is all that the trigger watches, so that what is missing in it is gone
 * @param createdAreNew whether mailboxes without a cursor were created since the last poll
 */
export function followMailboxes(
	state: TriggerState,
	listed: readonly Listed[],
	{ all, createdAreNew, now }: { all: boolean; createdAreNew: boolean; now: number },
): void {
	const { mailboxes } = state;
	const byName = new Map(listed.map((one) => [one.name, one]));
	/** Cursors whose mailbox is not under their name any more, by that name. */
	const strayed = new Map<string, MailboxCursor>();
	for (const [name, cursor] of Object.entries(mailboxes)) {
		const there = byName.get(name);
		const isOther =
			there && (isSame(cursor, there.status) === false || startsOver(cursor, there.status));
		if (there ? isOther : all) strayed.set(name, cursor);
	}
	const misplaced = new Set(strayed.keys());
	// A mailbox whose STATUS was refused may be another one now.
	const unknown = Object.entries(mailboxes).filter(([name]) => {
		const there = byName.get(name);
		return there && !there.status;
	});
	const moved: Array<[to: string, cursor: MailboxCursor]> = [];
	const left = new Set<string>();
	for (const one of listed) {
		const own = mailboxes[one.name];
		if (own && !misplaced.has(one.name)) continue;
		const former = [...strayed, ...unknown.filter(([name]) => !left.has(name))]
			.filter(([name, cursor]) => name !== one.name && canBe(cursor, one.status))
			.sort(([, a], [, b]) => b.lastUid - a.lastUid)[0];
		if (!former) continue;
		const [name, cursor] = former;
		moved.push([one.name, cursor]);
		strayed.delete(name);
		left.add(name);
	}
	for (const name of left) delete mailboxes[name];
	for (const [to, cursor] of moved) mailboxes[to] = cursor;
	for (const one of listed) {
		const own = mailboxes[one.name];
		if (!own) one.isNew = createdAreNew || left.has(one.name);
		else if (own.goneSince !== undefined) {
			// A mailbox that was away and comes back as another one was created meanwhile.
			if (isSame(own, one.status) === false) {
				delete mailboxes[one.name];
				one.isNew = true;
			} else delete own.goneSince;
		}
	}
	if (all) forgetGone(state, byName, now);
}

/** Should they be watched again one day, then from that day on. */
export function noteUnwatched({ mailboxes }: TriggerState, listed: readonly Listed[]): void {
	const watched = new Set(listed.map(({ name }) => name));
	for (const [name, cursor] of Object.entries(mailboxes)) {
		if (!watched.has(name)) cursor.fromNow = true;
	}
}

/** A server may leave a mailbox out of one list: forgetting it at once would deliver all its mail again. */
function forgetGone(
	{ mailboxes, failing }: TriggerState,
	listed: ReadonlyMap<string, Listed>,
	now: number,
): void {
	const gone = Object.entries(mailboxes).filter(([name]) => !listed.has(name));
	for (const [name, cursor] of gone) {
		cursor.goneSince ??= now;
		if (failing) delete failing[name];
	}
	gone
		.sort(([, a], [, b]) => (b.goneSince ?? 0) - (a.goneSince ?? 0))
		.forEach(([name, { goneSince = now }], index) => {
			const most = index < MOST_GONE ? KEEP_GONE : KEEP_ANY;
			if (now - goneSince > most) delete mailboxes[name];
		});
}

/**
 * Where the mailbox of the cursor is now, if it was renamed and another mailbox has its name.
 * Costs one LIST with STATUS; ask only if the identity of a mailbox has changed.
 * @returns undefined if it is nowhere
 */
export async function findFormerMailbox(
	imap: Imap4,
	mailbox: Pick<SelectedMailbox, 'name' | 'uidValidity'>,
	cursor: MailboxCursor,
): Promise<string | undefined> {
	if (cursor.uidValidity === null && cursor.mailboxId === undefined) return undefined;
	const { name } = mailbox;
	// There are servers on which all mailboxes have the same one.
	const isShared = uidValidityOf(mailbox) === cursor.uidValidity;
	const names = (await imap.list('', '*')).map((entry) => entry.name);
	const others = names.filter((one) => one !== name);
	const found = await Promise.all(
		others.map(async (one) => ({ name: one, status: await identify(imap, one) })),
	);
	return found.find(
		({ status }) => canBe(cursor, status) && (!isShared || isAsBefore(cursor, status)),
	)?.name;
}

/** UIDVALIDITY, UIDNEXT and MAILBOXID; undefined where the server refuses. */
async function identify(imap: Imap4, name: string): Promise<MailboxStatus | undefined> {
	try {
		const [status, mailboxId] = await Promise.all([
			imap.status(name, ['uidValidity', 'uidNext']),
			mailboxIdOf(imap, name),
		]);
		return mailboxId === undefined ? status : { ...status, mailboxId };
	} catch (error) {
		if (imap.closedBy) throw error;
		return undefined;
	}
}

/** RFC 8474 §4.1. */
const OBJECT_ID = /^[\w-]{1,255}$/;

/**
 * Asked for by itself, since Cyrus 3.6 returns garbage for it beside other items.
 * @returns undefined where the server has none
 */
export async function mailboxIdOf(imap: Imap4, name: string): Promise<string | undefined> {
	if (!imap.capabilities.has('OBJECTID')) return undefined;
	try {
		const { mailboxId } = await imap.status(name, ['mailboxId']);
		return mailboxId !== undefined && OBJECT_ID.test(mailboxId) ? mailboxId : undefined;
	} catch (error) {
		if (imap.closedBy) throw error;
		return undefined;
	}
}
