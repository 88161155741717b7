/** Messages as items, without n8n: how many are fetched at a time, and that each is accounted for. */
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
	BrokenFetch,
	messageItems,
	presentUids,
} from '../../../nodes/Imap4MessageTrigger/message-items';
import type { MailboxPoll } from '../../../nodes/Imap4MessageTrigger/mailbox-poll';
import { PollClock } from '../../../nodes/Imap4MessageTrigger/poll-clock';
import { startServer, USER } from '../start-server';
import { mailboxPoll, settingsOf } from './one-mailbox';

async function start(count: number) {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	for (let n = 1; n <= count; n++) inbox.append(`Subject: ${n}\r\n\r\ntext of ${n}`);
	const poll = async (more: Partial<MailboxPoll> = {}): Promise<MailboxPoll> =>
		mailboxPoll(server, more);
	/** The sets of messages that were fetched. */
	const fetched = (): string[] =>
		server.commands
			.filter(({ name, line }) => name === 'UID FETCH' && line.includes('ENVELOPE'))
			.map(({ line }) => line.split(' ')[2] ?? '');
	return { server, inbox, poll, fetched };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const uidsOf = ({ items }: Awaited<ReturnType<typeof messageItems>>): unknown[] =>
	items.map(({ json }) => json.uid);

test('an item says what happened, to which message, and in which account', async () => {
	const { poll } = await start(1);
	const one = await poll();
	const { items, handled, unreadable } = await messageItems(one, [1], (uid) => ({ more: uid }));
	expect(items).toHaveLength(1);
	expect(items[0]?.json).toMatchObject({
		id: `${one.account.options.host}/${encodeURIComponent(USER)}/INBOX/${one.mailbox.uidValidity}/1`,
		event: 'messageReceived',
		mailbox: 'INBOX',
		uid: 1,
		subject: '1',
		account: one.account.url,
		more: 1,
	});
	expect(items[0]).not.toHaveProperty('binary');
	expect(handled).toEqual([1]);
	expect(unreadable.size).toBe(0);
});

test('attachments come as binary data', async () => {
	const { inbox, poll } = await start(0);
	inbox.append(
		'Content-Type: application/x-y; name=a.bin\r\nContent-Disposition: attachment\r\n\r\nx',
	);
	const prepareBinaryData = vi.fn(async () => ({ data: '', mimeType: 'x' }));
	const context = { helpers: { prepareBinaryData } } as unknown as MailboxPoll['context'];
	const { output } = settingsOf();
	const settings = settingsOf({ output: { ...output, attachments: true } });
	const { items } = await messageItems(await poll({ context, settings }), [1]);
	expect(Object.keys(items[0]?.binary ?? {})).toEqual(['attachment_0']);
});

describe('at a time', () => {
	test('one is fetched first, then at most fifty', async () => {
		const { poll, fetched } = await start(60);
		const found = await messageItems(await poll(), upTo(60));
		expect(fetched()).toEqual(['1', '2:51', '52:60']);
		expect(uidsOf(found)).toEqual(upTo(60));
		expect(found.handled).toEqual(upTo(60));
	});

	test('as many are fetched as there is time for, and none without time', async () => {
		const { server, poll, fetched } = await start(60);
		vi.useFakeTimers({ toFake: ['performance'] });
		onTestFinished(() => void vi.useRealTimers());
		// Three seconds each.
		const counts = [1, 9, 9];
		server.faults.on = ({ line }) => {
			if (line.startsWith('UID FETCH')) vi.advanceTimersByTime(3_000 * (counts.shift() ?? 0));
			return undefined;
		};
		const clock = new PollClock(60_000);
		const found = await messageItems(await poll({ clock }), upTo(60));
		expect(fetched()).toEqual(['1', '2:10']);
		expect(uidsOf(found)).toEqual(upTo(10));
		expect(found.handled).toEqual(upTo(10));
	});

	test('one is fetched even if no time is left, so that each poll makes progress', async () => {
		const { poll, fetched } = await start(3);
		const clock = new PollClock(60_000);
		vi.spyOn(clock, 'left', 'get').mockReturnValue(0);
		expect(uidsOf(await messageItems(await poll({ clock }), upTo(3)))).toEqual([1]);
		expect(fetched()).toEqual(['1']);
	});

	test('one is fetched where a message takes longer than the time that is left', async () => {
		const { server, poll, fetched } = await start(3);
		vi.useFakeTimers({ toFake: ['performance'] });
		onTestFinished(() => void vi.useRealTimers());
		server.faults.on = ({ line }) => {
			if (line.startsWith('UID FETCH')) vi.advanceTimersByTime(20_000);
			return undefined;
		};
		await messageItems(await poll({ clock: new PollClock(60_000) }), upTo(3));
		expect(fetched()).toEqual(['1', '2']);
	});

	test('those that are to be fetched alone are, and none with them', async () => {
		const { poll, fetched } = await start(7);
		const alone = new Set([1, 4, 5]);
		const found = await messageItems(await poll(), upTo(7), undefined, (uid) => alone.has(uid));
		expect(fetched()).toEqual(['1', '2:3', '4', '5', '6:7']);
		expect(uidsOf(found)).toEqual(upTo(7));
	});
});

describe('each message is accounted for', () => {
	test('the poll has no room for more', async () => {
		const { poll, fetched } = await start(5);
		const found = await messageItems(await poll({ room: 3 }), upTo(5));
		expect(uidsOf(found)).toEqual([1, 2, 3]);
		expect(found.handled).toEqual([1, 2, 3]);
		expect(fetched()).toEqual(['1', '2:3']);
	});

	test('items are in the order in which the messages were asked for', async () => {
		const { poll } = await start(3);
		expect(uidsOf(await messageItems(await poll(), [3, 1, 2]))).toEqual([3, 1, 2]);
	});

	test('one that is gone is dealt with, and has no item', async () => {
		const { inbox, poll } = await start(3);
		inbox.remove(new Set(inbox.messages.slice(1, 2)));
		const found = await messageItems(await poll(), upTo(3));
		expect(uidsOf(found)).toEqual([1, 3]);
		expect([...found.handled].sort()).toEqual([1, 2, 3]);
	});

	test('one that the server does not return is not dealt with', async () => {
		const { server, poll } = await start(3);
		server.faults.on = ({ tag, line }) => {
			const [, set = ''] = /^UID FETCH (\S+) /.exec(line) ?? [];
			return set.startsWith('2') ? `${tag} NO this one is damaged\r\n` : undefined;
		};
		const found = await messageItems(await poll(), [1, 2, 3]);
		expect(uidsOf(found)).toEqual([1, 3]);
		expect(found.handled).toEqual([1, 3]);
		expect([...found.unreadable]).toEqual([[2, expect.stringContaining('damaged')]]);
	});
});

describe('a connection that breaks', () => {
	test('says at which messages', async () => {
		const { server, poll } = await start(3);
		server.faults.on = ({ line }) =>
			line.startsWith('UID FETCH 2:3') ? '* BYE enough\r\n' : undefined;
		const failed = messageItems(await poll(), upTo(3));
		const error: unknown = await failed.catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(BrokenFetch);
		expect(error).toMatchObject({
			name: 'BrokenFetch',
			uids: [2, 3],
			cause: { code: 'BYE' },
			message: expect.stringContaining('enough') as string,
		});
	});

	test('at the deadline is the fault of no message', async () => {
		const { server, poll } = await start(1);
		const clock = new PollClock(60_000);
		server.faults.on = ({ line }) => {
			if (!line.startsWith('UID FETCH')) return undefined;
			vi.spyOn(clock, 'isOver', 'get').mockReturnValue(true);
			return '* BYE enough\r\n';
		};
		const failed = messageItems(await poll({ clock }), [1]);
		await expect(failed).rejects.not.toBeInstanceOf(BrokenFetch);
	});

	test('is not what a refusal is', async () => {
		const { server, poll } = await start(1);
		server.faults.on = ({ tag, line }) =>
			line.startsWith('UID FETCH') ? `${tag} NO [INUSE] later\r\n` : undefined;
		const failed = messageItems(await poll(), [1]);
		await expect(failed).rejects.toMatchObject({ code: 'NO', responseCode: 'INUSE' });
	});
});

test('which of the messages are there, by one search, and no others that it finds', async () => {
	const { server, poll } = await start(4);
	const { open } = await poll();
	server.faults.rewrite = (octets) =>
		Buffer.from(octets.toString('latin1').replace('UID ALL 2', 'UID ALL 2:4'), 'latin1');
	expect(await presentUids(open, [2, 9])).toEqual([2]);
	expect(server.commands.at(-1)?.line).toMatch(/^UID SEARCH .*UID 2,9$/);
	const from = server.commands.length;
	expect(await presentUids(open, [])).toEqual([]);
	expect(server.commands.slice(from)).toEqual([]);
});
