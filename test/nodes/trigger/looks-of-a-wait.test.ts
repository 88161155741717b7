/** How often a poll that waits looks at its mailboxes by itself, and whom it believes. Nothing arrives here. */
import { describe, expect, test } from 'vitest';
import type { MemoryServer, MemoryServerOptions } from '../../server';
import { mail } from '../run-node';
import { count, idling, soon, start } from './waiting';

const WITHOUT_NOTIFY: MemoryServerOptions = { capabilities: { remove: ['NOTIFY'] } };

/** Time of the test passes. */
const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const named = (amount: number): string[] =>
	Array.from({ length: amount }, (_, index) => `Lists${index + 1}`);

/** INBOX and as many others. */
const several = (others: number) => ({
	mailboxes: named(others),
	parameters: { watch: 'several', mailboxes: ['INBOX', ...named(others)] },
});

/** How often the server was asked to idle within so many milliseconds; each look ends IDLE. */
async function idles(server: MemoryServer, ms: number): Promise<number> {
	await idling(server);
	await pass(ms);
	return count(server, 'IDLE');
}

describe('looks', () => {
	test('one mailbox that the server reports on is left alone', async () => {
		const { server, poller, deactivate } = await start();
		const poll = poller.poll();
		expect(await idles(server, 12_000)).toBe(1);
		await deactivate();
		expect(await poll).toEqual([]);
	});

	test.each([
		[2, 3],
		[20, 3],
		[21, 1],
	])('of %i mailboxes, within 12 seconds: IDLE begins %i times', async (amount, times) => {
		const { server, poller, deactivate } = await start({
			...several(amount - 1),
			serverOptions: WITHOUT_NOTIFY,
		});
		const poll = poller.poll();
		expect(await idles(server, 12_000)).toBe(times);
		await deactivate();
		expect(await poll).toEqual([]);
	});

	test('are a second apart at least where the server ends IDLE at once', async () => {
		const { server, poller, deactivate } = await start();
		server.faults.on = ({ tag, line }) =>
			line === 'IDLE' ? `+ idling\r\n${tag} OK done\r\n` : undefined;
		const poll = poller.poll();
		await idling(server);
		await pass(4_500);
		expect(count(server, 'CHECK')).toBeGreaterThan(0);
		expect(count(server, 'CHECK')).toBeLessThan(7);
		await deactivate();
		expect(await poll).toEqual([]);
	});

	test('are a second apart at least where mail comes all the time, and the wait ends in between', async () => {
		const { server, inbox, poller, deliveries, deactivate } = await start();
		server.faults.on = ({ line }) => {
			if (/^UID FETCH .*ENVELOPE/.test(line)) inbox.append(mail('more'));
			return undefined;
		};
		inbox.append(mail('one'));
		const poll = poller.poll();
		await pass(5_500);
		expect(deliveries.length).toBeGreaterThan(3);
		expect(deliveries.length).toBeLessThan(8);
		const before = Date.now();
		await deactivate();
		expect(await poll).toEqual([]);
		expect(Date.now() - before).toBeLessThan(400);
	});

	test('none is needed between the first of several mailboxes and IDLE if nothing happened', async () => {
		const { server, poller, deactivate } = await start({
			...several(2),
			serverOptions: WITHOUT_NOTIFY,
		});
		const poll = poller.poll();
		await idling(server);
		const names = server.commands.map(({ name }) => name);
		const opens = names.lastIndexOf('EXAMINE');
		expect(names.slice(opens)).toEqual(['EXAMINE', 'IDLE']);
		expect(names.slice(0, opens)).not.toContain('EXAMINE');
		await deactivate();
		expect(await poll).toEqual([]);
	});

	test('a server that refuses IDLE is not asked for it again', async () => {
		const { server, poller, deactivate } = await start();
		server.faults.on = ({ tag, line }) => (line === 'IDLE' ? `${tag} NO not now\r\n` : undefined);
		const poll = poller.poll();
		expect(await idles(server, 12_000)).toBe(1);
		await deactivate();
		expect(await poll).toEqual([]);
	});

	test('the event of a quota has nothing to wait for', async () => {
		const { server, poller } = await start({
			parameters: { event: 'quotaAbove', options: { quotaThreshold: 90 } },
		});
		const before = Date.now();
		await poller.poll();
		expect(Date.now() - before).toBeLessThan(3_000);
		expect(count(server, 'IDLE')).toBe(0);
	});
});

describe('a server that reports by NOTIFY', () => {
	const setsOf = (server: MemoryServer): number =>
		server.commands.filter(({ line }) => line.startsWith('NOTIFY SET')).length;

	test('is asked once while nothing happens', async () => {
		const { server, poller, deactivate } = await start(several(2));
		const poll = poller.poll();
		await idling(server);
		await pass(12_000);
		expect(setsOf(server)).toBe(1);
		await deactivate();
		expect(await poll).toEqual([]);
	});

	test('is asked again after each of many reports', async () => {
		const { server, account, poller, delivered, deactivate } = await start(several(2));
		const poll = poller.poll();
		const all: string[] = [];
		for (let n = 1; n <= 7; n++) {
			await idling(server, n);
			account.mailbox('Lists1').append(mail(`${n}`));
			all.push(`${n}`);
			await soon(delivered, all, 3_000);
		}
		await idling(server, 8);
		expect(setsOf(server)).toBe(8);
		await deactivate();
		expect(await poll).toEqual([]);
	});

	test('and says five times in a row that something is new is not believed any more', async () => {
		const { server, poller, deactivate } = await start(several(2));
		server.faults.on = ({ tag, line }) =>
			line.startsWith('NOTIFY SET')
				? `* STATUS Lists1 (UIDNEXT 999)\r\n${tag} OK NOTIFY completed\r\n`
				: undefined;
		const poll = poller.poll();
		await pass(15_000);
		expect(setsOf(server)).toBe(5);
		expect(count(server, 'IDLE')).toBeGreaterThan(0);
		await deactivate();
		expect(await poll).toEqual([]);
	});

	test('and refuses it once is not asked again', async () => {
		const { server, poller, deactivate } = await start(several(2));
		server.faults.on = ({ tag, line }) =>
			line.startsWith('NOTIFY SET') ? `${tag} NO not now\r\n` : undefined;
		const poll = poller.poll();
		expect(await idles(server, 12_000)).toBeGreaterThan(2);
		expect(setsOf(server)).toBe(1);
		await deactivate();
		expect(await poll).toEqual([]);
	});
});
