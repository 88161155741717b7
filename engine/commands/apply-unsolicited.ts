import type { TaggedResponse, UntaggedResponse } from '../grammar/response';
import { SequenceSet } from '../grammar/sequence-set';
import type { SelectedMailbox } from './selected-mailbox';

/**
 * Applies what a response says of the selected mailbox (RFC 9051 §7.3, §7.4).
 * @returns whether it made a mailbox read-only that was not
 */
export function observe(
	mailbox: SelectedMailbox,
	response: UntaggedResponse | TaggedResponse,
): boolean {
	switch (response.type) {
		case 'EXISTS':
			mailbox.exists = response.number;
			return false;
		case 'RECENT':
			mailbox.recent = response.number;
			return false;
		case 'EXPUNGE':
			if (mailbox.exists > 0) mailbox.exists--;
			return false;
		case 'VANISHED':
			if (!response.earlier) {
				mailbox.exists = Math.max(0, mailbox.exists - SequenceSet.from(response.uids).size);
			}
			return false;
		case 'FLAGS':
			mailbox.flags = response.flags;
			return false;
		case 'status':
		case 'tagged':
			return observeCode(mailbox, response);
		default:
			return false;
	}
}

function observeCode(
	mailbox: SelectedMailbox,
	{ code }: { code?: TaggedResponse['code'] },
): boolean {
	switch (code?.name) {
		case 'PERMANENTFLAGS':
			if ('flags' in code) mailbox.permanentFlags = code.flags;
			return false;
		case 'UIDVALIDITY':
			if ('value' in code) mailbox.uidValidity = Number(code.value);
			return false;
		case 'UIDNEXT':
			if ('value' in code) mailbox.uidNext = Number(code.value);
			return false;
		case 'UNSEEN':
			if ('value' in code) mailbox.unseen = Number(code.value);
			return false;
		case 'HIGHESTMODSEQ':
			if ('value' in code) mailbox.highestModSeq = BigInt(code.value);
			return false;
		case 'NOMODSEQ':
			mailbox.highestModSeq = undefined;
			return false;
		case 'MAILBOXID':
			if ('id' in code) mailbox.mailboxId = code.id;
			return false;
		case 'READ-ONLY': {
			const turned = !mailbox.readOnly;
			mailbox.readOnly = true;
			return turned;
		}
		case 'READ-WRITE':
			mailbox.readOnly = false;
			return false;
		default:
			return false;
	}
}
