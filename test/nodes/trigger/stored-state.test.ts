/** What the trigger remembers, as it comes out of n8n's static data. */
import { expect, test } from 'vitest';
import type { MailboxCursor, TriggerState } from '../../../nodes/Imap4MessageTrigger/cursor';
import { readState, writeState } from '../../../nodes/Imap4MessageTrigger/stored-state';

const at = (lastUid: number): MailboxCursor => ({ uidValidity: 1, lastUid });

const state = (mailboxes: Record<string, MailboxCursor>): TriggerState => ({
	purpose: 'p',
	mailboxes,
});

test.each<[string, object]>([
	['there is nothing', {}],
	['it is null', { imap4: null }],
	['it is text', { imap4: 'p' }],
	['it is of another account or event', { imap4: state({ A: at(1) }) }],
	['it has no mailboxes', { imap4: { purpose: 'q' } }],
])('the trigger starts again where %s', (_title, staticData) => {
	expect(readState(staticData as never, 'q')).toBeUndefined();
});

test('what is read is a copy: a poll that fails changes nothing', () => {
	const staticData = { imap4: state({ A: at(1) }) };
	const read = readState(staticData, 'p');
	expect(read).toEqual(state({ A: at(1) }));
	(read as TriggerState).mailboxes.A = at(2);
	expect(staticData.imap4.mailboxes.A).toEqual(at(1));
});

test('what is written is a copy, and leaves other static data alone', () => {
	const staticData = { other: 1 };
	const written = state({ A: at(1) });
	writeState(staticData, written);
	written.mailboxes.A = at(2);
	expect(staticData).toEqual({ other: 1, imap4: state({ A: at(1) }) });
});

test.each<[string, Record<string, MailboxCursor>, Record<string, MailboxCursor>]>([
	['goes on in any spelling', { Inbox: at(7) }, { INBOX: at(7) }],
	['keeps what is remembered under its name', { INBOX: at(9), inbox: at(7) }, { INBOX: at(9) }],
	['is no other mailbox', { Inbox2: at(7), work: at(8) }, { Inbox2: at(7), work: at(8) }],
])('INBOX %s', (_title, remembered, expected) => {
	const staticData = { imap4: state(remembered) };
	expect(readState(staticData as never, 'p')).toEqual(state(expected));
});
