/** Flags Changed: what is compared, and what is remembered. */
import { describe, expect, test } from 'vitest';
import type { MailboxCursor } from '../../../../nodes/Imap4MessageTrigger/cursor';
import { flagsChanged } from '../../../../nodes/Imap4MessageTrigger/events/flags-changed';
import type { PollResult } from '../../../../nodes/Imap4MessageTrigger/mailbox-poll';
import type { Settings } from '../../../../nodes/Imap4MessageTrigger/settings';
import type { MemoryServerOptions } from '../../../server';
import { startServer, USER } from '../../start-server';
import { mailboxPoll, settingsOf } from '../one-mailbox';

const UNCOUNTED: MemoryServerOptions = { capabilities: { remove: ['CONDSTORE', 'QRESYNC'] } };

async function start(count: number, options: MemoryServerOptions = {}) {
	const server = await startServer(options);
	const inbox = server.account(USER).mailbox('INBOX');
	for (let n = 1; n <= count; n++) inbox.append(`Subject: ${n}\r\n\r\n`);
	return {
		server,
		inbox,
		set: (uid: number, ...flags: string[]): void => {
			const message = inbox.messages.find((one) => one.uid === uid);
			if (message) inbox.setFlags(message, flags);
		},
		poll: async (
			cursor?: MailboxCursor,
			{ room = 9, ...more }: Partial<Settings> & { room?: number } = {},
		): Promise<PollResult & { json: object[] }> => {
			const settings = settingsOf({ event: 'flagsChanged', ...more });
			const result = await flagsChanged(await mailboxPoll(server, { settings, cursor, room }));
			const json = result.items.map(({ json: { uid, flags, added, removed, detectedBy } }) => ({
				...{ uid, flags, added, removed, detectedBy },
			}));
			return { ...result, json };
		},
	};
}

describe('the first poll', () => {
	test('remembers the flags that are there, but not \\Recent, and reports nothing', async () => {
		const { poll, inbox, set } = await start(3);
		set(2, '\\Seen', '\\Flagged');
		const { cursor, items } = await poll();
		expect(items).toEqual([]);
		expect(cursor).toEqual({
			uidValidity: inbox.uidValidity,
			mailboxId: inbox.id,
			lastUid: 3,
			flagSets: { '': '1,3', '\\Flagged \\Seen': '2' },
			modSeq: String(inbox.highestModSeq),
		});
	});

	test('remembers those of the newest messages only', async () => {
		const { poll } = await start(5, UNCOUNTED);
		const { cursor } = await poll(undefined, { watchNewest: 2 });
		expect(cursor).toMatchObject({ lastUid: 5, flagSets: { '': '4:5' } });
		expect(cursor).not.toHaveProperty('modSeq');
	});

	test('is any poll that has nothing to compare with', async () => {
		const { poll, set, inbox } = await start(1, UNCOUNTED);
		const { cursor } = await poll();
		set(1, '\\Seen');
		expect((await poll({ ...cursor, uidValidity: 1 })).items).toEqual([]);
		const again = await poll({ uidValidity: inbox.uidValidity, lastUid: 1 });
		expect(again.items).toEqual([]);
		expect(again.cursor.flagSets).toEqual({ '\\Seen': '1' });
	});

	test('of an empty mailbox remembers that it is empty', async () => {
		const { poll } = await start(0);
		expect((await poll()).cursor).toMatchObject({ lastUid: 0, flagSets: {} });
	});
});

describe.each<[string, MemoryServerOptions, string]>([
	['where the server counts changes', {}, 'CONDSTORE'],
	['where it counts none', UNCOUNTED, 'comparison'],
])('%s', (_title, options, detectedBy) => {
	test('each change is reported once, with what was added and removed', async () => {
		const { poll, set } = await start(3, options);
		set(2, '\\Seen', '$A');
		const { cursor } = await poll();
		set(2, '\\Seen', '\\Flagged');
		const found = await poll(cursor);
		expect(found.json).toEqual([
			{ uid: 2, flags: ['\\Flagged', '\\Seen'], added: ['\\Flagged'], removed: ['$A'], detectedBy },
		]);
		expect((await poll(found.cursor)).json).toEqual([]);
	});

	test('a new message is no change, and what is done to it later is', async () => {
		const { poll, set, inbox } = await start(1, options);
		const { cursor } = await poll();
		inbox.append('Subject: new\r\n\r\n', { flags: ['\\Flagged'] });
		const found = await poll(cursor);
		expect(found.json).toEqual([]);
		expect(found.cursor.lastUid).toBe(2);
		set(2);
		expect((await poll(found.cursor)).json).toMatchObject([{ uid: 2, removed: ['\\Flagged'] }]);
	});

	test('what a poll has no room for comes with the next one', async () => {
		const { poll, set } = await start(3, options);
		const { cursor } = await poll();
		for (const uid of [3, 1, 2]) set(uid, '\\Seen');
		const first = await poll(cursor, { room: 2 });
		const rest = await poll(first.cursor);
		const uids = [...first.json, ...rest.json].map((one) => (one as { uid: number }).uid);
		// In the order in which it happened, where that is known.
		expect(uids).toEqual(detectedBy === 'CONDSTORE' ? [3, 1, 2] : [1, 2, 3]);
		expect((await poll(rest.cursor)).json).toEqual([]);
	});

	test('flags that do not matter are remembered and not reported', async () => {
		const { poll, set } = await start(2, options);
		const { cursor } = await poll();
		set(1, '\\Seen');
		set(2, '\\Flagged');
		const found = await poll(cursor, { flags: ['\\flagged'] });
		expect(found.json).toMatchObject([{ uid: 2 }]);
		set(2);
		expect((await poll(found.cursor, { flags: ['\\flagged'] })).json).toMatchObject([
			{ uid: 2, removed: ['\\Flagged'] },
		]);
	});

	test('messages that the filters leave out are remembered and not reported', async () => {
		const { poll, set } = await start(2, options);
		const filters = { query: { subject: '2' }, received: {}, sent: {} };
		const { cursor } = await poll(undefined, { filters });
		set(1, '\\Seen');
		set(2, '\\Seen');
		const found = await poll(cursor, { filters });
		expect(found.json).toMatchObject([{ uid: 2 }]);
		expect((await poll(found.cursor)).json).toEqual([]);
	});

	test('the flags of versions before 0.2 are compared with, and stored again', async () => {
		const { poll, set } = await start(1, options);
		const { cursor } = await poll();
		const { flagSets: _sets, ...old } = cursor;
		set(1, '\\Seen');
		const found = await poll({ ...old, flags: { 1: '' } });
		expect(found.json).toMatchObject([{ uid: 1, added: ['\\Seen'] }]);
		expect(found.cursor).toMatchObject({ flagSets: { '\\Seen': '1' } });
		expect(found.cursor).not.toHaveProperty('flags');
	});
});

describe('where the server counts changes', () => {
	test('what changed before the newest is reported without what was added', async () => {
		const { poll, set } = await start(3);
		const { cursor } = await poll(undefined, { watchNewest: 1 });
		set(1, '\\Seen');
		expect((await poll(cursor, { watchNewest: 1 })).json).toEqual([
			{ uid: 1, flags: ['\\Seen'], added: null, removed: null, detectedBy: 'CONDSTORE' },
		]);
		expect((await poll(cursor, { watchNewest: 1, flags: ['\\flagged'] })).json).toEqual([]);
		expect((await poll(cursor, { watchNewest: 1, flags: ['\\seen'] })).json).toHaveLength(1);
	});

	test('nothing is fetched where nothing was counted', async () => {
		const { poll, server } = await start(2);
		const { cursor } = await poll();
		const from = server.commands.length;
		const found = await poll(cursor);
		expect(found.cursor).toEqual(cursor);
		expect(server.commands.slice(from).filter(({ name }) => /FETCH|SEARCH/.test(name))).toEqual([]);
	});

	test('a cursor of STATUS alone has only the count, which is enough', async () => {
		const { poll, set, inbox } = await start(2);
		const { uidValidity } = inbox;
		const cursor = { uidValidity, lastUid: 2, modSeq: String(inbox.highestModSeq) };
		set(2, '\\Seen');
		const found = await poll(cursor);
		expect(found.json).toMatchObject([{ uid: 2, added: null }]);
		expect(found.cursor).toMatchObject({ flagSets: { '\\Seen': '2' } });
	});

	test('changes that SEARCH finds and FETCH leaves out are an error', async () => {
		const { poll, set, server } = await start(2);
		const { cursor } = await poll();
		set(2, '\\Seen');
		server.faults.on = ({ tag, line }) =>
			line.includes('CHANGEDSINCE') ? `${tag} OK\r\n` : undefined;
		await expect(poll(cursor)).rejects.toMatchObject({
			code: 'MALFORMED',
			command: 'FETCH',
			message:
				'The server reports changed flags of 1 messages in "INBOX" in SEARCH, and returns none of them in FETCH',
		});
	});

	test('a row without flags says nothing', async () => {
		const { poll, set, server } = await start(2);
		const { cursor } = await poll();
		set(2, '\\Seen');
		server.faults.on = ({ tag, line }) =>
			line.includes('CHANGEDSINCE')
				? `* 1 FETCH (UID 1 MODSEQ (99))\r\n* 2 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (99))\r\n${tag} OK\r\n`
				: undefined;
		const found = await poll(cursor);
		expect(found.json).toMatchObject([{ uid: 2 }]);
		expect(found.cursor.flagSets).toEqual({ '': '1', '\\Seen': '2' });
	});

	test('changes that are left are counted as well, one poll after the other', async () => {
		const { poll, set, inbox } = await start(3);
		const { cursor } = await poll();
		for (const uid of [3, 1, 2]) set(uid, '\\Seen');
		const found: object[] = [];
		let next = cursor;
		for (let polls = 0; polls < 3; polls++) {
			const { json, cursor: after } = await poll(next, { room: 1 });
			found.push(...json);
			next = after;
		}
		expect(found).toMatchObject(
			[3, 1, 2].map((uid) => ({ uid, added: ['\\Seen'], detectedBy: 'CONDSTORE' })),
		);
		expect(next.modSeq).toBe(String(inbox.highestModSeq));
	});

	test('counts that start over are not believed: the flags are compared', async () => {
		const { poll, set, inbox } = await start(2);
		const { cursor } = await poll();
		set(2, '\\Seen');
		const found = await poll({ ...cursor, modSeq: String(inbox.highestModSeq + 1) });
		expect(found.json).toMatchObject([{ uid: 2, detectedBy: 'comparison' }]);
		expect(found.cursor.modSeq).toBe(String(inbox.highestModSeq));
	});

	test('where the last poll counted nothing, counting begins when nothing is left to report', async () => {
		const { poll, set, inbox } = await start(2);
		const { modSeq: _none, ...cursor } = (await poll()).cursor;
		for (const uid of [1, 2]) set(uid, '\\Seen');
		const first = await poll(cursor, { room: 1 });
		expect(first.json).toMatchObject([{ uid: 1, detectedBy: 'comparison' }]);
		expect(first.cursor).not.toHaveProperty('modSeq');
		const rest = await poll(first.cursor, { room: 1 });
		expect(rest.json).toMatchObject([{ uid: 2, detectedBy: 'comparison' }]);
		expect(rest.cursor.modSeq).toBe(String(inbox.highestModSeq));
	});

	test('changes come in the order in which they were made, whatever the order of the answer', async () => {
		const { poll, set, server } = await start(3);
		const { cursor } = await poll();
		for (const uid of [1, 2, 3]) set(uid, '\\Seen');
		server.faults.on = ({ tag, line }) => {
			if (!line.includes('CHANGEDSINCE')) return undefined;
			const rows = [
				[1, 99],
				[2, 97],
				[3, 98],
			].map(([n, modSeq]) => `* ${n} FETCH (UID ${n} FLAGS (\\Seen) MODSEQ (${modSeq}))\r\n`);
			return `${rows.join('')}${tag} OK\r\n`;
		};
		expect((await poll(cursor)).json).toMatchObject([{ uid: 2 }, { uid: 3 }, { uid: 1 }]);
	});

	test('a mailbox that has been emptied is asked for nothing', async () => {
		const { poll, server, inbox } = await start(2);
		const { cursor } = await poll();
		inbox.remove(new Set(inbox.messages));
		const from = server.commands.length;
		expect((await poll(cursor)).items).toEqual([]);
		expect(server.commands.slice(from).filter(({ name }) => /FETCH|SEARCH/.test(name))).toEqual([]);
	});

	test('filters are searched only where something has changed', async () => {
		const { poll, server, inbox } = await start(2);
		const filters = { query: { subject: '2' }, received: {}, sent: {} };
		const { cursor } = await poll(undefined, { filters });
		inbox.append('Subject: 2\r\n\r\n');
		const from = server.commands.length;
		expect((await poll(cursor, { filters })).items).toEqual([]);
		expect(server.commands.slice(from).map(({ name }) => name)).not.toContain('UID SEARCH');
	});

	test('only removals are no change, which SEARCH confirms', async () => {
		const { poll, inbox } = await start(2);
		const { cursor } = await poll();
		inbox.remove(new Set(inbox.messages.slice(0, 1)));
		const found = await poll(cursor);
		expect(found.items).toEqual([]);
		expect(found.cursor.modSeq).toBe(String(inbox.highestModSeq));
	});
});

test('a message that cannot be read is reported with its flags all the same', async () => {
	const { poll, set, server } = await start(2, UNCOUNTED);
	const { cursor } = await poll();
	set(2, '\\Seen');
	server.faults.on = ({ tag, line }) =>
		line.includes('ENVELOPE') ? `${tag} NO damaged\r\n` : undefined;
	const found = await poll(cursor);
	expect(found.json).toMatchObject([{ uid: 2, flags: ['\\Seen'], added: ['\\Seen'] }]);
	expect(found.items[0]?.json.unreadable).toContain('damaged');
	expect((await poll(found.cursor)).json).toEqual([]);
});

describe('where the server counts no changes', () => {
	test('a message that came into the window because a newer one is gone has not changed', async () => {
		const { poll, set, inbox } = await start(3, UNCOUNTED);
		const { cursor } = await poll(undefined, { watchNewest: 2 });
		set(1, '\\Seen');
		inbox.remove(new Set(inbox.messages.slice(2)));
		const found = await poll(cursor, { watchNewest: 2 });
		expect(found.items).toEqual([]);
		expect(found.cursor).not.toHaveProperty('modSeq');
	});

	test('changes come in the order of the UIDs, whatever the order of the answer', async () => {
		const { poll, set, server } = await start(3, UNCOUNTED);
		const { cursor } = await poll();
		for (const uid of [1, 2, 3]) set(uid, '\\Seen');
		server.faults.on = ({ tag, line }) => {
			if (!line.includes('1:*')) return undefined;
			const rows = [2, 3, 1].map((n) => `* ${n} FETCH (UID ${n} FLAGS (\\Seen))\r\n`);
			return `${rows.join('')}${tag} OK\r\n`;
		};
		expect((await poll(cursor)).json).toMatchObject([{ uid: 1 }, { uid: 2 }, { uid: 3 }]);
	});

	test('an answer without any message changes nothing', async () => {
		const { poll, set, server } = await start(2, UNCOUNTED);
		const { cursor } = await poll();
		set(2, '\\Seen');
		server.faults.on = ({ tag, line }) =>
			/FETCH .*FLAGS/.test(line) ? `${tag} OK done\r\n` : undefined;
		const found = await poll(cursor);
		expect(found.items).toEqual([]);
		server.faults.on = undefined;
		expect((await poll(found.cursor)).json).toMatchObject([{ uid: 2, added: ['\\Seen'] }]);
	});

	test('one of the flags that matter is enough', async () => {
		const { poll, set } = await start(1, UNCOUNTED);
		const { cursor } = await poll();
		set(1, '\\Flagged', '\\Seen');
		expect((await poll(cursor, { flags: ['\\seen'] })).json).toMatchObject([
			{ uid: 1, added: ['\\Flagged', '\\Seen'] },
		]);
	});
});

test.each([
	['$Label1', '$label1'],
	['\\Seen', '\\SEEN'],
	['\\Seen', '\\Seen \\seen'],
])('%s that the server now spells %s is not a change', async (before, now) => {
	const { server, set, poll } = await start(1, UNCOUNTED);
	set(1, before);
	const { cursor } = await poll();
	server.faults.rewrite = (octets) =>
		Buffer.from(octets.toString('latin1').replaceAll(`(${before}`, `(${now}`), 'latin1');
	const same = await poll(cursor);
	expect(same.items).toEqual([]);
	set(1, before, '$Work');
	expect((await poll(same.cursor)).json).toMatchObject([{ added: ['$Work'], removed: [] }]);
});
