import type { TaggedResponse, UntaggedResponse } from '../grammar/response';
import { SequenceSet } from '../grammar/sequence-set';
import type { SelectedMailbox } from './selected-mailbox';

/** Applies what a response reports about the selected mailbox (RFC 9051 §7.3, §7.4). */
export function applyToMailbox(
	mailbox: SelectedMailbox,
	response: UntaggedResponse | TaggedResponse,
): void {
	switch (response.type) {
		case 'EXISTS':
			mailbox.exists = response.number;
			return;
		case 'RECENT':
			mailbox.recent = response.number;
			return;
		case 'EXPUNGE':
			if (mailbox.exists > 0) mailbox.exists--;
			return;
		case 'VANISHED':
			if (!response.earlier) {
				mailbox.exists = Math.max(0, mailbox.exists - SequenceSet.from(response.uids).size);
			}
			return;
		case 'FLAGS':
			mailbox.flags = response.flags;
			return;
		case 'status':
		case 'tagged':
			return applyCode(mailbox, response);
		default:
			return;
	}
}

function applyCode(mailbox: SelectedMailbox, { code }: { code?: TaggedResponse['code'] }): void {
	switch (code?.name) {
		case 'PERMANENTFLAGS':
			if ('flags' in code) mailbox.permanentFlags = code.flags;
			return;
		case 'UIDVALIDITY':
			if ('value' in code) mailbox.uidValidity = Number(code.value);
			return;
		case 'UIDNEXT':
			if ('value' in code) mailbox.uidNext = Number(code.value);
			return;
		case 'UNSEEN':
			if ('value' in code) mailbox.unseen = Number(code.value);
			return;
		case 'HIGHESTMODSEQ':
			if ('value' in code) mailbox.highestModSeq = BigInt(code.value);
			return;
		case 'NOMODSEQ':
			mailbox.highestModSeq = undefined;
			return;
		case 'MAILBOXID':
			if ('id' in code) mailbox.mailboxId = code.id;
			return;
		case 'READ-ONLY':
			mailbox.readOnly = true;
			return;
		case 'READ-WRITE':
			mailbox.readOnly = false;
			return;
		default:
			return;
	}
}
