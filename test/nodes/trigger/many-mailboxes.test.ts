/** Hundreds of mailboxes, and what happens to them between two polls. */
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import type { MemoryServer, MemoryServerOptions } from '../../server';
import { mail, startServer, USER } from '../run-node';
import { Poller } from './poller';

async function start(count: number, parameters = {}, options: MemoryServerOptions = {}) {
	const server = await startServer(options);
	const account = server.account(USER);
	for (let n = 0; n < count; n++) account.create(`box${n}`).append(mail(`old ${n}`));
	const poller = new Poller({
		server,
		parameters: { watch: 'pattern', pattern: '*', ...parameters },
	});
	return { server, account, poller };
}

const since = (server: MemoryServer, from: number): string[] =>
	server.commands.slice(from).map(({ name }) => name);

describe.each(['messageReceived', 'flagsChanged', 'messageRemoved', 'quotaAbove'])(
	'%s over 500 mailboxes',
	(event) => {
		test('opens none of them when nothing happened', { timeout: 30_000 }, async () => {
			const { server, poller } = await start(500, { event }, { quotaBytes: 1e9 });
			for (let polls = 0; polls < 3; polls++) expect(await poller.poll()).toEqual([]);
			const from = server.commands.length;
			expect(await poller.poll()).toEqual([]);
			const names = since(server, from);
			expect(names).not.toContain('EXAMINE');
			if (event !== 'quotaAbove') expect(names.length).toBeLessThan(8);
			expect(server.connections.total).toBeLessThanOrEqual(4);
			// What is remembered of 500 mailboxes.
			expect(JSON.stringify(poller.staticData).length).toBeLessThan(100_000);
		});
	},
);

test(
	'out of time, a poll keeps what it has, and the next continues behind it',
	{ timeout: 60_000 },
	async () => {
		const { server, account, poller: first } = await start(60);
		await first.poll();
		for (let n = 0; n < 60; n++) account.mailbox(`box${n}`).append(mail(`new ${n}`));
		server.faults.delay = 4;
		const poller = new Poller({
			server,
			staticData: first.staticData,
			budget: 3_000,
			parameters: { watch: 'pattern', pattern: '*' },
		});
		const given: unknown[] = [];
		let polls = 0;
		while (given.length < 60 && polls < 20) {
			const more = await poller.subjects();
			expect(more.length).toBeGreaterThan(0);
			given.push(...more);
			polls++;
		}
		expect(polls).toBeGreaterThan(1);
		expect(new Set(given).size).toBe(60);
		expect(given).toHaveLength(60);
	},
);

test('one that may be listed and not opened is reported once, from the first poll on', async () => {
	const { server, account, poller } = await start(3);
	server.faults.on = ({ tag, line }) =>
		/^EXAMINE "?box1"?/.test(line) ? `${tag} NO [NOPERM] Permission denied\r\n` : undefined;
	expect(await poller.poll()).toEqual([]);
	account.mailbox('box1').append(mail('in box1'));
	account.mailbox('box2').append(mail('in box2'));
	expect(await poller.subjects()).toEqual(['in box2']);
	expect(await poller.poll()).toEqual([]);
	expect(poller.errors).toHaveLength(1);
	server.faults.on = undefined;
	expect(await poller.subjects()).toEqual(['in box1']);
});

describe.each<[string, MemoryServerOptions]>([
	['with MAILBOXID', {}],
	['without MAILBOXID', { capabilities: { remove: ['OBJECTID'] } }],
])('%s', (_name, options) => {
	test('a mailbox that is rotated: nothing comes twice, nothing is lost', async () => {
		const { account, poller } = await start(0, {}, options);
		const log = account.create('Log');
		log.append(mail('old'));
		await poller.poll();
		log.append(mail('before the rotation'));
		account.rename('Log', 'Log-2025');
		account.create('Log').append(mail('after the rotation'));
		expect((await poller.subjects()).sort()).toEqual(['after the rotation', 'before the rotation']);
		expect(await poller.poll()).toEqual([]);
	});

	test('a single mailbox that is rotated: all of the new one is new', async () => {
		const { server, account } = await start(0, {}, options);
		account.create('Log').append(mail('old'));
		const poller = new Poller({
			server,
			parameters: { mailbox: { __rl: true, mode: 'path', value: 'Log' } },
		});
		await poller.poll();
		account.rename('Log', 'Log-2025');
		account.create('Log').append(mail('new'));
		expect(await poller.subjects()).toEqual(['new']);
		expect(await poller.poll()).toEqual([]);
	});
});

test('a mailbox that is missing from one list and comes back delivers no old mail', async () => {
	const { server, account, poller } = await start(2);
	await poller.poll();
	server.faults.on = ({ tag, line }) =>
		line.startsWith('LIST') ? `* LIST () "/" INBOX\r\n${tag} OK\r\n` : undefined;
	expect(await poller.poll()).toEqual([]);
	server.faults.on = undefined;
	account.mailbox('box1').append(mail('new'));
	expect(await poller.subjects()).toEqual(['new']);
});

test('a pattern that is widened delivers no old mail', async () => {
	const { server, account, poller } = await start(2, { pattern: 'box0' });
	await poller.poll();
	const wider = new Poller({
		server,
		staticData: poller.staticData,
		parameters: { watch: 'pattern', pattern: 'box%' },
	});
	expect(await wider.poll()).toEqual([]);
	account.mailbox('box1').append(mail('new'));
	account.create('box9').append(mail('in a new mailbox'));
	expect(await wider.subjects()).toEqual(['new', 'in a new mailbox']);
});

test('INBOX in any spelling is one mailbox', async () => {
	const { server, account } = await start(0);
	const poller = new Poller({
		server,
		parameters: { watch: 'several', mailboxes: ['INBOX', 'inbox', 'Inbox'] },
	});
	await poller.poll();
	account.mailbox('INBOX').append(mail('new'));
	expect(await poller.subjects()).toEqual(['new']);
});

test('a quota root that many mailboxes share is reported once', async () => {
	const { account, poller } = await start(
		20,
		{ event: 'quotaAbove', quotaPercent: 50 },
		{ quotaBytes: 100 * 1024 },
	);
	expect(await poller.poll()).toEqual([]);
	account.mailbox('box3').append(Buffer.alloc(60 * 1024, 'x'));
	expect(await poller.poll()).toHaveLength(1);
	expect(await poller.poll()).toEqual([]);
});

test.each<[string, MemoryServerOptions]>([
	['with CONDSTORE', {}],
	['without CONDSTORE', { capabilities: { remove: ['CONDSTORE', 'QRESYNC'] } }],
])('%s, a message that slides into the watched window is not an event', async (_name, options) => {
	const { server, account } = await start(0, {}, options);
	const inbox = account.mailbox('INBOX');
	for (let n = 0; n < 30; n++) inbox.append(mail(`${n}`), { flags: n % 2 ? ['\\Seen'] : [] });
	const poller = new Poller({
		server,
		parameters: { event: 'flagsChanged', options: { watchNewest: 10 } },
	});
	await poller.poll();
	inbox.remove(new Set(inbox.messages.slice(25)));
	expect(await poller.poll()).toEqual([]);
	const [first] = inbox.messages;
	const last = inbox.messages.at(-1);
	if (!first || !last) throw new Error('There are no messages');
	inbox.setFlags(first, ['\\Flagged']);
	inbox.setFlags(last, ['\\Flagged']);
	const uids = (await poller.poll()).map(({ uid }) => uid);
	expect(uids).toEqual(options.capabilities ? [25] : [1, 25]);
});

test('mailboxes whose names go round keep their cursors', async () => {
	const { account, poller } = await start(3);
	await poller.poll();
	account.mailbox('box0').append(mail('new'));
	account.delete('box1');
	account.rename('box0', 'box1');
	account.rename('box2', 'box0');
	expect(await poller.subjects()).toEqual(['new']);
	expect(await poller.poll()).toEqual([]);
});

test.each([
	['the new one', 'moved'],
	['the old one', 'box0'],
])(
	'a rotated mailbox whose STATUS is refused once, %s: nothing comes twice',
	async (_name, which) => {
		const { server, account, poller } = await start(
			1,
			{},
			{
				capabilities: { remove: ['OBJECTID', 'LIST-STATUS'] },
			},
		);
		await poller.poll();
		account.rename('box0', 'moved');
		account.create('box0').append(mail('new'));
		server.faults.on = ({ tag, line }) =>
			line.startsWith(`STATUS ${which} `) ? `${tag} NO [UNAVAILABLE] Try later\r\n` : undefined;
		const given = await poller.subjects();
		server.faults.on = undefined;
		for (let polls = 0; polls < 3; polls++) given.push(...(await poller.subjects()));
		expect(given).toEqual(['new']);
	},
);

test('a quota root that the server leaves out once is not reported again', async () => {
	const { server, account, poller } = await start(
		1,
		{ event: 'quotaAbove', quotaPercent: 50 },
		{ quotaBytes: 100 * 1024 },
	);
	account.mailbox('box0').append(Buffer.alloc(60 * 1024, 'x'));
	expect(await poller.poll()).toHaveLength(1);
	server.faults.on = ({ tag, line }) =>
		line.startsWith('GETQUOTAROOT') ? `${tag} OK Done\r\n` : undefined;
	await poller.poll().catch(() => []);
	server.faults.on = undefined;
	expect(await poller.poll()).toEqual([]);
});

test.each(['flagsChanged', 'messageRemoved'])(
	'%s: changes that the server counts and leaves out of FETCH are not passed over',
	async (event) => {
		const { server, account } = await start(0);
		const inbox = account.mailbox('INBOX');
		const [one] = ['one', 'two'].map((subject) => inbox.append(mail(subject)));
		const poller = new Poller({ server, parameters: { event } });
		await poller.poll();
		if (!one) throw new Error('There are no messages');
		if (event === 'flagsChanged') inbox.setFlags(one, ['\\Flagged']);
		else {
			inbox.remove(new Set([one]));
			inbox.append(mail('three'));
		}
		server.faults.on = ({ tag, line }) =>
			line.includes('CHANGEDSINCE') ? `${tag} OK Done\r\n` : undefined;
		const given: IDataObject[] = await poller.poll().catch(() => []);
		server.faults.on = undefined;
		given.push(...(await poller.poll()));
		expect(given.map(({ uid }) => uid)).toEqual([1]);
	},
);
