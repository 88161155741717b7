/** What a manual test shows, without n8n: the newest match of the first mailbox that has one. */
import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import { describe, expect, test, vi } from 'vitest';
import { manualTest } from '../../../nodes/Imap4MessageTrigger/manual-test';
import { PollClock } from '../../../nodes/Imap4MessageTrigger/poll-clock';
import type { Settings } from '../../../nodes/Imap4MessageTrigger/settings';
import type { MemoryServerOptions } from '../../server';
import { startServer, USER } from '../start-server';
import { hurryTime, IN_EVENT_LOOP } from './hurried-time';
import { accountAt, logger, settingsOf } from './one-mailbox';

const SEVERAL: Settings['watched'] = {
	choices: ['INBOX', 'a', 'b'].map((name) => ({ by: 'name', name })),
};

async function start(options: MemoryServerOptions = {}) {
	const server = await startServer(options);
	const account = server.account(USER);
	for (const name of ['a', 'b']) account.create(name);
	const append = (name: string, ...subjects: string[]): void => {
		for (const subject of subjects) account.mailbox(name).append(`Subject: ${subject}\r\n\r\n`);
	};
	const shown = async (
		more: Partial<Settings> = {},
		clock = new PollClock(60_000),
	): Promise<IDataObject[]> => {
		const context = { logger, helpers: { prepareBinaryData: vi.fn() } };
		const items = await manualTest(
			context as unknown as IPollFunctions,
			settingsOf(more),
			accountAt(server),
			clock,
		);
		return items.map(({ json }) => json);
	};
	return { server, account, append, shown };
}

const NOTHING = 'No message matches, so there is nothing to show';

test('the newest message, and it stays unread', async () => {
	const { server, account, append, shown } = await start();
	append('INBOX', 'one', 'two');
	const [item, ...others] = await shown();
	expect(item).toMatchObject({ event: 'messageReceived', uid: 2, subject: 'two' });
	expect(item).not.toHaveProperty('added');
	expect(others).toEqual([]);
	expect(server.commands.map(({ name }) => name)).not.toContain('SELECT');
	expect(account.mailbox('INBOX').messages.map(({ flags }) => [...flags])).not.toContainEqual([
		'\\Seen',
	]);
});

test('of several mailboxes, the first that has a match', async () => {
	const { append, shown } = await start();
	append('a', 'other');
	append('b', 'wanted', 'other');
	const filters = { query: { subject: 'wanted' }, received: {}, sent: {} };
	expect(await shown({ watched: SEVERAL })).toMatchObject([{ mailbox: 'a', subject: 'other' }]);
	expect(await shown({ watched: SEVERAL, filters })).toMatchObject([{ mailbox: 'b', uid: 1 }]);
});

test('nothing is an error that says what to do', async () => {
	const { shown, append } = await start();
	await expect(shown({ watched: SEVERAL })).rejects.toThrow(NOTHING);
	append('a', 'other');
	const filters = { query: { subject: 'wanted' }, received: {}, sent: {} };
	await expect(shown({ watched: SEVERAL, filters })).rejects.toMatchObject({
		message: NOTHING,
		advice: 'Relax the filters, or send a message to the mailbox, and test again.',
	});
});

test('a match is looked for among the newest 1,000 messages', async () => {
	const { append, shown } = await start();
	append('INBOX', 'wanted', ...Array.from({ length: 999 }, () => 'other'));
	const filters = { query: { subject: 'wanted' }, received: {}, sent: {} };
	expect(await shown({ filters })).toMatchObject([{ uid: 1 }]);
	append('INBOX', 'other');
	await expect(shown({ filters })).rejects.toThrow(NOTHING);
});

test('the newest, in whichever order the server lists them', async () => {
	const { server, append, shown } = await start({ capabilities: { remove: ['ESEARCH'] } });
	append('INBOX', 'one', 'two', 'three');
	server.faults.rewrite = (octets) =>
		Buffer.from(octets.toString('latin1').replace('* SEARCH 1 2 3', '* SEARCH 2 3 1'), 'latin1');
	expect(await shown()).toMatchObject([{ subject: 'three' }]);
});

test('a flag that changed has no change to show', async () => {
	const { append, shown } = await start();
	append('INBOX', 'one');
	expect(await shown({ event: 'flagsChanged' })).toMatchObject([
		{ event: 'flagsChanged', subject: 'one', added: null, removed: null },
	]);
});

test('a message that is removed is shown as its reference', async () => {
	const { account, append, shown } = await start();
	append('INBOX', 'one');
	const { uidValidity } = account.mailbox('INBOX');
	const [item] = await shown({ event: 'messageRemoved' });
	expect(item).toEqual({
		id: expect.stringMatching(new RegExp(`/INBOX/${uidValidity}/1$`)) as string,
		event: 'messageRemoved',
		mailbox: 'INBOX',
		uidValidity,
		uid: 1,
		account: expect.stringContaining('127.0.0.') as string,
		removed: true,
	});
});

describe('a quota', () => {
	test('is shown of the first mailbox, with a note where it would not trigger', async () => {
		const { account, shown } = await start({ quotaBytes: 100 * 1024 });
		account.mailbox('a').append(Buffer.alloc(50 * 1024, 'x'));
		const quota = { event: 'quotaAbove', watched: SEVERAL } as const;
		const [item, ...others] = await shown({ ...quota, quotaAbove: 50 });
		expect(others).toEqual([]);
		expect(item).toMatchObject({ event: 'quotaAbove', mailbox: 'INBOX', percent: 50 });
		expect(item?.id).toMatch(/\/INBOX\/0\/[^/]*%20STORAGE$/);
		expect(item).not.toHaveProperty('sample');
		expect(await shown({ ...quota, quotaAbove: 51 })).toMatchObject([
			{ sample: expect.stringContaining('in this test only') as string },
		]);
	});

	test('without a limit has a note', async () => {
		const { server, shown } = await start({ quotaBytes: 100 * 1024 });
		server.faults.on = ({ tag, line }) =>
			line.startsWith('GETQUOTAROOT')
				? `* QUOTAROOT INBOX ""\r\n* QUOTA "" ()\r\n${tag} OK done\r\n`
				: undefined;
		expect(await shown({ event: 'quotaAbove' })).toMatchObject([
			{ percent: null, sample: expect.stringContaining('in this test only') as string },
		]);
	});
});

test('at the deadline the connection is closed', async () => {
	hurryTime(60_000);
	const { server, append, shown } = await start({ capabilities: { remove: IN_EVENT_LOOP } });
	append('INBOX', 'one');
	server.faults.on = ({ line }) => (line.startsWith('EXAMINE') ? '' : undefined);
	const clock = new PollClock(60_000);
	await expect(clock.limit(() => shown({}, clock))).rejects.toThrow(
		'The poll did not finish within 54 s',
	);
	await vi.waitFor(() => expect(server.connections.open).toBe(0));
});
