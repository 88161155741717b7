/** From what items selected to the messages that are there, and what is said of those that are not. */
import { describe, expect, test } from 'vitest';
import { UidSet, type UidSet as Uids } from '../../../../engine/index';
import type { Execution } from '../../../../nodes/shared/execution/execution';
import {
	findMessages,
	reportNotFound,
	type Selecting,
} from '../../../../nodes/shared/execution/message-lookup';
import { SelectedMessages } from '../../../../nodes/shared/execution/selected-messages';
import { MessageGoneError } from '../../../../nodes/shared/message/message-reference';
import { startServer, USER } from '../../start-server';
import { connected } from '../../trigger/one-mailbox';

const URL = 'imap://ann@mail.example';
const IN_INBOX = { mailbox: { by: 'name', name: 'INBOX' } } as const;

async function start(count = 3) {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	for (let n = 1; n <= count; n++) inbox.append(`Subject: ${n % 2 ? 'odd' : 'even'}\r\n\r\n`);
	const imap = await connected(server);
	const mailbox = await imap.open('INBOX', { readOnly: true });
	const failed: Array<[item: number, error: unknown]> = [];
	const hints: string[] = [];
	const execution = {
		hint: (text: string) => void hints.push(text),
		fail: ([item = -1]: readonly number[], _mailbox: unknown, error: unknown) =>
			void failed.push([item, error]),
		failUnsettled: (items: readonly number[], name: string, error: unknown) =>
			execution.fail(items, name, error),
		guarded: async (items: readonly number[], name: string, work: () => unknown) => {
			try {
				return await work();
			} catch (error) {
				execution.failUnsettled(items, name, error);
				return undefined;
			}
		},
	};
	const find = async (wanted: Selecting[], acceptsGone = (_one: Selecting): boolean => false) => {
		const from = server.commands.length;
		const { found, gone } = await findMessages(
			execution as unknown as Execution,
			mailbox,
			URL,
			wanted,
			acceptsGone,
		);
		const searches = server.commands.slice(from).map(({ line }) => line);
		const items = found.uids.map((uid) => [uid, found.itemsOf(uid).toSorted()]);
		return { items, gone, searches, failed: failed.splice(0), hints: hints.splice(0) };
	};
	const { uidValidity } = mailbox;
	const to = (item: number, uid: number, more: object = {}): Selecting => ({
		item,
		selection: {
			...IN_INBOX,
			reference: { mailbox: 'INBOX', uidValidity, uid, account: URL, ...more },
		},
	});
	return { server, inbox, find, to };
}

const uids = (item: number, set: string | Uids): Selecting => ({
	item,
	selection: { ...IN_INBOX, uids: UidSet.from(set) },
});
const search = (item: number, query: object): Selecting => ({
	item,
	selection: { ...IN_INBOX, filters: { query, received: {}, sent: {} } },
});

describe('references', () => {
	test('are looked up by one command, and name their items', async () => {
		const { find, to } = await start();
		expect(await find([to(0, 3), to(1, 1), to(2, 3)])).toEqual({
			items: [
				[1, [1]],
				[3, [0, 2]],
			],
			gone: [],
			searches: [expect.stringMatching(/^UID SEARCH .*UID 1,3$/)],
			failed: [],
			hints: [],
		});
	});

	test('to messages that are gone fail, unless the item accepts that', async () => {
		const { find, to, inbox } = await start();
		inbox.remove(new Set(inbox.messages.slice(1)));
		const wanted = [to(0, 1), to(1, 2), to(2, 3)];
		const result = await find(wanted, ({ item }) => item === 2);
		expect(result.items).toEqual([[1, [0]]]);
		expect(result.gone).toEqual([{ item: 2, uid: 3 }]);
		expect(result.failed).toEqual([[1, expect.any(MessageGoneError)]]);
		expect(result.failed[0]?.[1]).toMatchObject({
			message: 'The message with UID 2 no longer exists: it was moved or deleted in the meantime',
			advice: expect.stringContaining('Get the messages again') as string,
		});
		inbox.remove(new Set(inbox.messages));
		expect((await find([to(0, 1)])).failed).toHaveLength(1);
	});

	test('to another account or another life of the mailbox fail', async () => {
		const { find, to } = await start();
		const { items, failed, searches } = await find([
			to(0, 1, { account: 'imap://bert@mail.example' }),
			to(1, 1, { uidValidity: 4 }),
		]);
		expect(items).toEqual([]);
		expect(failed).toMatchObject([
			[0, { message: expect.stringContaining('belongs to the account') as string }],
			[1, { message: expect.stringContaining('belongs to UIDVALIDITY 4') as string }],
		]);
		expect(searches).toEqual([]);
	});

	test('that name no account are looked up, with a hint', async () => {
		const { find, to } = await start();
		const { items, hints } = await find([to(0, 1, { account: undefined })]);
		expect(items).toEqual([[1, [0]]]);
		expect(hints).toEqual([expect.stringContaining('Some items name no account')]);
	});

	test.each([
		['named one by one while that is short', 800, /UID 1,3,5,.*,1599$/],
		['looked up by their range where that would be long', 2000, /UID 1:3999$/],
	])('to many messages are %s', async (_title, count, sent) => {
		const { find, to } = await start(3);
		const wanted = Array.from({ length: count }, (_, index) => to(index, 2 * index + 1));
		const { items, searches, gone } = await find(wanted, () => true);
		expect(items).toEqual([
			[1, [0]],
			[3, [1]],
		]);
		expect(gone).toHaveLength(count - 2);
		expect(searches).toEqual([expect.stringMatching(sent)]);
	});
});

describe('sets and searches', () => {
	test('select the messages that are there', async () => {
		const { find, to } = await start(4);
		const wanted = [uids(0, '2,9'), search(1, { subject: 'even' }), to(2, 2), uids(3, '4:*')];
		expect((await find(wanted)).items).toEqual([
			[2, [0, 1, 2]],
			[4, [1, 3]],
		]);
	});

	test('that are refused fail their item alone', async () => {
		const { find, server } = await start();
		server.faults.on = ({ tag, line }) =>
			line.includes('SUBJECT') ? `${tag} NO [INUSE] later\r\n` : undefined;
		const { items, failed } = await find([search(0, { subject: 'even' }), uids(1, '1')]);
		expect(items).toEqual([[1, [1]]]);
		expect(failed).toMatchObject([[0, { responseCode: 'INUSE' }]]);
	});
});

describe('for what changes messages, what was not found is said', () => {
	const report = (wanted: Selecting[], found: Array<[uid: number, item: number]>, settled = -1) => {
		const hints: string[] = [];
		const nothing: number[] = [];
		const execution = {
			hint: (text: string) => void hints.push(text),
			isSettled: (item: number) => item === settled,
			nothingFound: (item: number, mailbox: string) => {
				expect(mailbox).toBe('INBOX');
				nothing.push(item);
			},
		};
		const selected = new SelectedMessages(
			found.map(([uid]) => uid) as never,
			found.map(([, item]) => item),
		);
		reportNotFound(execution as unknown as Execution, 'INBOX', wanted, selected);
		return { hints, nothing };
	};
	const NOTHING = { hints: [], nothing: [] };

	test('of a set and a search that select nothing', () => {
		expect(report([uids(0, '1'), search(1, {}), uids(2, '1:*')], [])).toEqual({
			hints: [],
			nothing: [0, 1, 2],
		});
	});

	test('of a set of which some are not there', () => {
		expect(report([uids(0, '1:3')], [[1, 0]]).hints).toEqual([
			'Of the 3 UIDs that were named, "INBOX" has 1: nothing was done for the others',
		]);
	});

	test('and not of a set that is there, that has no end, or of a search', () => {
		const found: Array<[number, number]> = [1, 2].flatMap((uid) =>
			[0, 1, 2].map((item): [number, number] => [uid, item]),
		);
		expect(report([uids(0, '1:2'), uids(1, '1,2,5:*'), search(2, {})], found)).toEqual(NOTHING);
	});

	test('and not of an item that has failed, nor of a reference, which has', async () => {
		const { to } = await start();
		expect(report([uids(0, '1'), to(1, 1)], [], 0)).toEqual(NOTHING);
	});
});
