/** Wait for New Mail (IDLE): what comes while a poll waits is delivered at once, with its cursor. */
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { CONNECTIONS_VARIABLE } from '../../../nodes/shared/account/places';
import type { MemoryServer, MemoryServerOptions } from '../../server';
import { jsonOf, mail, startServer, USER } from '../run-node';
import { hurryTime } from './hurried-time';
import { Poller } from './poller';
import { count, idling, soon, start, waiting } from './waiting';

test('mail that comes while the poll waits is delivered before the poll ends, with its cursor', async () => {
	const { server, inbox, poller, deliveries, delivered, deactivate } = await start();
	let ended = false;
	const poll = poller.poll().finally(() => (ended = true));
	await idling(server);
	inbox.append(mail('one'));
	await soon(delivered, ['one']);
	expect(deliveries[0]?.cursor).toMatchObject({
		'node:Trigger': { imap4: { mailboxes: { INBOX: { lastUid: 1 } } } },
	});
	inbox.append(mail('two'));
	inbox.append(mail('three'));
	await soon(delivered, ['one', 'two', 'three']);
	expect(ended).toBe(false);
	await deactivate();
	expect(await poll).toEqual([]);
	const plain = new Poller({ server, staticData: poller.staticData });
	expect(await plain.poll()).toEqual([]);
});

test('mail that was there when the poll began is delivered before it waits', async () => {
	const { inbox, poller, delivered, deactivate } = await start();
	inbox.append(mail('one'));
	const poll = poller.poll();
	await soon(delivered, ['one']);
	await deactivate();
	expect(await poll).toEqual([]);
});

test.each(['as the wait begins', 'in the wait'])(
	'mail that comes while mail is fetched %s is delivered without being reported again',
	async (when) => {
		const { server, inbox, poller, delivered, deactivate } = await start();
		let times = 0;
		server.faults.on = ({ line }) => {
			if (/^UID FETCH .*ENVELOPE/.test(line) && times++ === 0) inbox.append(mail('two'));
			return undefined;
		};
		if (when === 'as the wait begins') inbox.append(mail('one'));
		const poll = poller.poll();
		if (when === 'in the wait') {
			await idling(server);
			inbox.append(mail('one'));
		}
		await soon(delivered, ['one', 'two']);
		await deactivate();
		expect(await poll).toEqual([]);
	},
);

test('what a server says to keep the connection alive does not cause a look', async () => {
	const { server, poller } = await start();
	server.faults.on = ({ line }) =>
		line === 'IDLE' ? '+ idling\r\n* OK Still here\r\n* 0 RECENT\r\n' : undefined;
	const poll = poller.poll();
	await idling(server);
	const before = server.commands.length;
	await new Promise((resolve) => setTimeout(resolve, 5_000));
	expect(server.commands.length).toBe(before);
	server.cutAll();
	expect(await poll).toEqual([]);
});

test('what was delivered in the wait does not come again while n8n has not kept the cursor', async () => {
	const { server, inbox, poller, delivered, deactivate } = await start({ id: 'kept later' });
	const { staticData } = poller;
	const poll = poller.poll();
	await idling(server);
	inbox.append(mail('one'));
	await soon(delivered, ['one']);
	await deactivate();
	expect(await poll).toEqual([]);
	const tooEarly = new Poller({ server, id: 'kept later', staticData });
	expect(await tooEarly.poll()).toEqual([]);
});

test('the poll ends by itself when its time is up', async () => {
	const { server, poller } = await start({ budget: 3_000 });
	expect(await poller.poll()).toEqual([]);
	expect(count(server, 'IDLE')).toBe(1);
});

test('a burst late in the wait is delivered whole', async () => {
	const { server, inbox, poller, deliveries, delivered } = await start({ budget: 8_000 });
	const poll = poller.poll();
	await idling(server);
	// Past the half of the budget, after which a poll that does not wait begins nothing.
	await new Promise((resolve) => setTimeout(resolve, 4_300));
	for (let n = 0; n < 120; n++) inbox.append(mail(`${n}`));
	const last = (await poll).map(({ subject }) => subject);
	expect([...delivered(), ...last]).toEqual(Array.from({ length: 120 }, (_, n) => `${n}`));
	expect(deliveries.length).toBeLessThan(4);
});

describe('does not wait', () => {
	test('in the first poll, which only remembers what is there', async () => {
		const { server } = await start();
		expect(count(server, 'IDLE')).toBe(0);
	});

	test('in the poll at activation, for which n8n waits, but in the next', async () => {
		const { server, inbox, poller, deliveries } = await start({ budget: 300_000 });
		const restarted = new Poller({
			...{ server, staticData: poller.staticData, oneContext: true },
			emit: (items) => deliveries.push({ subjects: items.map(({ json }) => json.uid), cursor: {} }),
			parameters: waiting({}),
		});
		const deactivate = await restarted.activate();
		expect(await restarted.poll()).toEqual([]);
		expect(count(server, 'IDLE')).toBe(0);
		const next = restarted.poll();
		await idling(server);
		inbox.append(mail('one'));
		await soon(() => deliveries.length, 1);
		await deactivate();
		expect(await next).toEqual([]);
	});

	test('in the poll at activation alone, also where n8n activates the node twice at a time', async () => {
		const { server, poller } = await start({ budget: 300_000 });
		const options = { server, oneContext: true, id: 'twice', parameters: waiting({}) };
		const [one, other] = [poller, poller].map(
			({ staticData }) => new Poller({ ...options, staticData, emit: () => undefined }),
		) as [Poller, Poller];
		const deactivate = await one.activate();
		expect(await Promise.all([one.poll(), other.poll()])).toEqual([[], []]);
		expect(count(server, 'IDLE')).toBe(0);
		const next = other.poll();
		await idling(server);
		await deactivate();
		expect(await next).toEqual([]);
	});

	test('in a manual test', async () => {
		const { server, inbox, poller } = await start();
		inbox.append(mail('one'));
		expect(await poller.poll('manual')).toHaveLength(1);
		expect(count(server, 'IDLE')).toBe(0);
	});

	test('without the option', async () => {
		const { server, poller } = await start();
		const plain = new Poller({ server, staticData: poller.staticData, budget: 200_000 });
		expect(await plain.poll()).toEqual([]);
		expect(count(server, 'IDLE')).toBe(0);
	});
});

describe('the wait ends', () => {
	test('at deactivation, at once', async () => {
		const { server, poller, deactivate } = await start();
		const poll = poller.poll();
		await idling(server);
		await deactivate();
		expect(await poll).toEqual([]);
		await soon(() => server.connections.open, 0);
		// Activated again, it waits again.
		const again = await poller.activate();
		const next = poller.poll();
		await idling(server, 2);
		await again();
		expect(await next).toEqual([]);
	});

	test('at deactivation while mail is fetched, which then starts no execution', async () => {
		const { server, inbox, poller, delivered, deactivate } = await start();
		const poll = poller.subjects();
		await idling(server);
		server.faults.on = ({ line }) => {
			if (/^UID FETCH .*ENVELOPE/.test(line)) void deactivate();
			return undefined;
		};
		inbox.append(mail('one'));
		// n8n drops what a poll of an inactive workflow returns, and the cursor with it.
		expect(await poll).toEqual(['one']);
		expect(delivered()).toEqual([]);
	});

	test('when the next poll begins, which goes on over the same connection', async () => {
		const { server, inbox, poller, deliveries, deactivate } = await start();
		const connections = (): number => server.connections.total;
		const first = poller.poll();
		await idling(server);
		const before = connections();
		const second = poller.poll();
		expect(await first).toEqual([]);
		await idling(server, 2);
		expect(connections()).toBe(before);
		inbox.append(mail('one'));
		await soon(() => deliveries.length, 1);
		await deactivate();
		expect(await second).toEqual([]);
	});

	test('when another node needs a connection of the account', async () => {
		onTestFinished(() => void vi.unstubAllEnvs());
		vi.stubEnv(CONNECTIONS_VARIABLE, '1');
		const { server, inbox, poller } = await start();
		inbox.append(mail('one'));
		const poll = poller.poll();
		await idling(server);
		const found = await jsonOf({
			node: 'imap4Message',
			operation: 'getMany',
			server,
			parameters: { mailbox: { __rl: true, mode: 'path', value: 'INBOX' } },
		});
		expect(found).toHaveLength(1);
		expect(await poll).toEqual([]);
	});

	test('a broken connection is not reported as an error: the next poll continues', async () => {
		const { server, inbox, poller, delivered, deactivate } = await start();
		const poll = poller.poll();
		await idling(server);
		server.cutAll();
		expect(await poll).toEqual([]);
		inbox.append(mail('one'));
		const next = poller.poll();
		await soon(delivered, ['one']);
		await deactivate();
		expect(await next).toEqual([]);
	});

	test('at the deadline, with an error, if the server does not let go', async () => {
		const { server, inbox, poller, deliveries } = await start({ budget: 4_000 });
		server.faults.on = ({ line }) => (line === 'IDLE' ? '+ idling\r\n' : undefined);
		inbox.append(mail('one'));
		await expect(poller.poll()).rejects.toMatchObject({
			failure: { cause: 'temporarily-unavailable' },
		});
		// What was delivered before stays so.
		expect(deliveries).toHaveLength(1);
		delete server.faults.on;
		expect(await poller.poll()).toEqual([]);
		expect(deliveries).toHaveLength(1);
	});
});

describe('a server', () => {
	test.each<[string, MemoryServerOptions, ((tag: string) => string) | undefined]>([
		['without IDLE', { capabilities: { remove: ['IDLE'] } }, undefined],
		['that refuses IDLE', {}, (tag) => `${tag} NO not now\r\n`],
		['that does not know the IDLE it offers', {}, (tag) => `${tag} BAD unknown\r\n`],
	])('%s is asked every few seconds', async (_name, serverOptions, answer) => {
		const { server, inbox, poller, delivered, deactivate } = await start({ serverOptions });
		if (answer) server.faults.on = ({ tag, line }) => (line === 'IDLE' ? answer(tag) : undefined);
		const poll = poller.poll();
		await soon(() => count(server, 'CHECK') > 1, true);
		inbox.append(mail('one'));
		await soon(delivered, ['one']);
		await deactivate();
		expect(await poll).toEqual([]);
		expect(server.commands.length).toBeLessThan(40);
	});

	test('that ends IDLE at once is not asked in a loop', async () => {
		const { server, inbox, poller, delivered, deactivate } = await start();
		server.faults.on = ({ tag, line }) =>
			line === 'IDLE' ? `+ idling\r\n${tag} OK done\r\n` : undefined;
		const poll = poller.poll();
		await idling(server);
		inbox.append(mail('one'));
		await soon(delivered, ['one']);
		await deactivate();
		expect(await poll).toEqual([]);
		expect(count(server, 'IDLE')).toBeLessThan(6);
		expect(server.commands.length).toBeLessThan(40);
	});

	test('that idles and stays silent is looked at again before the wait ends', async () => {
		const { server, inbox, poller, delivered } = await start({
			serverOptions: { silentIdle: true },
			budget: 4_000,
		});
		const poll = poller.poll();
		await idling(server);
		inbox.append(mail('one'));
		expect(await poll).toEqual([]);
		expect(delivered()).toEqual(['one']);
	});
});

test('an n8n that takes no items within a poll gets them when they come, at the end of the poll', async () => {
	hurryTime();
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	const poller = new Poller({ server, budget: 100_000, parameters: waiting({}) });
	await poller.poll();
	const poll = poller.subjects();
	await idling(server);
	inbox.append(mail('one'));
	expect(await poll).toEqual(['one']);
	expect(poller.restarted().staticData).toMatchObject({
		'node:Trigger': { imap4: { mailboxes: { INBOX: { lastUid: 1 } } } },
	});
});

describe('several mailboxes', () => {
	const several = {
		mailboxes: ['Lists', 'Work'],
		parameters: { watch: 'several', mailboxes: ['INBOX', 'Lists', 'Work'] },
	};

	test('the first is idled on, the others are looked at every few seconds', async () => {
		const { server, account, inbox, poller, delivered } = await start({
			...several,
			serverOptions: { capabilities: { remove: ['NOTIFY'] } },
		});
		void poller.poll();
		await idling(server);
		inbox.append(mail('in INBOX'));
		await soon(delivered, ['in INBOX']);
		account.mailbox('Work').append(mail('in Work'));
		await soon(delivered, ['in INBOX', 'in Work']);
	});

	test('mail that comes between the look and IDLE does not wait', async () => {
		const { server, inbox, poller, delivered } = await start({
			...several,
			serverOptions: { capabilities: { remove: ['NOTIFY'] } },
		});
		let examined = 0;
		server.faults.on = ({ line }) => {
			if (/^EXAMINE "?INBOX/.test(line) && examined++ === 0) inbox.append(mail('one'));
			return undefined;
		};
		void poller.poll();
		// Sooner than the others are looked at.
		await soon(delivered, ['one'], 3_000);
	});

	test('nor does a flag that changes there', async () => {
		const { server, inbox, poller, delivered } = await start({
			...several,
			parameters: { ...several.parameters, event: 'flagsChanged' },
			budget: 10_000,
			serverOptions: { capabilities: { remove: ['NOTIFY'] } },
		});
		const one = inbox.append(mail('one'));
		await poller.poll();
		server.faults.on = ({ line }) => {
			const opens = /^EXAMINE "?INBOX/.test(line) && !one.flags.has('\\Flagged');
			if (opens) inbox.setFlags(one, ['\\Flagged']);
			return undefined;
		};
		void poller.poll();
		await soon(delivered, ['one'], 3_000);
	});
});

test('nothing is waited for where nothing works: the error is seen at once', async () => {
	const { server, poller } = await start();
	server.faults.on = ({ tag, line }) =>
		line.startsWith('EXAMINE') ? `${tag} NO [INUSE] later\r\n` : undefined;
	await expect(poller.poll()).rejects.toThrow('INUSE');
	expect(count(server, 'IDLE')).toBe(0);
});

describe.each([
	['with NOTIFY', []],
	['without NOTIFY', ['NOTIFY']],
])('one of several mailboxes that fails, %s', (_how, remove) => {
	const several = {
		mailboxes: ['Lists', 'Work'],
		parameters: { watch: 'several', mailboxes: ['INBOX', 'Lists', 'Work'] },
		serverOptions: { capabilities: { remove } },
	};

	/** The STATUS of the mailbox is refused for so many times. */
	function refuse(server: MemoryServer, times = Infinity): void {
		let refused = 0;
		server.faults.on = ({ tag, line }) =>
			line.startsWith('STATUS Lists') && refused++ < times
				? `${tag} NO [NOPERM] no\r\n`
				: undefined;
	}

	test('does not end the wait for the others', async () => {
		const { server, account, inbox, poller, delivered, deactivate } = await start(several);
		refuse(server);
		const poll = poller.poll();
		await idling(server);
		inbox.append(mail('one'));
		await soon(delivered, ['one']);
		account.mailbox('Work').append(mail('two'));
		await soon(delivered, ['one', 'two']);
		await deactivate();
		expect(await poll).toEqual([]);
		expect(poller.errors).toHaveLength(1);
	});

	test('and works again is not remembered as failing', async () => {
		const { server, inbox, poller, delivered, deactivate } = await start(several);
		refuse(server, 1);
		const poll = poller.poll();
		await idling(server);
		inbox.append(mail('one'));
		await soon(delivered, ['one']);
		await deactivate();
		expect(await poll).toEqual([]);
		expect(JSON.stringify(poller.staticData)).not.toContain('failing');
	});

	test('ends the wait when it begins to fail, and is reported', async () => {
		const { server, inbox, poller, delivered } = await start(several);
		const poll = poller.poll();
		await idling(server);
		refuse(server);
		inbox.append(mail('one'));
		expect(await poll).toEqual([]);
		expect(delivered()).toEqual(['one']);
		expect(poller.errors).toHaveLength(1);
	});
});

describe('the other events', () => {
	test('a flag that changes', async () => {
		const { server, inbox, poller, delivered } = await start({
			parameters: { event: 'flagsChanged' },
		});
		const one = inbox.append(mail('one'));
		void poller.poll();
		await idling(server);
		inbox.setFlags(one, ['\\Flagged']);
		await soon(delivered, ['one']);
	});

	test('a message that is removed', async () => {
		const { server, inbox, poller, delivered } = await start({
			parameters: { event: 'messageRemoved' },
		});
		const one = inbox.append(mail('one'));
		inbox.append(mail('two'));
		void poller.poll();
		await idling(server);
		inbox.remove(new Set([one]));
		await soon(delivered, [1]);
	});
});
