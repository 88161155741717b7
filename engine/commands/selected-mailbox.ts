import type { SequenceNumber } from '../grammar/message-number';

/** The mailbox that is selected, as the server described it (RFC 9051 §6.3.2) and keeps it. */
export interface SelectedMailbox {
	/** The mailbox's name, as it was given. */
	name: string;
	/** Opened with EXAMINE, or by the server's decision. */
	readOnly: boolean;
	/** Number of messages. */
	exists: number;
	/** Messages with \Recent in this session; IMAP4rev1 only. */
	recent: number;
	/** Flags in use in the mailbox. */
	flags: readonly string[];
	/** Flags that can be changed permanently; `\*` means that new keywords can be made. */
	permanentFlags: readonly string[];
	/** Undefined where the server does not say. */
	uidValidity?: number;
	/** The UID the next message will get at least; undefined where the server does not say. */
	uidNext?: number;
	/** Sequence number of the first unseen message, where the server says (IMAP4rev1). */
	unseen?: SequenceNumber;
	/** RFC 7162; undefined where the mailbox keeps none. */
	highestModSeq?: bigint;
	/** RFC 8474 */
	mailboxId?: string;
}
