/** Message Received: which UIDs are new, and what is remembered of them. */
import { describe, expect, test, vi } from 'vitest';
import type { InFlight, MailboxCursor } from '../../../../nodes/Imap4MessageTrigger/cursor';
import { messageReceived } from '../../../../nodes/Imap4MessageTrigger/events/message-received';
import type { MailboxPoll, PollResult } from '../../../../nodes/Imap4MessageTrigger/mailbox-poll';
import { BrokenFetch } from '../../../../nodes/Imap4MessageTrigger/message-items';
import { PollClock } from '../../../../nodes/Imap4MessageTrigger/poll-clock';
import type { Settings } from '../../../../nodes/Imap4MessageTrigger/settings';
import { newestFingerprints } from '../../../../nodes/Imap4MessageTrigger/uidvalidity-change';
import type { MemoryServerOptions } from '../../../server';
import { startServer, USER } from '../../start-server';
import { mailboxPoll, settingsOf } from '../one-mailbox';

type More = Partial<Settings> & Partial<Pick<MailboxPoll, 'room' | 'isNew' | 'clock'>>;

const ACK = {
	keyword: '$Done',
	shared: undefined,
	byReading: false,
	againAfter: 600_000,
	most: 3,
};

async function start(count: number, options: MemoryServerOptions = {}) {
	const server = await startServer(options);
	const inbox = server.account(USER).mailbox('INBOX');
	const append = (times: number): void => {
		for (let n = 0; n < times; n++)
			inbox.append(
				`Subject: ${inbox.messages.length + 1}\r\nMessage-ID: <${Math.random()}>\r\n\r\n`,
			);
	};
	append(count);
	const { uidValidity, id } = inbox;
	return {
		server,
		inbox,
		append,
		cursorAt: (lastUid: number, more: Partial<MailboxCursor> = {}): MailboxCursor => ({
			uidValidity,
			mailboxId: id,
			lastUid,
			...more,
		}),
		poll: async (
			cursor?: MailboxCursor,
			{ room = 9, isNew = false, clock = new PollClock(60_000), ...more }: More = {},
		): Promise<PollResult & { uids: unknown[]; remembered: MailboxCursor }> => {
			const settings = settingsOf(more);
			const result = await messageReceived(
				await mailboxPoll(server, { settings, cursor, room, isNew, clock }),
			);
			// What was there at the last look shows only that nothing can have arrived since.
			const { exists: _exists, uidNext: _uidNext, ...remembered } = result.cursor;
			return { ...result, uids: result.items.map(({ json }) => json.uid), remembered };
		},
	};
}

describe('the first poll', () => {
	test('delivers nothing of what is there, and remembers how far that goes', async () => {
		const { poll, cursorAt } = await start(3);
		expect(await poll()).toMatchObject({ items: [], remembered: cursorAt(3) });
	});

	test('goes by the messages that are there, and not by UIDNEXT', async () => {
		const { poll, inbox, cursorAt } = await start(3);
		inbox.remove(new Set(inbox.messages.slice(1)));
		expect((await poll()).remembered).toEqual(cursorAt(1));
		inbox.remove(new Set(inbox.messages));
		expect((await poll()).remembered).toEqual(cursorAt(0));
	});

	test.each<[string, More]>([
		['of a mailbox that is new', { isNew: true }],
		['if that is set', { includeExisting: true }],
	])('delivers what is there %s', async (_title, more) => {
		const { poll, cursorAt } = await start(2);
		const found = await poll(undefined, more);
		expect(found.uids).toEqual([1, 2]);
		expect(found.remembered).toEqual(cursorAt(2));
	});

	test('remembers who is there if that is needed after a change of UIDVALIDITY', async () => {
		const { poll, server } = await start(2);
		const known = await newestFingerprints(await mailboxPoll(server));
		const { cursor } = await poll(undefined, { onRenumbered: 'rescan' });
		expect(cursor.fingerprints).toEqual([...known.values()]);
	});
});

describe('later', () => {
	test('what came is delivered once, in order', async () => {
		const { poll, append, cursorAt } = await start(2);
		const { cursor } = await poll();
		append(2);
		const found = await poll(cursor);
		expect(found.uids).toEqual([3, 4]);
		expect(found.items[0]?.json).toMatchObject({ event: 'messageReceived', subject: '3' });
		expect(found.remembered).toEqual(cursorAt(4));
		expect((await poll(found.cursor)).uids).toEqual([]);
	});

	test('nothing is searched where nothing came', async () => {
		const { poll, server, cursorAt } = await start(2);
		const from = server.commands.length;
		expect(await poll(cursorAt(2))).toMatchObject({ items: [], remembered: cursorAt(2) });
		expect(server.commands.slice(from).map(({ name }) => name)).not.toContain('UID SEARCH');
	});

	test('the filters decide, and what they leave out is accounted for', async () => {
		const { poll, cursorAt } = await start(3);
		const filters = { query: { subject: '2' }, received: {}, sent: {} };
		const found = await poll(cursorAt(0), { filters });
		expect(found.uids).toEqual([2]);
		expect(found.remembered).toEqual(cursorAt(3));
	});

	test('what a poll has no room for comes with the next one', async () => {
		const { poll, cursorAt } = await start(4);
		const first = await poll(cursorAt(0), { room: 3 });
		expect(first.uids).toEqual([1, 2, 3]);
		expect(first.remembered).toEqual(cursorAt(3));
		expect((await poll(first.cursor)).uids).toEqual([4]);
	});

	test('the queue of a changed UIDVALIDITY is delivered with what is new, each once', async () => {
		const { poll, cursorAt } = await start(5);
		const first = await poll(cursorAt(4, { queue: '2:3' }), { room: 1 });
		expect(first.uids).toEqual([2]);
		expect(first.remembered).toEqual(cursorAt(4, { queue: '3' }));
		const rest = await poll(first.cursor);
		expect(rest.uids).toEqual([3, 5]);
		expect(rest.remembered).toEqual(cursorAt(5));
	});

	test('a SEARCH that leaves out the newest message does not have the last word', async () => {
		const { poll, server, cursorAt } = await start(3);
		server.faults.on = ({ tag, line }) =>
			line.startsWith('UID SEARCH')
				? `${line.includes('RETURN') ? `* ESEARCH (TAG "${tag}") UID ALL 1` : '* SEARCH 1'}\r\n${tag} OK\r\n`
				: undefined;
		const found = await poll(cursorAt(0));
		expect(found.uids).toEqual([1, 2, 3]);
		expect(found.remembered).toEqual(cursorAt(3));
	});

	test('UIDs that a SEARCH returns beyond what was asked are left alone', async () => {
		const { poll, server, cursorAt } = await start(3);
		server.faults.on = ({ tag, line }) =>
			line.startsWith('UID SEARCH')
				? `${line.includes('RETURN') ? `* ESEARCH (TAG "${tag}") UID ALL 1:3` : '* SEARCH 3 1 2 3'}\r\n${tag} OK\r\n`
				: undefined;
		expect((await poll(cursorAt(1))).uids).toEqual([2, 3]);
	});

	test('a server that leaves UIDVALIDITY out once is still the same one', async () => {
		const { poll, server, cursorAt } = await start(2);
		server.faults.rewrite = (octets) =>
			Buffer.from(octets.toString('latin1').replace(/UIDVALIDITY \d+/, 'UIDVALIDITY 0'), 'latin1');
		const found = await poll(cursorAt(1));
		expect(found.uids).toEqual([2]);
		expect(found.remembered).toEqual(cursorAt(2));
	});
});

describe('messages that cannot be read', () => {
	const leavingOut = (uid: number) => (command: { tag: string; line: string }) =>
		command.line.startsWith(`UID FETCH ${uid} `) ? `${command.tag} OK\r\n` : undefined;

	test('wait apart, come last when they are tried again, and hold nothing up', async () => {
		const { poll, server, append, cursorAt } = await start(1);
		server.faults.on = leavingOut(1);
		const first = await poll(cursorAt(0));
		expect(first.uids).toEqual([]);
		expect(first.cursor).toMatchObject({ lastUid: 1, held: { 1: { tries: 1 } } });
		server.faults.on = undefined;
		append(1);
		const next = await poll(first.cursor);
		expect(next.uids).toEqual([2, 1]);
		expect(next.remembered).toEqual(cursorAt(2));
	});

	test('are returned as such after three polls, and take their part of the room', async () => {
		const { poll, cursorAt } = await start(3);
		const held = { 1: { tries: 3, reason: 'damaged' } };
		const found = await poll(cursorAt(1, { held }), { room: 2 });
		expect(found.items[0]?.json).toMatchObject({ uid: 1, unreadable: 'damaged' });
		expect(found.uids).toEqual([1, 2]);
		expect(found.remembered).toEqual(cursorAt(2));
	});

	test('wait for no acknowledgement', async () => {
		const { poll, server, cursorAt } = await start(1);
		server.faults.on = leavingOut(1);
		const inFlight: Record<string, InFlight> = { 1: { given: 0, times: 1, seen: false } };
		const found = await poll(cursorAt(1, { inFlight }), { acknowledgement: ACK });
		expect(found.cursor).toMatchObject({ held: { 1: { tries: 1 } }, inFlight: {} });
	});

	test('at which the connection broke are remembered, and nothing else', async () => {
		const { poll, server, cursorAt } = await start(2);
		server.faults.on = ({ line }) => (line.startsWith('UID FETCH 1 ') ? '* BYE\r\n' : undefined);
		const cursor = cursorAt(0);
		const error = await poll(cursor).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(BrokenFetch);
		expect((error as BrokenFetch).cursor).toMatchObject({ held: { 1: { tries: 1, broke: true } } });
		expect(cursor).toEqual(cursorAt(0));
	});

	test('at which the connection broke are tried last of all, one by one', async () => {
		const { poll, server, cursorAt } = await start(4);
		const broke = { tries: 1, reason: 'x', broke: true as const };
		const held = { 1: broke, 2: broke };
		expect((await poll(cursorAt(3, { held }))).uids).toEqual([4, 1, 2]);
		const crowded = await poll(cursorAt(3, { held }), { room: 2 });
		expect(crowded.uids).toEqual([4, 1]);
		expect(crowded.remembered).toEqual(cursorAt(4, { held: { 2: broke } }));
		server.faults.on = ({ line }) => (line.startsWith('UID FETCH 1 ') ? '* BYE\r\n' : undefined);
		const again = await poll(cursorAt(3, { held }));
		expect(again.uids).toEqual([4]);
		expect(again.cursor).toMatchObject({
			lastUid: 4,
			held: { 1: { tries: 2, broke: true }, 2: broke },
		});
	});

	test('at which the connection broke wait where the poll has no time left', async () => {
		const { poll, cursorAt } = await start(1);
		const held = { 1: { tries: 1, reason: 'x', broke: true as const } };
		const clock = new PollClock(60_000);
		vi.spyOn(clock, 'hasTime', 'get').mockReturnValue(false);
		const found = await poll(cursorAt(1, { held }), { clock });
		expect(found.uids).toEqual([]);
		expect(found.cursor.held).toEqual(held);
	});
});

describe('what is done after delivery', () => {
	test('is noted for the next poll, when n8n has the items', async () => {
		const { poll, cursorAt } = await start(2);
		const after: Settings['after'] = { do: 'markRead' };
		const found = await poll(cursorAt(0), { after });
		expect(found.remembered).toEqual(cursorAt(2, { pending: '1:2' }));
		expect((await poll(cursorAt(0))).remembered).toEqual(cursorAt(2));
	});

	test('is done when a message is acknowledged, where that is waited for', async () => {
		const { poll, inbox, cursorAt } = await start(2);
		const more: More = { after: { do: 'markRead' }, acknowledgement: ACK };
		const first = await poll(cursorAt(0), more);
		expect(first.cursor.pending).toBeUndefined();
		expect(Object.keys(first.cursor.inFlight ?? {})).toEqual(['1', '2']);
		const [one] = inbox.messages;
		if (one) inbox.setFlags(one, ['$Done']);
		const next = await poll(first.cursor, more);
		expect(next.uids).toEqual([]);
		expect(next.cursor.pending).toBe('1');
		expect(Object.keys(next.cursor.inFlight ?? {})).toEqual(['2']);
	});
});

test('what is not acknowledged is delivered again, before what is new', async () => {
	const { poll, cursorAt } = await start(3);
	const inFlight: Record<string, InFlight> = { 2: { given: 0, times: 1, seen: false } };
	const found = await poll(cursorAt(2, { inFlight }), { acknowledgement: ACK });
	expect(found.items.map(({ json }) => [json.uid, json.deliveryCount])).toEqual([
		[2, 2],
		[3, 1],
	]);
});

describe('for the case that UIDVALIDITY changes', () => {
	test('what is delivered is recognized afterwards, and what waits for its acknowledgement too', async () => {
		const { poll, server, cursorAt } = await start(3);
		const [one, two, three] = (await newestFingerprints(await mailboxPoll(server))).values();
		const found = await poll(cursorAt(1, { fingerprints: [one as string] }), {
			onRenumbered: 'rescan',
			acknowledgement: ACK,
		});
		expect(found.cursor.fingerprints).toEqual([one, two, three]);
		expect(found.cursor.inFlight).toMatchObject({ 2: { who: two }, 3: { who: three } });
	});

	test('an answer that leaves a message out is asked for once more', async () => {
		const { poll, server, cursorAt } = await start(2);
		const known = [...(await newestFingerprints(await mailboxPoll(server))).values()];
		let left = 1;
		server.faults.on = ({ tag, line }) =>
			/^UID FETCH \S+ \(UID ENVELOPE\)/.test(line) && left-- > 0 ? `${tag} OK\r\n` : undefined;
		const found = await poll(cursorAt(0), { onRenumbered: 'rescan' });
		expect(found.cursor.fingerprints).toEqual(known);
		expect(left).toBe(-1);
	});

	test('nothing is remembered otherwise', async () => {
		const { poll, cursorAt } = await start(1);
		expect((await poll(cursorAt(0))).cursor).not.toHaveProperty('fingerprints');
		expect((await poll(cursorAt(1), { onRenumbered: 'rescan' })).remembered).toEqual(cursorAt(1));
	});
});
