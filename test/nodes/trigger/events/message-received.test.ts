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

type More = Partial<Settings> &
	Partial<Pick<MailboxPoll, 'room' | 'isNew' | 'clock'>> & {
		/** What happens after the mailbox was opened, and is noticed. */
		meanwhile?: () => void;
	};

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
	/** What `work` sends: its commands on messages. */
	const sent = async (work: () => Promise<unknown>): Promise<string[]> => {
		const from = server.commands.length;
		await work();
		const lines = server.commands.slice(from).map(({ line }) => line);
		return lines.filter((line) => /FETCH|SEARCH|STORE/.test(line));
	};
	return {
		sent,
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
			{ room = 9, isNew = false, clock = new PollClock(60_000), meanwhile, ...more }: More = {},
		): Promise<PollResult & { uids: unknown[]; remembered: MailboxCursor }> => {
			const settings = settingsOf(more);
			const opened = await mailboxPoll(server, { settings, cursor, room, isNew, clock });
			if (meanwhile) {
				meanwhile();
				await opened.open.check();
			}
			const result = await messageReceived(opened);
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

	test('goes by the messages that are there, however low UIDNEXT is, which is not believed then', async () => {
		const { poll, server, cursorAt } = await start(3);
		server.faults.rewrite = (octets) =>
			Buffer.from(octets.toString('latin1').replace(/UIDNEXT \d+/, 'UIDNEXT 3'), 'latin1');
		expect((await poll()).remembered).toEqual(cursorAt(3, { wrongUidNext: true }));
	});

	test('believes a UIDNEXT that was right when the mailbox was opened', async () => {
		const { poll, append, cursorAt } = await start(3);
		const found = await poll(undefined, { meanwhile: () => append(1) });
		expect(found.remembered).toEqual(cursorAt(4));
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

	test('no message is asked for where UIDNEXT and the number of messages are what they were', async () => {
		const { poll, sent, append } = await start(3);
		const { cursor } = await poll();
		expect(await sent(() => poll(cursor))).toEqual([]);
		append(1);
		const next = await poll(cursor);
		expect(next.cursor).toMatchObject({ exists: 4, uidNext: 5 });
		expect(await sent(() => poll(next.cursor))).toEqual([]);
	});

	test('an empty mailbox is asked for nothing, whether or not it has a UIDNEXT', async () => {
		const { poll, sent, server, cursorAt } = await start(0);
		server.faults.rewrite = (octets) =>
			Buffer.from(octets.toString('latin1').replace(/UIDNEXT \d+/, 'UIDNEXT 0'), 'latin1');
		expect(await sent(() => poll(cursorAt(3)))).toEqual([]);
	});

	test('what arrives after the mailbox was opened is delivered, whatever UIDNEXT was then', async () => {
		const { poll, append } = await start(2);
		const { cursor } = await poll();
		expect((await poll(cursor, { meanwhile: () => append(1) })).uids).toEqual([3]);
	});

	test('where something is left, UIDNEXT does not count as looked at', async () => {
		const { poll, cursorAt } = await start(2);
		const first = await poll(cursorAt(0), { room: 1 });
		expect(first.cursor.exists).toBe(2);
		expect(first.cursor).not.toHaveProperty('uidNext');
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

	test('a queue without anything new is searched, and nothing else', async () => {
		const { poll, sent, cursorAt } = await start(3);
		const filters = { query: {}, received: {}, sent: {} };
		const lines = await sent(() => poll(cursorAt(3, { queue: '2' }), { filters, room: 0 }));
		expect(lines).toEqual([expect.stringMatching(/^UID SEARCH .*UID 2$/)]);
	});

	test('messages are taken in the order of their UIDs, whatever the order of the answer', async () => {
		const { poll, server, cursorAt } = await start(3, { capabilities: { remove: ['ESEARCH'] } });
		server.faults.on = ({ tag, line }) =>
			line.startsWith('UID SEARCH') ? `* SEARCH 3 1 2\r\n${tag} OK\r\n` : undefined;
		const first = await poll(cursorAt(0), { room: 1 });
		expect(first.uids).toEqual([1]);
		expect((await poll(first.cursor)).uids).toEqual([2, 3]);
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

	test('and so are those that a FETCH returns beyond them', async () => {
		const { poll, server, cursorAt } = await start(3);
		server.faults.on = ({ tag, line }) => {
			if (line.startsWith('UID SEARCH')) return `* ESEARCH (TAG "${tag}") UID\r\n${tag} OK\r\n`;
			if (!line.endsWith('(UID)') || !line.startsWith('UID')) return undefined;
			const rows = [1, 2, 3].map((n) => `* ${n} FETCH (UID ${n})\r\n`);
			return `${rows.join('')}${tag} OK\r\n`;
		};
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
		server.faults.on = undefined;
		const next = await poll((error as BrokenFetch).cursor);
		expect(next.uids).toEqual([2, 1]);
		expect(next.remembered).toEqual(cursorAt(2));
	});

	test('at which the connection broke in the first poll are remembered as well', async () => {
		const { poll, server, cursorAt } = await start(2);
		server.faults.on = ({ line }) => (line.startsWith('UID FETCH 1 ') ? '* BYE\r\n' : undefined);
		await expect(poll(undefined, { isNew: true })).rejects.toMatchObject({
			cursor: { ...cursorAt(0), held: { 1: { tries: 1, broke: true } } },
		});
	});

	test('among which the connection broke are fetched one at a time', async () => {
		const { poll, sent, cursorAt } = await start(5);
		const lines = await sent(() => poll(cursorAt(0, { suspects: '3:4' })));
		const sets = lines.flatMap((line) => /^UID FETCH (\S+) .*ENVELOPE/.exec(line)?.[1] ?? []);
		expect(sets).toEqual(['1', '2', '3', '4', '5']);
	});

	test('that wait apart are fetched one at a time when they are tried again', async () => {
		const { poll, sent, cursorAt } = await start(4);
		const held = { 1: { tries: 1, reason: 'x' }, 2: { tries: 1, reason: 'x' } };
		const lines = await sent(() => poll(cursorAt(3, { held })));
		const sets = lines.flatMap((line) => /^UID FETCH (\S+) .*ENVELOPE/.exec(line)?.[1] ?? []);
		expect(sets).toEqual(['4', '1', '2']);
	});

	test.each<[string, Partial<MailboxCursor>]>([
		['that are new', {}],
		[
			'at which the connection broke',
			{ lastUid: 1, held: { 1: { tries: 1, reason: 'x', broke: true } } },
		],
	])('%s: a refusal that is not about them is the error of the poll', async (_what, more) => {
		const { poll, server, cursorAt } = await start(1);
		server.faults.on = ({ tag, line }) =>
			line.startsWith('UID FETCH 1 ') ? `${tag} NO [LIMIT] later\r\n` : undefined;
		await expect(poll(cursorAt(0, more))).rejects.toMatchObject({ responseCode: 'LIMIT' });
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

	test('is the failure of the poll where it cannot be done, and holds up nothing', async () => {
		const { poll, cursorAt } = await start(2);
		const found = await poll(cursorAt(1, { pending: '1' }), { after: { do: 'markRead' } });
		// The mailbox is open read-only here.
		expect(found.failure).toMatchObject({ code: 'READ_ONLY' });
		expect(found.uids).toEqual([2]);
		expect(found.cursor.pending).toBe('1:2');
	});

	test('is nothing where nothing is chosen, also for what is acknowledged', async () => {
		const { poll, inbox, cursorAt } = await start(1);
		const first = await poll(cursorAt(0), { acknowledgement: ACK });
		const [one] = inbox.messages;
		if (one) inbox.setFlags(one, ['$Done']);
		const next = await poll(first.cursor, { acknowledgement: ACK });
		expect(next.remembered).toEqual(cursorAt(1, { inFlight: {} }));
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

test('what is given up, what cannot be read, and what is new share the room, in this order', async () => {
	const { poll, cursorAt } = await start(3);
	const inFlight: Record<string, InFlight> = { 1: { given: 0, times: 3, seen: false } };
	const held = { 2: { tries: 3, reason: 'damaged' } };
	const cursor = cursorAt(2, { inFlight, held });
	const one = await poll(cursor, { acknowledgement: ACK, room: 1 });
	expect(one.items.map(({ json }) => json.gaveUp)).toEqual([true]);
	const two = await poll(one.cursor, { acknowledgement: ACK, room: 1 });
	expect(two.items.map(({ json }) => json.unreadable)).toEqual(['damaged']);
	expect((await poll(two.cursor, { acknowledgement: ACK, room: 1 })).uids).toEqual([3]);
});

test('five thousand messages wait for their acknowledgement at most; others come when some are', async () => {
	const { poll, inbox, append, cursorAt } = await start(0);
	append(5_002);
	const entries = Array.from({ length: 4_999 }, (_, n) => [
		n + 1,
		{ given: Date.now(), times: 1, seen: false },
	]);
	const inFlight = Object.fromEntries(entries) as Record<string, InFlight>;
	const first = await poll(cursorAt(4_999, { inFlight }), { acknowledgement: ACK });
	expect(first.uids).toEqual([5_000]);
	const [one] = inbox.messages;
	if (one) inbox.setFlags(one, ['$Done']);
	expect((await poll(first.cursor, { acknowledgement: ACK })).uids).toEqual([5_001]);
});

describe('for the case that UIDVALIDITY changes', () => {
	test('what the new UIDs mean is compared with what is known, if that is set', async () => {
		const { poll, server, cursorAt } = await start(3);
		const [, two] = (await newestFingerprints(await mailboxPoll(server))).values();
		const old = cursorAt(7, { uidValidity: 1, fingerprints: [two as string] });
		const found = await poll(old, { onRenumbered: 'rescan' });
		expect(found.uids).toEqual([1, 3]);
		expect(found.cursor).toMatchObject({ ...cursorAt(3), renumbered: 1 });
	});

	test('the poll fails from the third time in a row on', async () => {
		const { poll, cursorAt } = await start(1);
		const old = cursorAt(7, { uidValidity: 1, renumbered: 2 });
		expect((await poll(old)).failure?.message).toContain('changes in every poll');
		expect((await poll({ ...old, renumbered: 1 })).failure).toBeUndefined();
	});

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

	test('but not for ever', async () => {
		const { poll, sent, server, cursorAt } = await start(1);
		server.faults.on = ({ tag, line }) =>
			/^UID FETCH \S+ \(UID ENVELOPE\)/.test(line) ? `${tag} OK\r\n` : undefined;
		const lines = await sent(() => poll(cursorAt(0), { onRenumbered: 'rescan' }));
		expect(lines.filter((line) => line.endsWith('(UID ENVELOPE)'))).toHaveLength(2);
	});

	test('nothing is remembered otherwise', async () => {
		const { poll, cursorAt } = await start(1);
		expect((await poll(cursorAt(0))).cursor).not.toHaveProperty('fingerprints');
		const known = cursorAt(1, { fingerprints: [] });
		expect((await poll(known, { onRenumbered: 'rescan' })).remembered).toEqual(known);
	});
});
