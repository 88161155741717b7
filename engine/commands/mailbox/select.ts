import type { Command } from '../command';
import { AUTHENTICATED, qresyncEnabled } from '../command';
import { Imap4Error } from '../../errors';
import type { FetchedMessage } from '../../grammar/fetch';
import type { UidSetLike } from '../../grammar/message-set';
import { modSequence } from '../../grammar/mod-sequence';
import { UidSet } from '../../grammar/message-set';
import type { SelectedMailbox } from '../selected-mailbox';
import { applyToMailbox } from '../apply-unsolicited';
import { vanishedUids } from '../vanished-uids';
import type { Part } from '../../wire/writer';
import { list, mailbox, raw } from '../../wire/writer';

/** How to open a mailbox. */
export interface SelectOptions {
	/** EXAMINE in place of SELECT: nothing can be changed, \Recent is left alone. */
	readOnly?: boolean;
	/** Mod-sequences from here on (needs CONDSTORE, RFC 7162 §3.1.8). */
	condStore?: boolean;
	/** What was known when the mailbox was last seen; the server reports what has changed (needs QRESYNC enabled). */
	qresync?: {
		/** UIDVALIDITY then. */
		uidValidity: number;
		/** The highest mod-sequence that was known. */
		modSeq: bigint;
		/** The messages that were known; all of them by default. */
		knownUids?: UidSetLike;
	};
}

export interface Selected extends SelectedMailbox {
	/** Under `qresync`: UIDs that are gone. */
	vanished?: UidSet;
	/** Under `qresync`: messages whose flags have changed, or that are new. */
	changed?: FetchedMessage[];
}

/**
 * SELECT, or EXAMINE for read-only (RFC 9051 §6.3.2, §6.3.3).
 * @returns the mailbox as the server described it, `readOnly` where the server allows no more. After NO
 * or BAD no mailbox is selected any more.
 * @throws Imap4Error ARGUMENT
 */
export function select(
	name: string,
	{ readOnly = false, condStore, qresync }: SelectOptions = {},
): Command<Selected> {
	const selected: SelectedMailbox = {
		name,
		readOnly: false,
		exists: 0,
		recent: 0,
		flags: [],
		permanentFlags: [],
	};
	const vanished: string[] = [];
	const changed: FetchedMessage[] = [];
	let permanentFlagsGiven = false;
	return {
		name: readOnly ? 'EXAMINE' : 'SELECT',
		args: [mailbox(name), ...parameters(condStore, qresync)],
		states: AUTHENTICATED,
		pipelining: 'alone',
		speculative: true,
		needs: [...(condStore ? ['CONDSTORE'] : []), ...(qresync ? ['QRESYNC'] : [])],
		beforeSend: qresync ? qresyncEnabled('SELECT') : undefined,
		accepts(response, session) {
			switch (response.type) {
				case 'status':
					if (response.status === 'BYE') return false;
					// What comes before it is news of the mailbox that is being left (RFC 9051 §7.1), if one is.
					if (session.mailbox && response.code?.name === 'CLOSED') reset(selected);
					permanentFlagsGiven ||= response.code?.name === 'PERMANENTFLAGS';
					break;
				case 'VANISHED':
					if (response.earlier) vanished.push(response.uids);
					return true;
				case 'FETCH':
					if (qresync) changed.push(response.message);
					return qresync !== undefined;
				case 'EXISTS':
				case 'RECENT':
				case 'FLAGS':
				case 'EXPUNGE':
					break;
				default:
					return false;
			}
			applyToMailbox(selected, response);
			return true;
		},
		done(completion, session) {
			applyToMailbox(selected, completion);
			selected.readOnly ||= readOnly;
			// Without PERMANENTFLAGS all flags can be changed for good (RFC 3501 §6.3.1).
			if (!permanentFlagsGiven) selected.permanentFlags = [...selected.flags];
			session.setState('selected', selected);
			if (!qresync) return { ...selected };
			return { ...selected, vanished: vanishedUids(vanished), changed };
		},
		refused(error, _completion, session) {
			session.setState('authenticated');
			return error;
		},
	};
}

function parameters(condStore: boolean | undefined, qresync: SelectOptions['qresync']): Part[] {
	if (qresync) {
		const { uidValidity, modSeq, knownUids } = qresync;
		if (!Number.isInteger(uidValidity) || uidValidity < 1) {
			throw new Imap4Error('ARGUMENT', `${uidValidity} is not a valid UIDVALIDITY`);
		}
		const known = knownUids === undefined ? '' : ` ${UidSet.from(knownUids)}`;
		return [list([raw(`QRESYNC (${uidValidity} ${modSequence(modSeq)}${known})`)])];
	}
	return condStore ? [list([raw('CONDSTORE')])] : [];
}

function reset(mailbox: SelectedMailbox): void {
	mailbox.exists = mailbox.recent = 0;
	mailbox.flags = [];
	mailbox.uidNext = mailbox.uidValidity = mailbox.unseen = mailbox.highestModSeq = undefined;
}
