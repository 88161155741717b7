/** Message Removed: nothing is reported that the server did not confirm. */
import { describe, expect, test } from 'vitest';
import type { MailboxCursor } from '../../../../nodes/Imap4MessageTrigger/cursor';
import { messageRemoved } from '../../../../nodes/Imap4MessageTrigger/events/message-removed';
import type { PollResult } from '../../../../nodes/Imap4MessageTrigger/mailbox-poll';
import type { MemoryServerOptions } from '../../../server';
import { startServer, USER } from '../../start-server';
import { connected, mailboxPoll, settingsOf } from '../one-mailbox';

const UNCOUNTED: MemoryServerOptions = { capabilities: { remove: ['CONDSTORE', 'QRESYNC'] } };

async function start(count: number, options: MemoryServerOptions = {}) {
	const server = await startServer(options);
	const inbox = server.account(USER).mailbox('INBOX');
	for (let n = 0; n < count; n++) inbox.append('Subject: x\r\n\r\n');
	return {
		server,
		inbox,
		remove: (...uids: number[]) =>
			inbox.remove(new Set(inbox.messages.filter(({ uid }) => uids.includes(uid)))),
		/** @param recorded whether the server is asked what has vanished */
		poll: async (
			cursor?: MailboxCursor,
			{ recorded = false, room = 9 } = {},
		): Promise<PollResult & { uids: unknown[] }> => {
			const imap = await connected(server);
			if (recorded) await imap.enable('QRESYNC');
			const settings = settingsOf({ event: 'messageRemoved' });
			const result = await messageRemoved(
				await mailboxPoll(server, { imap, settings, cursor, room }),
			);
			return { ...result, uids: result.items.map(({ json }) => json.uid) };
		},
	};
}

const commands = ({ server }: Awaited<ReturnType<typeof start>>, from: number): string[] =>
	server.commands.slice(from).map(({ name }) => name);

describe('the first poll', () => {
	test('remembers what is there', async () => {
		const { poll, inbox } = await start(3);
		const { cursor, items } = await poll();
		expect(items).toEqual([]);
		expect(cursor).toEqual({
			uidValidity: inbox.uidValidity,
			mailboxId: inbox.id,
			lastUid: 3,
			known: '1:3',
			modSeq: String(inbox.highestModSeq),
			uidNext: 4,
		});
	});

	test('remembers that nothing is there, without mod-sequences where there are none', async () => {
		const { poll } = await start(0, UNCOUNTED);
		const { cursor } = await poll();
		expect(cursor).toMatchObject({ lastUid: 0, known: '', uidNext: 1 });
		expect(cursor).not.toHaveProperty('modSeq');
	});

	test('is any poll after UIDVALIDITY changed', async () => {
		const { poll } = await start(2);
		const { uids, cursor } = await poll({ uidValidity: 1, lastUid: 9, known: '1:9' });
		expect(uids).toEqual([]);
		expect(cursor.known).toBe('1:2');
	});
});

describe.each<[string, MemoryServerOptions, boolean, string]>([
	['where the server records what has vanished', {}, true, 'QRESYNC'],
	['where it records nothing', {}, false, 'SEARCH'],
	['where it counts nothing', UNCOUNTED, false, 'SEARCH'],
])('%s', (_title, options, recorded, detectedBy) => {
	test('what was removed is reported once, with how it was found out', async () => {
		const world = await start(5, options);
		const { cursor } = await world.poll(undefined, { recorded });
		world.remove(2, 4);
		world.inbox.append('Subject: new\r\n\r\n');
		const found = await world.poll(cursor, { recorded });
		expect(found.uids).toEqual([2, 4]);
		expect(found.items[0]?.json).toMatchObject({
			event: 'messageRemoved',
			mailbox: 'INBOX',
			removed: true,
			detectedBy,
		});
		expect(found.items[0]?.json.id).toMatch(/\/INBOX\/\d+\/2$/);
		expect(found.cursor).toMatchObject({ known: '1,3,5:6', lastUid: 6, uidNext: 7 });
		const counted = options !== UNCOUNTED;
		expect(found.cursor.modSeq).toBe(counted ? String(world.inbox.highestModSeq) : undefined);
		expect((await world.poll(found.cursor, { recorded })).uids).toEqual([]);
	});

	test('what a poll has no room for comes with the next one', async () => {
		const world = await start(3, options);
		const { cursor } = await world.poll(undefined, { recorded });
		world.remove(1, 2, 3);
		const first = await world.poll(cursor, { recorded, room: 2 });
		expect(first.uids).toEqual([1, 2]);
		expect(first.cursor).toMatchObject({ known: '3' });
		expect(first.cursor).not.toHaveProperty('modSeq');
		expect((await world.poll(first.cursor, { recorded })).uids).toEqual([3]);
	});
});

test('where the mod-sequence is the same, nothing is asked', async () => {
	const world = await start(2);
	const { cursor } = await world.poll();
	const from = world.server.commands.length;
	expect((await world.poll(cursor)).cursor).toEqual(cursor);
	expect(commands(world, from)).not.toContain('UID SEARCH');
});

test('a server that leaves UIDVALIDITY out once is still the same one', async () => {
	const world = await start(2, UNCOUNTED);
	const { cursor } = await world.poll();
	world.server.faults.rewrite = (octets) =>
		Buffer.from(octets.toString('latin1').replace(/UIDVALIDITY \d+/, 'UIDVALIDITY 0'), 'latin1');
	world.remove(1);
	const found = await world.poll(cursor);
	expect(found.uids).toEqual([1]);
	expect(found.cursor.uidValidity).toBe(cursor.uidValidity);
});

describe('an answer that is incomplete', () => {
	const searchLeavesOut = (left: string) => ({
		on: ({ tag, line }: { tag: string; line: string }): string | undefined =>
			line.startsWith('UID SEARCH')
				? `${line.includes('RETURN') ? `* ESEARCH (TAG "${tag}") UID ALL ${left}` : `* SEARCH ${left.replaceAll(',', ' ')}`}\r\n${tag} OK\r\n`
				: undefined,
	});

	test('of SEARCH is completed by FETCH', async () => {
		const world = await start(4, UNCOUNTED);
		const { cursor } = await world.poll();
		world.remove(4);
		Object.assign(world.server.faults, searchLeavesOut('1,3'));
		const found = await world.poll(cursor);
		expect(found.uids).toEqual([4]);
		expect(found.items[0]?.json.detectedBy).toBe('FETCH');
	});

	test('of both is an error, and no removal is reported', async () => {
		const world = await start(4, UNCOUNTED);
		const { cursor } = await world.poll();
		const search = searchLeavesOut('1,3');
		world.server.faults.on = (command) =>
			command.line.startsWith('UID FETCH')
				? `* 1 FETCH (UID 1)\r\n* 4 FETCH (UID 4)\r\n${command.tag} OK\r\n`
				: search.on(command);
		await expect(world.poll(cursor)).rejects.toMatchObject({
			code: 'MALFORMED',
			command: 'SEARCH',
			message:
				'The server reports 4 messages in "INBOX", but returns only 3 of them in SEARCH and FETCH. No removal is reported until these agree.',
		});
	});

	test.each([
		['that reports nothing at all', (tag: string) => `${tag} OK\r\n`],
		['that reports too little', (tag: string) => `* VANISHED (EARLIER) 1\r\n${tag} OK\r\n`],
	])('of what has vanished, %s, is not believed', async (_title, answer) => {
		const world = await start(4);
		const { cursor } = await world.poll(undefined, { recorded: true });
		world.remove(1, 2);
		// As many as before, so that the number of messages shows nothing.
		for (let n = 0; n < 2; n++) world.inbox.append('Subject: new\r\n\r\n');
		world.server.faults.on = ({ tag, line }) =>
			line.includes('CHANGEDSINCE') ? answer(tag) : undefined;
		const found = await world.poll(cursor, { recorded: true });
		expect(found.uids).toEqual([1, 2]);
		expect(found.items[0]?.json.detectedBy).toBe('SEARCH');
	});

	test('of what has vanished is not believed of a message that SEARCH still finds', async () => {
		const world = await start(4);
		const { cursor } = await world.poll(undefined, { recorded: true });
		world.remove(1, 2);
		world.server.faults.on = ({ tag, line }) =>
			line.includes('CHANGEDSINCE') ? `* VANISHED (EARLIER) 1:3\r\n${tag} OK\r\n` : undefined;
		const found = await world.poll(cursor, { recorded: true });
		expect(found.uids).toEqual([1, 2]);
		expect(found.items[0]?.json.detectedBy).toBe('QRESYNC');
	});

	test('without a mod-sequence, all UIDs are asked for', async () => {
		const world = await start(3);
		const { cursor } = await world.poll(undefined, { recorded: true });
		world.remove(2);
		const found = await world.poll({ ...cursor, modSeq: undefined }, { recorded: true });
		expect(found.items[0]?.json).toMatchObject({ uid: 2, detectedBy: 'SEARCH' });
	});
});

test('without QRESYNC a removal need not change the mod-sequence, so it proves nothing', async () => {
	const world = await start(3, { capabilities: { remove: ['QRESYNC'] } });
	world.server.faults.rewrite = (octets) =>
		Buffer.from(
			octets.toString('latin1').replace(/HIGHESTMODSEQ \d+/, 'HIGHESTMODSEQ 7'),
			'latin1',
		);
	const { cursor } = await world.poll();
	expect(cursor).not.toHaveProperty('modSeq');
	world.remove(2);
	expect((await world.poll({ ...cursor, modSeq: '7' })).uids).toEqual([2]);
});

test('a SEARCH that returns some UIDs twice and leaves others out is not believed', async () => {
	const world = await start(3, UNCOUNTED);
	const { cursor } = await world.poll();
	world.server.faults.on = ({ tag, line }) =>
		line.startsWith('UID SEARCH') ? `* SEARCH 1 2 2\r\n${tag} OK done\r\n` : undefined;
	expect((await world.poll(cursor)).uids).toEqual([]);
});
