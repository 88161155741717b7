/** What the trigger needs to open no mailbox for: see RFC 9051 §6.3.11, RFC 7162 §3.1.2.2. */
import { describe, expect, test } from 'vitest';
import type { MailboxStatus } from '../../../engine/index';
import type { MailboxCursor } from '../../../nodes/Imap4MessageTrigger/cursor';
import type { Settings } from '../../../nodes/Imap4MessageTrigger/settings';
import { isUnchanged, statusCursor } from '../../../nodes/Imap4MessageTrigger/status-cursor';

const settings = (event: Settings['event'], more: Partial<Settings> = {}): Settings =>
	({ event, includeExisting: false, onRenumbered: 'baseline', ...more }) as Settings;

const STATUS = {
	uidValidity: 7,
	uidNext: 21,
	messages: 3,
	highestModSeq: 90n,
} as unknown as MailboxStatus;

const status = (more: object): MailboxStatus => ({ ...STATUS, ...more });

const UNOPENED: MailboxCursor = { uidValidity: 7, lastUid: 0, baseline: true };

describe('a mailbox that is watched from now on', () => {
	test.each<[string, Settings, MailboxStatus | undefined, number, MailboxCursor]>([
		[
			'new messages: begins behind the last one',
			settings('messageReceived'),
			STATUS,
			1,
			{ uidValidity: 7, lastUid: 20, uidNext: 21, exists: 3 },
		],
		[
			'with a UIDNEXT that its messages have passed: has to be opened',
			settings('messageReceived'),
			status({ uidNext: 3 }),
			1,
			UNOPENED,
		],
		[
			'with those that are there: begins with the first',
			settings('messageReceived', { includeExisting: true }),
			STATUS,
			1,
			{ uidValidity: 7, lastUid: 0 },
		],
		[
			'to be recognized after a change of UIDVALIDITY: has to be opened',
			settings('messageReceived', { onRenumbered: 'rescan' }),
			STATUS,
			1,
			UNOPENED,
		],
		[
			'without UIDNEXT: has to be opened',
			settings('messageReceived'),
			status({ uidNext: undefined }),
			1,
			UNOPENED,
		],
		[
			'with UIDNEXT 0, which is none: has to be opened',
			settings('messageReceived'),
			status({ uidNext: 0 }),
			1,
			UNOPENED,
		],
		[
			'without an answer to STATUS: has to be opened',
			settings('messageReceived'),
			undefined,
			1,
			{ ...UNOPENED, uidValidity: null },
		],
		[
			'flags of one of 21 mailboxes: begins with the mod-sequence',
			settings('flagsChanged', { includeExisting: true }),
			STATUS,
			21,
			{ uidValidity: 7, lastUid: 20, modSeq: '90' },
		],
		[
			'flags of one of 20 mailboxes: is opened to remember them',
			settings('flagsChanged'),
			STATUS,
			20,
			UNOPENED,
		],
		[
			'flags without mod-sequences: is opened to remember them',
			settings('flagsChanged'),
			status({ highestModSeq: undefined }),
			21,
			UNOPENED,
		],
		[
			'removed messages of many mailboxes: is opened to remember what is there',
			settings('messageRemoved'),
			STATUS,
			21,
			UNOPENED,
		],
	])('%s', (_title, read, reported, count, cursor) => {
		expect(statusCursor(read, reported, count)).toEqual(cursor);
	});
});

describe('a mailbox is not opened', () => {
	const received = { uidValidity: 7, lastUid: 20 };
	const looked = { ...received, lastUid: 15, uidNext: 21, exists: 3 };
	const flags = { uidValidity: 7, lastUid: 20, modSeq: '90' };
	const removed = { uidValidity: 7, lastUid: 20, uidNext: 21, known: '4,9:10' };

	test.each<[boolean, string, Settings['event'], MailboxCursor, MailboxStatus | undefined]>([
		[true, 'nothing came', 'messageReceived', received, STATUS],
		[false, 'a message came', 'messageReceived', received, status({ uidNext: 22 })],
		[true, 'nothing came', 'messageReceived', looked, STATUS],
		[true, 'messages were removed', 'messageReceived', looked, status({ messages: 2 })],
		[false, 'there are more messages', 'messageReceived', looked, status({ messages: 4 })],
		[false, 'UIDNEXT is wrong', 'messageReceived', { ...looked, wrongUidNext: true }, STATUS],
		[false, 'messages were left', 'messageReceived', { ...received, exists: 3 }, STATUS],
		[false, 'STATUS was refused', 'messageReceived', received, undefined],
		[false, 'its UIDVALIDITY changed', 'messageReceived', received, status({ uidValidity: 8 })],
		[false, 'it was never opened', 'messageReceived', { ...received, baseline: true }, STATUS],
		[false, 'messages wait in the queue', 'messageReceived', { ...received, queue: '3' }, STATUS],
		[
			false,
			'an action is still to be done',
			'messageReceived',
			{ ...received, pending: '3' },
			STATUS,
		],
		[
			false,
			'a message could not be read',
			'messageReceived',
			{ ...received, held: { 3: { tries: 1, reason: 'x' } } },
			STATUS,
		],
		[false, 'a FETCH broke', 'messageReceived', { ...received, suspects: '3' }, STATUS],
		[
			false,
			'a message is not acknowledged',
			'messageReceived',
			{ ...received, inFlight: { 3: { given: 1, times: 1, seen: false } } },
			STATUS,
		],
		[true, 'none is to be acknowledged', 'messageReceived', { ...received, inFlight: {} }, STATUS],
		[true, 'no flag changed', 'flagsChanged', flags, STATUS],
		[false, 'a flag changed', 'flagsChanged', flags, status({ highestModSeq: 91n })],
		[false, 'there are no mod-sequences', 'flagsChanged', received, status({ highestModSeq: 0n })],
		[
			false,
			'it has no mod-sequences any more',
			'flagsChanged',
			flags,
			status({ highestModSeq: undefined }),
		],
		[
			true,
			'the mod-sequence is the same',
			'messageRemoved',
			{ ...removed, uidNext: 1, modSeq: '90' },
			STATUS,
		],
		[true, 'as many are there, and none came', 'messageRemoved', removed, STATUS],
		[false, 'fewer are there', 'messageRemoved', removed, status({ messages: 2 })],
		[false, 'one came and one went', 'messageRemoved', removed, status({ uidNext: 22 })],
		[
			false,
			'UIDNEXT is reported no more',
			'messageRemoved',
			{ ...removed, uidNext: undefined },
			status({ uidNext: undefined }),
		],
		[false, 'what was there is not known', 'messageRemoved', { ...flags, uidNext: 21 }, STATUS],
		[false, 'it is about quotas', 'quotaAbove', flags, STATUS],
	])('%s: %s (%s)', (expected, _title, event, cursor, reported) => {
		expect(isUnchanged(settings(event), cursor, reported)).toBe(expected);
	});
});
