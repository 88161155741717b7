/** Wait for New Mail over several mailboxes, all of which the server reports (NOTIFY, RFC 5465). */
import { describe, expect, test } from 'vitest';
import type { MemoryServer } from '../../server';
import { mail } from '../run-node';
import { count, idling, soon, start } from './waiting';

const several = {
	mailboxes: ['Lists', 'Work'],
	parameters: { watch: 'several', mailboxes: ['INBOX', 'Lists', 'Work'] },
};
const pattern = { mailboxes: ['Lists', 'Work'], parameters: { watch: 'pattern', pattern: '*' } };

const notified = (server: MemoryServer): string[] =>
	server.commands.filter(({ name }) => name === 'NOTIFY').map(({ line }) => line);

test.each([
	['named', several],
	['of a pattern', pattern],
])(
	'mail in any of the mailboxes %s is delivered at once, without looking meanwhile',
	async (_name, options) => {
		const { server, account, inbox, poller, delivered, deactivate } = await start(options);
		const poll = poller.poll();
		await idling(server);
		const looks = count(server, 'STATUS') + count(server, 'LIST');
		inbox.append(mail('in INBOX'));
		await soon(delivered, ['in INBOX']);
		await idling(server, 2);
		account.mailbox('Work').append(mail('in Work'));
		await soon(delivered, ['in INBOX', 'in Work']);
		await idling(server, 3);
		// One look for each delivery, and one more if it was under way when the next came.
		const perLook = options === pattern ? 1 : 3;
		expect(count(server, 'STATUS') + count(server, 'LIST') - looks).toBeLessThanOrEqual(
			4 * perLook,
		);
		await deactivate();
		expect(await poll).toEqual([]);
	},
);

test('a mailbox that is created while the poll waits is delivered too', async () => {
	const { server, account, poller, delivered } = await start(pattern);
	void poller.poll();
	await idling(server);
	account.create('New').append(mail('in a new one'));
	await soon(delivered, ['in a new one']);
});

test('mail that comes between the look and NOTIFY does not wait', async () => {
	const { server, account, poller, delivered } = await start(several);
	let times = 0;
	server.faults.on = ({ line }) => {
		if (line.startsWith('NOTIFY SET') && times++ === 0) account.mailbox('Work').append(mail('one'));
		return undefined;
	};
	void poller.poll();
	await soon(delivered, ['one']);
});

test('mail that comes between NOTIFY and IDLE does not wait', async () => {
	const { server, account, poller, delivered } = await start(several);
	let times = 0;
	server.faults.on = ({ line }) => {
		if (line === 'IDLE' && times++ === 0) account.mailbox('Work').append(mail('one'));
		return undefined;
	};
	void poller.poll();
	await soon(delivered, ['one']);
});

test('it is off whenever the poll does not wait', async () => {
	const { server, inbox, poller, delivered, deactivate } = await start(several);
	const poll = poller.poll();
	await idling(server);
	inbox.append(mail('one'));
	await soon(delivered, ['one']);
	await idling(server, 2);
	await deactivate();
	expect(await poll).toEqual([]);
	let isOn = false;
	for (const { name, line } of server.commands) {
		if (name === 'NOTIFY') isOn = line !== 'NOTIFY NONE';
		else if (name !== 'IDLE') expect({ name, isOn }).toEqual({ name, isOn: false });
	}
	expect(notified(server).at(-1)).toBe('NOTIFY NONE');
});

test('expunged messages and flags wake no poll for received ones', async () => {
	const { server, account, poller, delivered } = await start({ ...several, budget: 5_000 });
	const work = account.mailbox('Work');
	const message = work.append(mail('old'));
	const poll = poller.poll();
	await soon(delivered, ['old']);
	await idling(server);
	const before = notified(server).length;
	work.setFlags(message, ['\\Flagged']);
	work.remove(new Set([message]));
	expect(await poll).toEqual([]);
	// Only the end of the wait.
	expect(notified(server).slice(before)).toEqual(['NOTIFY NONE']);
});

describe('the other events, in a mailbox that is not the first', () => {
	const watched = (event: string) => ({
		...several,
		parameters: { ...several.parameters, event },
	});

	test('a flag that changes', async () => {
		const { server, account, poller, delivered } = await start(watched('flagsChanged'));
		const one = account.mailbox('Work').append(mail('one'));
		void poller.poll();
		await idling(server);
		account.mailbox('Work').setFlags(one, ['\\Flagged']);
		await soon(delivered, ['one']);
	});

	test('a message that is removed', async () => {
		const { server, account, poller, delivered } = await start(watched('messageRemoved'));
		const one = account.mailbox('Work').append(mail('one'));
		account.mailbox('Work').append(mail('two'));
		void poller.poll();
		await idling(server);
		account.mailbox('Work').remove(new Set([one]));
		await soon(delivered, [1]);
	});
});

describe('a server', () => {
	test.each<[string, (tag: string) => string]>([
		['that refuses NOTIFY', (tag) => `${tag} NO [NOTIFICATIONOVERFLOW] too many\r\n`],
		['that does not know the NOTIFY it offers', (tag) => `${tag} BAD unknown\r\n`],
		['that gives it up', (tag) => `${tag} OK done\r\n* OK [NOTIFICATIONOVERFLOW] no more\r\n`],
	])('%s is looked at every few seconds', async (_name, answer) => {
		const { server, account, inbox, poller, delivered, deactivate } = await start(several);
		server.faults.on = ({ tag, line }) => (line.startsWith('NOTIFY SET') ? answer(tag) : undefined);
		const poll = poller.poll();
		await idling(server);
		inbox.append(mail('in INBOX'));
		await soon(delivered, ['in INBOX']);
		account.mailbox('Work').append(mail('in Work'));
		await soon(delivered, ['in INBOX', 'in Work']);
		await deactivate();
		expect(await poll).toEqual([]);
		expect(server.commands.length).toBeLessThan(60);
	});

	test('that accepts NOTIFY and reports nothing is looked at before the wait ends', async () => {
		const { server, account, poller, delivered } = await start({ ...several, budget: 4_000 });
		server.faults.on = ({ tag, line }) =>
			line.startsWith('NOTIFY') ? `${tag} OK done\r\n` : undefined;
		const poll = poller.poll();
		await idling(server);
		account.mailbox('Work').append(mail('one'));
		expect(await poll).toEqual([]);
		expect(delivered()).toEqual(['one']);
	});

	test('that reports another UIDNEXT for ever is not asked in a loop for ever', async () => {
		const { server, account, poller, delivered, deactivate } = await start(several);
		server.faults.on = ({ tag, line }) =>
			line.startsWith('NOTIFY SET')
				? `* STATUS "Work" (MESSAGES 9 UIDNEXT 999)\r\n${tag} OK done\r\n`
				: undefined;
		const poll = poller.poll();
		await soon(() => notified(server).length, 10);
		account.mailbox('Work').append(mail('one'));
		await soon(delivered, ['one']);
		expect(notified(server)).toHaveLength(10);
		await deactivate();
		expect(await poll).toEqual([]);
	});
});
