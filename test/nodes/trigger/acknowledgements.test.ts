/** Which delivered messages are done, which are delivered again, and how an item says how to acknowledge it. */
import type { INodeExecutionData } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ownKeyword } from '../../../nodes/Imap4MessageTrigger/acknowledgement-keyword';
import { checkInFlight, noteDelivered } from '../../../nodes/Imap4MessageTrigger/acknowledgements';
import type { InFlight, MailboxCursor } from '../../../nodes/Imap4MessageTrigger/cursor';
import type { Acknowledgement } from '../../../nodes/Imap4MessageTrigger/settings';
import type { MemoryServer } from '../../server';
import { startServer, USER } from '../start-server';
import { mailboxPoll, settingsOf } from './one-mailbox';

const NOW = 1_000_000;
const ACK: Acknowledgement = {
	keyword: '$Done',
	shared: undefined,
	byReading: false,
	againAfter: 600,
	most: 3,
};

const delivered = (more: Partial<InFlight> = {}): InFlight => ({
	given: NOW - 100,
	times: 1,
	seen: false,
	...more,
});

/** A mailbox with a message for each list of flags. */
async function serverWith(...flags: string[][]): Promise<MemoryServer> {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	for (const some of flags) inbox.append('Subject: x\r\n\r\n', { flags: some });
	return server;
}

const cursorOf = (...inFlight: InFlight[]): MailboxCursor => ({
	uidValidity: 1,
	lastUid: 9,
	inFlight: Object.fromEntries(inFlight.map((one, index) => [index + 1, one])),
});

async function check(
	server: MemoryServer,
	cursor: MailboxCursor,
	{ room = 9, ...more }: Partial<Acknowledgement> & { room?: number } = {},
) {
	const settings = settingsOf({ acknowledgement: { ...ACK, ...more } });
	const checked = await checkInFlight(await mailboxPoll(server, { settings, room }), cursor);
	return { ...checked, waiting: Object.keys(cursor.inFlight ?? {}).map(Number) };
}

const items = (...uids: number[]): INodeExecutionData[] => uids.map((uid) => ({ json: { uid } }));

async function note(
	server: MemoryServer,
	cursor: MailboxCursor,
	some: INodeExecutionData[],
	more: Partial<Acknowledgement> = {},
): Promise<void> {
	const settings = settingsOf({ acknowledgement: { ...ACK, ...more } });
	await noteDelivered(await mailboxPoll(server, { settings }), cursor, some);
}

beforeEach(() => {
	vi.spyOn(Date, 'now').mockReturnValue(NOW);
});
afterEach(() => {
	vi.restoreAllMocks();
});

test('each node of each workflow has a keyword of its own', () => {
	const keywords = [ownKeyword('w', 'n'), ownKeyword('w', 'm'), ownKeyword('v', 'n')];
	expect(new Set(keywords).size).toBe(3);
	expect(ownKeyword('w', 'n')).toBe(keywords[0]);
	expect(keywords[0]).toMatch(/^n8nAcknowledged-[0-9a-f]{12}$/);
});

describe('a delivered message', () => {
	test('is acknowledged by the keyword in any case, and by no other flag', async () => {
		const server = await serverWith(['$DONE'], ['$Done-2'], ['\\Seen'], []);
		const cursor = cursorOf(delivered(), delivered(), delivered(), delivered());
		expect(await check(server, cursor)).toEqual({
			acknowledged: [1],
			again: [],
			gaveUp: [],
			waiting: [2, 3, 4],
		});
		// All have answered, so nobody needs to be looked for.
		expect(server.commands.map(({ name }) => name)).not.toContain('UID SEARCH');
	});

	test('that had the keyword before is acknowledged by the next one', async () => {
		const server = await serverWith(['$Done'], ['$Done', '$Done-2'], ['$Done', '$Done-3']);
		const [second, third] = [delivered({ keyword: 1 }), delivered({ keyword: 2 })];
		expect(await check(server, cursorOf(second, second, third))).toMatchObject({
			acknowledged: [2, 3],
			waiting: [1],
		});
	});

	test('is acknowledged by the shared keyword, unless it had that before or none is shared', async () => {
		const server = await serverWith(['$Shared'], ['$Shared']);
		const cursor = (): MailboxCursor => cursorOf(delivered(), delivered({ shared: true }));
		expect(await check(server, cursor(), { shared: '$SHARED' })).toMatchObject({
			acknowledged: [1],
			waiting: [2],
		});
		expect(await check(server, cursor())).toMatchObject({ acknowledged: [], waiting: [1, 2] });
	});

	test('is acknowledged by reading if that is set, unless it was read before', async () => {
		const server = await serverWith(['\\Seen'], ['\\Seen'], []);
		const cursor = (): MailboxCursor =>
			cursorOf(delivered(), delivered({ seen: true }), delivered());
		expect(await check(server, cursor(), { byReading: true })).toMatchObject({
			acknowledged: [1],
			waiting: [2, 3],
		});
		expect(await check(server, cursor())).toMatchObject({ acknowledged: [] });
	});

	test('that is gone is waited for no more, and not counted as acknowledged', async () => {
		const server = await serverWith([]);
		expect(await check(server, cursorOf(delivered(), delivered()))).toMatchObject({
			acknowledged: [],
			waiting: [1],
		});
	});

	test('that FETCH leaves out, or whose flags it leaves out, and SEARCH finds is waited for', async () => {
		const server = await serverWith([], [], []);
		server.faults.on = ({ tag, line }) =>
			line.startsWith('UID FETCH')
				? `* 1 FETCH (UID 1 FLAGS ($Done))\r\n* 2 FETCH (UID 2)\r\n* 3 FETCH (UID 7 FLAGS ($Done))\r\n${tag} OK\r\n`
				: undefined;
		const cursor = cursorOf(delivered(), delivered(), delivered());
		expect(await check(server, cursor)).toMatchObject({ acknowledged: [1], waiting: [2, 3] });
	});

	test('is delivered again when its time has passed, and not before', async () => {
		const server = await serverWith([], [], []);
		const cursor = cursorOf(
			delivered({ given: NOW - 600 }),
			delivered({ given: NOW - 599 }),
			delivered({ given: NOW - 601, times: 2 }),
		);
		expect(await check(server, cursor)).toMatchObject({ again: [1, 3], waiting: [1, 2, 3] });
	});

	test('that was delivered in the future, since the clock was set back, waits from now on', async () => {
		const server = await serverWith([]);
		const cursor = cursorOf(delivered({ given: NOW + 99_999 }));
		expect(await check(server, cursor)).toMatchObject({ again: [], waiting: [1] });
		expect(cursor.inFlight?.[1]?.given).toBe(NOW);
	});

	test('that was delivered as often as allowed is given up, and its item says so', async () => {
		const server = await serverWith([]);
		const { gaveUp, again, waiting } = await check(
			server,
			cursorOf(delivered({ given: 0, times: 3 })),
		);
		expect({ again, waiting }).toEqual({ again: [], waiting: [] });
		expect(gaveUp).toHaveLength(1);
		expect(gaveUp[0]?.json).toMatchObject({
			event: 'messageReceived',
			mailbox: 'INBOX',
			uid: 1,
			gaveUp: true,
			deliveryCount: 3,
			reason:
				'The message was delivered 3 times and never acknowledged. It is not delivered again.',
		});
		expect(gaveUp[0]?.json.id).toMatch(/\/INBOX\/\d+\/1$/);
	});

	test('is given up in a later poll where this one has no room', async () => {
		const server = await serverWith([], []);
		const over = delivered({ given: 0, times: 3 });
		const { gaveUp, waiting } = await check(server, cursorOf(over, over), { room: 1 });
		expect(gaveUp).toHaveLength(1);
		expect(waiting).toEqual([2]);
	});
});

test('nothing is asked where nothing waits, or nothing is to be acknowledged', async () => {
	const server = await serverWith([]);
	const nothing = { acknowledged: [], again: [], gaveUp: [] };
	const settings = settingsOf({ acknowledgement: ACK });
	const poll = await mailboxPoll(server, { settings });
	const before = server.commands.length;
	expect(await checkInFlight(poll, { uidValidity: 1, lastUid: 1 })).toEqual(nothing);
	expect(await checkInFlight(poll, cursorOf())).toEqual(nothing);
	const cursor = cursorOf(delivered());
	expect(await checkInFlight({ ...poll, settings: settingsOf() }, cursor)).toEqual(nothing);
	await noteDelivered({ ...poll, settings: settingsOf() }, cursor, items(2));
	const unused: MailboxCursor = { uidValidity: 1, lastUid: 1 };
	await noteDelivered(poll, unused, []);
	expect(unused).toEqual({ uidValidity: 1, lastUid: 1 });
	expect(cursor).toEqual(cursorOf(delivered()));
	expect(server.commands).toHaveLength(before);
});

describe('an item', () => {
	test('names the keyword that acknowledges it, and counts its deliveries', async () => {
		const server = await serverWith([], ['\\Seen', '$DONE'], ['$Done', '$done-2', '$Shared']);
		const cursor: MailboxCursor = { uidValidity: 1, lastUid: 3 };
		const some = items(1, 2, 3);
		await note(server, cursor, some, { shared: '$SHARED' });
		expect(some.map(({ json }) => json)).toEqual([
			{ uid: 1, acknowledgeKeyword: '$Done', deliveryCount: 1 },
			{ uid: 2, acknowledgeKeyword: '$Done-2', deliveryCount: 1 },
			{ uid: 3, acknowledgeKeyword: '$Done-3', deliveryCount: 1 },
		]);
		expect(cursor.inFlight).toEqual({
			1: { given: NOW, times: 1, seen: false },
			2: { given: NOW, times: 1, seen: true, keyword: 1 },
			3: { given: NOW, times: 1, seen: false, keyword: 2, shared: true },
		});
	});

	test('that is delivered again keeps what was noted at first, and asks for no flags', async () => {
		const server = await serverWith(['$Done', '\\Seen']);
		const cursor = cursorOf(delivered({ who: 'x' }));
		const before = server.commands.length;
		const again = items(1);
		await note(server, cursor, again);
		expect(cursor.inFlight).toEqual({ 1: { given: NOW, times: 2, seen: false, who: 'x' } });
		expect(again[0]?.json).toEqual({ uid: 1, acknowledgeKeyword: '$Done', deliveryCount: 2 });
		expect(server.commands.slice(before).map(({ name }) => name)).not.toContain('UID FETCH');
	});

	test('says from the third delivery on that nothing acknowledges it', async () => {
		const server = await serverWith([]);
		const third = items(1);
		await note(server, cursorOf(delivered({ times: 2 })), third);
		expect(third[0]?.json.neverAcknowledged).toMatch(
			/^This is delivery 3 of the message, and none/,
		);
	});

	test('of a message that is gone already is noted as unread', async () => {
		const server = await serverWith([]);
		const cursor = cursorOf();
		await note(server, cursor, items(7));
		expect(cursor.inFlight).toEqual({ 7: { given: NOW, times: 1, seen: false } });
	});
});
