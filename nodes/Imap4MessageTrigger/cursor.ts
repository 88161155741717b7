/** What the trigger remembers from poll to poll, in n8n's static data of the node. */
import type { IDataObject } from 'n8n-workflow';

/** A message that was given to the flow and not acknowledged yet. */
export interface InFlight {
	/** Milliseconds since the epoch. */
	given: number;
	/** How often. */
	times: number;
	/** Whether it had been read already, so that reading it says nothing. */
	seen: boolean;
	/** Its fingerprint, where those are remembered. */
	who?: string;
}

/** All of it is plain JSON, since n8n keeps it so. Which fields are used depends on the event. */
export interface MailboxCursor {
	/** Null where the server tells none. */
	uidValidity: number | null;
	/** The highest UID that was handled: given, or left out by the filters. */
	lastUid: number;
	/** UIDs to give before newer ones, as a set; what a numbering anew left over. */
	queue?: string;
	/** By UID; for the delivery Until Acknowledged. */
	inFlight?: Record<string, InFlight>;
	/** UIDs that were given (or acknowledged), and wait for what is to be done with them then. */
	pending?: string;
	/** Who the newest messages are, whatever their UIDs; oldest first. */
	fingerprints?: string[];
	/** Mod-sequence up to which changes were handled. */
	modSeq?: string;
	/** Flags by UID, sorted and separated by blanks. */
	flags?: Record<string, string>;
	/** UIDs that were there, as a set. */
	known?: string;
	/** Resources of quotas that are above the limit, as "root resource". */
	above?: string[];
}

export interface TriggerState {
	/** Whose mailboxes, and what for: another account or event begins anew. */
	purpose: string;
	/** The mailbox that the last poll had no room or time for, to begin with. */
	beginWith?: string;
	mailboxes: Record<string, MailboxCursor>;
}

/**
 * @returns undefined before the first poll for this purpose. A copy: what a failed poll has changed
 * in it must not be remembered
 */
export function readState(staticData: IDataObject, purpose: string): TriggerState | undefined {
	const { imap4 } = staticData;
	if (typeof imap4 !== 'object' || imap4 === null) return undefined;
	const state = JSON.parse(JSON.stringify(imap4)) as TriggerState;
	return state.purpose === purpose && typeof state.mailboxes === 'object' ? state : undefined;
}

/** To be called last, when nothing can fail any more. */
export function writeState(staticData: IDataObject, state: TriggerState): void {
	staticData.imap4 = state;
}
