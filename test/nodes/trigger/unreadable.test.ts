/** Messages that cannot be read: how often they are tried, and what is returned of them then. */
import { describe, expect, test } from 'vitest';
import { Imap4AbortError } from '../../../engine/index';
import type { Held, MailboxCursor } from '../../../nodes/Imap4MessageTrigger/cursor';
import { BrokenFetch } from '../../../nodes/Imap4MessageTrigger/message-items';
import {
	breakingUids,
	heldUids,
	noteBroken,
	noteHeld,
	unreadableItems,
} from '../../../nodes/Imap4MessageTrigger/unreadable';
import { startServer, USER } from '../start-server';
import { mailboxPoll } from './one-mailbox';

const cursorOf = (held?: Record<number, Held>): MailboxCursor => ({
	uidValidity: 1,
	lastUid: 99,
	...(held ? { held } : {}),
});

const once = { tries: 1, reason: 'x' };
const broken = { ...once, broke: true as const };
const over = { tries: 3, reason: 'x' };

test('messages are tried again in order until the third time, those that broke the connection apart', () => {
	const cursor = cursorOf({
		12: once,
		3: { tries: 2, reason: 'x' },
		5: broken,
		4: broken,
		7: over,
	});
	expect(heldUids(cursor)).toEqual([3, 12]);
	expect(breakingUids(cursor)).toEqual([4, 5]);
	expect(heldUids(cursorOf())).toEqual([]);
});

describe('after a try', () => {
	test('what is done waits no more, and what is not is counted', () => {
		const cursor = cursorOf({ 1: once, 2: once, 3: broken });
		noteHeld(
			cursor,
			[1],
			new Map([
				[2, 'y'],
				[4, 'z'],
			]),
		);
		expect(cursor.held).toEqual({
			2: { tries: 2, reason: 'y' },
			3: broken,
			4: { tries: 1, reason: 'z' },
		});
	});

	test('nothing is remembered where nothing waits', () => {
		for (const cursor of [cursorOf({ 1: once }), cursorOf()]) {
			noteHeld(cursor, [1], new Map());
			expect(cursor).toEqual(cursorOf());
		}
	});
});

describe('where the connection broke', () => {
	const breakAt = (cursor: MailboxCursor, ...uids: number[]): MailboxCursor => {
		noteBroken(cursor, new BrokenFetch(uids, new Imap4AbortError('BYE', 'It is gone')));
		return cursor;
	};

	test('at several messages, each of them is a suspect', () => {
		expect(breakAt(cursorOf(), 4, 5, 6)).toEqual({ ...cursorOf(), suspects: '4:6' });
	});

	test('at one, it is held, and counted', () => {
		const cursor = breakAt(cursorOf(), 4);
		expect(cursor).toEqual(cursorOf({ 4: { tries: 1, reason: 'It is gone', broke: true } }));
		breakAt(cursor, 4);
		expect(cursor.held?.[4]?.tries).toBe(2);
	});

	test('at none, none is suspected', () => {
		expect(breakAt(cursorOf())).toEqual(cursorOf());
	});
});

describe('a message that was tried three times', () => {
	async function serverWithTwo() {
		const server = await startServer();
		const inbox = server.account(USER).mailbox('INBOX');
		inbox.append('Subject: one\r\nFrom: a@example.com\r\n\r\n', { flags: ['\\Seen'] });
		inbox.append('X-Nothing: else\r\n\r\n');
		return server;
	}

	test('is returned with the reason and what the server has of it', async () => {
		const server = await serverWithTwo();
		const cursor = cursorOf({ 1: over, 2: over, 3: over, 4: once });
		const found = await unreadableItems(await mailboxPoll(server), cursor, 9);
		expect(found.map(({ json }) => json)).toMatchObject([
			{
				event: 'messageReceived',
				mailbox: 'INBOX',
				uid: 1,
				unreadable: 'x',
				subject: 'one',
				from: 'a@example.com',
				flags: ['\\Seen', '\\Recent'],
			},
			{ uid: 2, unreadable: 'x', size: 'X-Nothing: else\r\n\r\n'.length, flags: ['\\Recent'] },
		]);
		expect(found[1]?.json).not.toHaveProperty('subject');
		expect(found[1]?.json.from).toBe('');
		// The third is gone, and the fourth is tried again.
		expect(cursor).toEqual(cursorOf({ 4: once }));
	});

	test('is not fetched again if the connection broke at it', async () => {
		const server = await serverWithTwo();
		const cursor = cursorOf({ 1: { ...over, broke: true } });
		const found = await unreadableItems(await mailboxPoll(server), cursor, 9);
		expect(found).toHaveLength(1);
		expect(found[0]?.json).not.toHaveProperty('size');
		expect(server.commands.map(({ name }) => name)).not.toContain('UID FETCH');
		expect(cursor).toEqual(cursorOf());
	});

	test.each([
		[1, [1]],
		[0, []],
		[-1, []],
	])('is returned in a later poll where there is room for %i', async (room, uids) => {
		const server = await serverWithTwo();
		const cursor = cursorOf({ 1: over, 2: over });
		const found = await unreadableItems(await mailboxPoll(server), cursor, room);
		expect(found.map(({ json }) => json.uid)).toEqual(uids);
		expect(Object.keys(cursor.held ?? {})).toHaveLength(2 - uids.length);
	});

	test('of none of them the server is asked', async () => {
		const server = await serverWithTwo();
		const poll = await mailboxPoll(server);
		const before = server.commands.length;
		expect(await unreadableItems(poll, cursorOf({ 1: once }), 9)).toEqual([]);
		expect(await unreadableItems(poll, cursorOf(), 9)).toEqual([]);
		expect(server.commands).toHaveLength(before);
	});

	test('of which the server returns nothing is reported without more', async () => {
		const server = await serverWithTwo();
		const poll = await mailboxPoll(server);
		server.faults.on = ({ tag, line }) =>
			line.startsWith('UID FETCH') ? `${tag} NO damaged\r\n` : undefined;
		const [item] = await unreadableItems(poll, cursorOf({ 1: over }), 9);
		expect(item?.json).toMatchObject({ uid: 1, unreadable: 'x' });
		expect(item?.json).not.toHaveProperty('size');
	});
});
