/** What the trigger remembers from poll to poll. */

/** A message that was delivered and is not acknowledged yet. */
export interface InFlight {
	/** When it was last delivered, in milliseconds since the epoch. */
	given: number;
	/** Number of deliveries. */
	times: number;
	/** Whether it was read at its first delivery, so that \Seen doesn't acknowledge it. */
	seen: boolean;
	/** Which of the workflow's keywords acknowledges it, from 0; those before it were set already. */
	keyword?: number;
	/** The keyword shared by all workflows was set at its first delivery. */
	shared?: true;
	/** Its fingerprint, where those are remembered. */
	who?: string;
}

/** A message that the server lists and does not return in a form that can be read. */
export interface Held {
	/** Number of polls that tried to fetch it. */
	tries: number;
	/** What happened at the last try, with the server's text. */
	reason: string;
	/** Whether fetching it ended the connection. */
	broke?: true;
}

/** Plain JSON, as n8n stores it. Which fields are used depends on the event. */
export interface MailboxCursor {
	/** Null where the server reports none, or 0. */
	uidValidity: number | null;
	/** The server's identifier of the mailbox, which survives a RENAME (OBJECTID, RFC 8474). */
	mailboxId?: string;
	/** The mailbox was listed but not opened yet: the first look at it only remembers what is there. */
	baseline?: true;
	/** What has come until now is not new: it was not watched meanwhile, or what was remembered is damaged. */
	fromNow?: true;
	/** When the mailbox disappeared from the list, in milliseconds since the epoch. */
	goneSince?: number;
	/** All UIDs up to it are accounted for: delivered, left out by the filters, gone, or `held`. */
	lastUid: number;
	/** UIDs to deliver before newer ones, as a set: what remained after a change of UIDVALIDITY. */
	queue?: string;
	/** By UID. */
	held?: Record<string, Held>;
	/** UIDs on whose FETCH the connection broke, as a set; fetched one at a time next. */
	suspects?: string;
	/** By UID; for the delivery Until Acknowledged. */
	inFlight?: Record<string, InFlight>;
	/** UIDs that were delivered (or acknowledged) and whose After Delivery action is still to be done. */
	pending?: string;
	/** Fingerprints of the newest messages, whatever their UIDs; oldest first. */
	fingerprints?: string[];
	/** Mod-sequence up to which changes are accounted for. */
	modSeq?: string;
	/** UID sets by the flags that these messages have, sorted and separated by spaces. */
	flagSets?: Record<string, string>;
	/** Flags by UID, as versions before 0.2 stored them. */
	flags?: Record<string, string>;
	/** UIDs that existed, as a set. */
	known?: string;
	/** The server has reported a UIDNEXT that was not above all UIDs, so it is not believed. */
	wrongUidNext?: true;
	/** UIDNEXT at the last look. */
	uidNext?: number;
	/** Number of messages at the last look. */
	exists?: number;
	/** The mailbox was empty and kept its UIDVALIDITY until the next poll, which some servers don't let it. */
	keptEmpty?: true;
	/** Polls in a row that found another UIDVALIDITY. */
	renumbered?: number;
	/** Resources above the threshold, as "root resource"; versions before 0.2 kept them per mailbox. */
	above?: string[];
}

export interface TriggerState {
	/** The account and the event. Another account or event starts from the beginning. */
	purpose: string;
	/** The field that names the mailboxes; mailboxes that a changed field adds are not new mailboxes. */
	watched?: string;
	/** The mailbox with which the next poll continues, because this one had no room or time for it. */
	beginWith?: string;
	/** Errors by mailbox that were reported, so that each is reported once. */
	failing?: Record<string, string>;
	/** Resources above the threshold, as "root resource". */
	above?: string[];
	/** It was reported that messages are never acknowledged. */
	unacknowledgedReported?: true;
	mailboxes: Record<string, MailboxCursor>;
}

export const newState = (purpose: string): TriggerState => ({ purpose, mailboxes: byName() });

/** By the names of mailboxes; none of them may mean anything to JavaScript, as "__proto__" does. */
export function byName<Value>(values: Readonly<Record<string, Value>> = {}): Record<string, Value> {
	return Object.assign(Object.create(null) as Record<string, Value>, values);
}
