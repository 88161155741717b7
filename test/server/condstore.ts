import type { Session } from './session';

/**
 * From the first command that speaks of mod-sequences on, FETCH responses tell them, and the client
 * learns where it starts from (RFC 7162 §3.1.2).
 */
export function useModSeqs(session: Session): void {
	if (session.enabled.has('CONDSTORE')) return;
	session.enabled.add('CONDSTORE');
	if (session.view) session.data(`OK ${highestModSeq(session)}Highest`);
}

/** ` MODSEQ (5)` where the session wants it in each FETCH with flags. */
export function modSeqItem(session: Session, modSeq: number): string {
	return session.enabled.has('CONDSTORE') ? ` MODSEQ (${modSeq})` : '';
}

/** The response code of SELECT, and of what removes messages (RFC 7162 §3.2.7). */
export function highestModSeq(session: Session): string {
	return `[HIGHESTMODSEQ ${session.selected.mailbox.highestModSeq}] `;
}
