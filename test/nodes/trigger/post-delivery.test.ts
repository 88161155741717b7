/** What is done with messages after delivery, without n8n: to which, and what is tried again. */
import { describe, expect, test } from 'vitest';
import type { MailboxCursor } from '../../../nodes/Imap4MessageTrigger/cursor';
import { hasPending, runPostDelivery } from '../../../nodes/Imap4MessageTrigger/post-delivery';
import type { Settings } from '../../../nodes/Imap4MessageTrigger/settings';
import type { MemoryServer } from '../../server';
import { startServer, USER } from '../start-server';
import { connected, mailboxPoll, settingsOf } from './one-mailbox';

type After = Settings['after'];

/** Three messages in INBOX, and an archive. */
async function start() {
	const server = await startServer();
	const account = server.account(USER);
	const inbox = account.mailbox('INBOX');
	for (let n = 0; n < 3; n++) inbox.append('Subject: x\r\n\r\n');
	const archive = account.create('Archive');
	const flags = (): string[][] => inbox.messages.map((one) => [...one.flags].sort());
	return { server, inbox, archive, flags };
}

async function openFor(server: MemoryServer, after: After) {
	const imap = await connected(server);
	const poll = await mailboxPoll(server, { imap, settings: settingsOf({ after }) });
	const open = await imap.open('INBOX');
	return { ...poll, open, mailbox: { ...open.initial } };
}

const cursorWith = (pending: string | undefined): MailboxCursor => ({
	...{ uidValidity: 1, lastUid: 3 },
	...(pending === undefined ? {} : { pending }),
});

test('a mailbox is opened for changes only where something is pending', () => {
	expect(hasPending(undefined)).toBe(false);
	expect(hasPending(cursorWith(undefined))).toBe(false);
	expect(hasPending(cursorWith('1'))).toBe(true);
});

describe('what is pending is done, and pending no more', () => {
	test.each<[After, string[]]>([
		[{ do: 'markRead' }, ['\\Seen']],
		[{ do: 'keyword', keyword: '$Done' }, ['$Done']],
		[{ do: 'nothing' }, []],
	])('%o', async (after, expected) => {
		const { server, flags } = await start();
		const cursor = cursorWith('1,3');
		expect(await runPostDelivery(await openFor(server, after), cursor)).toBeUndefined();
		expect(flags()).toEqual([expected, [], expected]);
		expect(cursor).not.toHaveProperty('pending');
		// The server need not repeat what was asked of it.
		const stores = server.commands.filter(({ line }) => line.startsWith('UID STORE'));
		for (const { line } of stores) expect(line).toContain('+FLAGS.SILENT');
	});

	test('a move', async () => {
		const { server, inbox, archive } = await start();
		const cursor = cursorWith('2:3');
		const poll = await openFor(server, { do: 'move', to: { by: 'path', path: 'Archive' } });
		expect(await runPostDelivery(poll, cursor)).toBeUndefined();
		expect(inbox.messages.map(({ uid }) => uid)).toEqual([1]);
		expect(archive.messages).toHaveLength(2);
		expect(cursor).not.toHaveProperty('pending');
	});
});

test('nothing pending asks nothing of the server', async () => {
	const { server } = await start();
	const poll = await openFor(server, { do: 'markRead' });
	const from = server.commands.length;
	expect(await runPostDelivery(poll, cursorWith(undefined))).toBeUndefined();
	expect(server.commands.length).toBe(from);
});

test('a move to where the messages are moves nothing: they would be delivered again', async () => {
	const { server, inbox } = await start();
	const cursor = cursorWith('1');
	const poll = await openFor(server, { do: 'move', to: { by: 'path', path: 'inbox' } });
	expect(await runPostDelivery(poll, cursor)).toBeUndefined();
	expect(inbox.messages.map(({ uid }) => uid)).toEqual([1, 2, 3]);
	expect(cursor).not.toHaveProperty('pending');
});

test('a mailbox that is missing is created, and the messages are moved there', async () => {
	const { server, inbox } = await start();
	const poll = await openFor(server, { do: 'move', to: { by: 'path', path: 'Done' } });
	expect(await runPostDelivery(poll, cursorWith('1'))).toBeUndefined();
	expect(server.account(USER).mailbox('Done').messages).toHaveLength(1);
	expect(inbox.messages).toHaveLength(2);
});

describe('messages that are gone', () => {
	test('do not fail those that are there', async () => {
		const { server, inbox, flags } = await start();
		inbox.remove(new Set(inbox.messages.slice(0, 1)));
		const poll = await openFor(server, { do: 'markRead' });
		const cursor = cursorWith('1:2');
		expect(await runPostDelivery(poll, cursor)).toBeUndefined();
		expect(flags()).toEqual([['\\Seen'], []]);
		expect(cursor).not.toHaveProperty('pending');
	});

	test('all of them: nothing is changed', async () => {
		const { server, inbox } = await start();
		inbox.remove(new Set(inbox.messages));
		const poll = await openFor(server, { do: 'move', to: { by: 'path', path: 'Done' } });
		const from = server.commands.length;
		const cursor = cursorWith('1:3');
		expect(await runPostDelivery(poll, cursor)).toBeUndefined();
		expect(server.commands.slice(from).map(({ line }) => line.slice(0, 10))).toEqual([
			'UID SEARCH',
		]);
		expect(cursor).not.toHaveProperty('pending');
	});
});

describe('what is refused stays pending', () => {
	test('by the server', async () => {
		const { server } = await start();
		const poll = await openFor(server, { do: 'markRead' });
		server.faults.on = ({ tag, line }) =>
			line.startsWith('UID STORE') ? `${tag} NO [OVERQUOTA] full\r\n` : undefined;
		const cursor = cursorWith('1:3');
		expect(await runPostDelivery(poll, cursor)).toMatchObject({ responseCode: 'OVERQUOTA' });
		expect(cursor.pending).toBe('1:3');
	});

	test('a keyword that the mailbox does not keep, which the server would accept for the session', async () => {
		const { server, flags } = await start();
		const poll = await openFor(server, { do: 'keyword', keyword: '$Done' });
		poll.mailbox.permanentFlags = ['\\Seen'];
		const cursor = cursorWith('1:3');
		expect(await runPostDelivery(poll, cursor)).toBeInstanceOf(Error);
		expect(cursor.pending).toBe('1:3');
		expect(flags()).toEqual([[], [], []]);
	});
});

test('a connection that breaks is the error of the poll, and all stays pending', async () => {
	const { server } = await start();
	const poll = await openFor(server, { do: 'markRead' });
	server.faults.on = ({ line }) => (line.startsWith('UID STORE') ? '* BYE x\r\n' : undefined);
	const cursor = cursorWith('1:3');
	await expect(runPostDelivery(poll, cursor)).rejects.toMatchObject({ code: 'BYE' });
	expect(cursor.pending).toBe('1:3');
});
