import type { Session } from '../session';
import { Refusal } from '../store/account';
import type { Mailbox } from '../store/mailbox';

/** Octets a message may have that is appended (RFC 7889): the mailbox's own limit, else the server's. */
export function appendLimit(session: Session, mailbox: Mailbox): number | undefined {
	return mailbox.appendLimit ?? session.settings.appendLimit;
}

/** @throws Refusal TOOBIG (RFC 7889 §4) */
export function checkAppendLimit(session: Session, mailbox: Mailbox, octets: number): void {
	const limit = appendLimit(session, mailbox);
	if (limit !== undefined && octets > limit)
		throw new Refusal('TOOBIG', `A message may have ${limit} octets`);
}
