import type { TaggedResponse, UntaggedResponse } from '../grammar/response';
import type { SequenceNumber } from '../grammar/message-number';
import { UidSet } from '../grammar/message-set';
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
				const count = UidSet.fromServer(response.uids)?.size ?? 0;
				mailbox.exists = Math.max(0, mailbox.exists - count);
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
			mailbox.permanentFlags = code.flags;
			return;
		case 'UIDVALIDITY':
			mailbox.uidValidity = code.value;
			return;
		case 'UIDNEXT':
			mailbox.uidNext = code.value;
			return;
		case 'UNSEEN':
			mailbox.unseen = code.value as SequenceNumber;
			return;
		case 'HIGHESTMODSEQ':
			mailbox.highestModSeq = code.value;
			return;
		case 'NOMODSEQ':
			mailbox.highestModSeq = undefined;
			return;
		case 'MAILBOXID':
			mailbox.mailboxId = code.id;
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
