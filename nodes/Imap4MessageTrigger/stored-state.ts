/** What the trigger remembers, in n8n's static data of the node. */
import type { IDataObject } from 'n8n-workflow';
import { byName, newState, type TriggerState } from './cursor';
import { isSoundCursor, soundList, soundMailboxes, soundText, soundTexts } from './cursor-check';

/**
 * @param onDamaged called with the name of each mailbox of which nothing that makes sense is remembered; the
 * trigger continues there with what arrives from now on
 * @returns undefined before the first poll for this purpose. A copy: what a failed poll has changed
 * in it must not be remembered
 */
export function readState(
	staticData: IDataObject,
	purpose: string,
	onDamaged: (mailbox: string) => void = () => undefined,
): TriggerState | undefined {
	const { imap4 } = staticData;
	if (typeof imap4 !== 'object' || imap4 === null) return undefined;
	// n8n's static data is a proxy, which structuredClone does not take.
	const stored = JSON.parse(JSON.stringify(imap4)) as Partial<Record<keyof TriggerState, unknown>>;
	const mailboxes = soundMailboxes(stored.mailboxes);
	if (stored.purpose !== purpose || !mailboxes) return undefined;
	const state = newState(purpose);
	const watched = soundText(stored.watched);
	const beginWith = soundText(stored.beginWith);
	const failing = soundTexts(stored.failing);
	const above = soundList(stored.above);
	if (watched !== undefined) state.watched = watched;
	if (beginWith !== undefined) state.beginWith = beginWith;
	if (failing) state.failing = byName(failing);
	if (above) state.above = above;
	if (stored.unacknowledgedReported === true) state.unacknowledgedReported = true;
	for (const [name, cursor] of Object.entries(mailboxes)) {
		const isSound = isSoundCursor(cursor);
		state.mailboxes[name] = isSound ? cursor : { uidValidity: null, lastUid: 0, fromNow: true };
		if (!isSound) onDamaged(name);
	}
	for (const name of Object.keys(state.mailboxes)) {
		const cursor = state.mailboxes[name];
		if (cursor && name !== 'INBOX' && name.toUpperCase() === 'INBOX') {
			// INBOX is one mailbox in any spelling (RFC 9051 §5.1).
			state.mailboxes.INBOX ??= cursor;
			delete state.mailboxes[name];
		}
	}
	return state;
}

/** Call it last, when nothing can fail any more. */
export function writeState(staticData: IDataObject, state: TriggerState): void {
	staticData.imap4 = JSON.parse(JSON.stringify(state)) as IDataObject;
}
