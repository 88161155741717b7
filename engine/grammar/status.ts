import type { Reader } from '../wire/reader';
import type { MailboxNames } from './mailbox-name';

/** What STATUS can be asked for, by the names used here; on the wire see {@link STATUS_ITEMS}. */
export type StatusItem = keyof Omit<MailboxStatus, 'mailbox' | 'other'>;

/** Figures of a mailbox (RFC 9051 §6.3.11); only those asked for and given. */
export interface MailboxStatus {
	mailbox: string;
	messages?: number;
	recent?: number;
	uidNext?: number;
	uidValidity?: number;
	unseen?: number;
	deleted?: number;
	/** Octets (RFC 8438). */
	size?: number;
	highestModSeq?: bigint;
	/** Octets; null if there is no limit (RFC 7889). */
	appendLimit?: number | null;
	/** RFC 8474. */
	mailboxId?: string;
	/** Items this engine has no name for, by their name in upper case. */
	other?: Record<string, string>;
}

export const STATUS_ITEMS: Record<StatusItem, string> = {
	messages: 'MESSAGES',
	recent: 'RECENT',
	uidNext: 'UIDNEXT',
	uidValidity: 'UIDVALIDITY',
	unseen: 'UNSEEN',
	deleted: 'DELETED',
	size: 'SIZE',
	highestModSeq: 'HIGHESTMODSEQ',
	appendLimit: 'APPENDLIMIT',
	mailboxId: 'MAILBOXID',
};

/** Reads from the mailbox name on (RFC 9051 §7.3.2). */
export function readStatus(reader: Reader, names: MailboxNames): MailboxStatus {
	const status: MailboxStatus = { mailbox: names.decode(reader.string()) };
	reader.blanks();
	reader.enter();
	while (!reader.leave()) {
		const name = reader.atom().upper;
		reader.blanks();
		switch (name) {
			case 'MESSAGES':
				status.messages = reader.number();
				break;
			case 'RECENT':
				status.recent = reader.number();
				break;
			case 'UIDNEXT':
				status.uidNext = reader.number();
				break;
			case 'UIDVALIDITY':
				status.uidValidity = reader.number();
				break;
			case 'UNSEEN':
				status.unseen = reader.number();
				break;
			case 'DELETED':
				status.deleted = reader.number();
				break;
			case 'SIZE':
				status.size = reader.number();
				break;
			case 'HIGHESTMODSEQ':
				status.highestModSeq = reader.bigNumber();
				break;
			case 'APPENDLIMIT':
				status.appendLimit = reader.nil() ? null : reader.number();
				break;
			case 'MAILBOXID':
				reader.enter();
				status.mailboxId = reader.string();
				reader.leave();
				break;
			default:
				(status.other ??= {})[name] = String(reader.token());
		}
	}
	return status;
}
