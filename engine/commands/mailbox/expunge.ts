import type { Command } from '../command';
import { SELECTED } from '../command';
import type { SequenceNumber } from '../../grammar/message-number';
import type { UidSet } from '../../grammar/message-set';
import type { SearchQuery } from '../../grammar/search-key';
import { applyToMailbox } from '../apply-unsolicited';
import { vanishedUids } from '../vanished-uids';
import { raw } from '../../wire/writer';

/** What an EXPUNGE removed. */
export interface Expunged {
	/** Sequence numbers as the server sent them, each counted after the removals before it. */
	sequenceNumbers: SequenceNumber[];
	/** UIDs, in place of the numbers, where QRESYNC is enabled (RFC 7162 §3.2.10). */
	uids: UidSet | undefined;
}

/**
 * EXPUNGE (RFC 9051 §6.4.3): removes the \Deleted messages for good; with a set of UIDs only those
 * among them (UID EXPUNGE, needs UIDPLUS).
 */
export function expunge(uids?: UidSet): Command<Expunged> {
	const sequenceNumbers: SequenceNumber[] = [];
	const vanished: string[] = [];
	return {
		name: uids ? 'UID EXPUNGE' : 'EXPUNGE',
		args: uids ? [raw(uids.toString())] : [],
		states: SELECTED,
		changesMailbox: true,
		pipelining: 'free',
		needs: uids ? ['UIDPLUS'] : [],
		accepts(response, { mailbox }) {
			if (response.type === 'EXPUNGE') sequenceNumbers.push(response.number);
			else if (response.type === 'VANISHED' && !response.earlier) vanished.push(response.uids);
			else return false;
			if (mailbox) applyToMailbox(mailbox, response);
			return true;
		},
		done: () => ({
			sequenceNumbers,
			uids: vanishedUids(vanished),
		}),
	};
}

/**
 * A search for what EXPUNGE without UIDPLUS removes besides these messages: all that is marked \Deleted, by
 * whomever (RFC 4315 §1).
 * @example
 * const uids = UidSet.from([1, 2]);
 * if ((await mailbox.search(deletedBesides(uids))).length === 0) await mailbox.expunge();
 */
export function deletedBesides(uids: UidSet): SearchQuery {
	return { deleted: true, not: { uid: uids } };
}
