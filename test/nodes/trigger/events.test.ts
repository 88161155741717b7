/** The events beside Message Received. */
import { describe, expect, test } from 'vitest';
import type { MemoryServerOptions } from '../../server';
import { ACCOUNT, mail, startServer, USER } from '../run-node';
import { Poller } from './poller';

const withoutCounts = { capabilities: { remove: ['CONDSTORE', 'QRESYNC'] } };

async function start(
	parameters: Record<string, string | number | object>,
	options: MemoryServerOptions = {},
) {
	const server = await startServer(options);
	const account = server.account(USER);
	const inbox = account.mailbox('INBOX');
	for (const name of ['one', 'two', 'three']) inbox.append(mail(name));
	const poller = new Poller({ server, parameters: parameters as never });
	expect(await poller.poll()).toEqual([]);
	return { server, account, inbox, poller };
}

describe.each<[string, MemoryServerOptions]>([
	['with CONDSTORE', {}],
	['without CONDSTORE', withoutCounts],
])('Flags Changed %s', (_name, options) => {
	const flagsChanged = { event: 'flagsChanged' };

	test('reports which flags came and went, once', async () => {
		const { inbox, poller } = await start(flagsChanged, options);
		const [one, two] = inbox.messages;
		if (!one || !two) throw new Error('There are no messages');
		inbox.setFlags(one, ['\\Seen', 'invoice']);
		inbox.setFlags(two, ['\\Flagged']);
		expect(await poller.poll()).toMatchObject([
			{ uid: 1, subject: 'one', flags: ['\\Seen', 'invoice'], added: ['\\Seen', 'invoice'] },
			{ uid: 2, subject: 'two', added: ['\\Flagged'], removed: [] },
		]);
		expect(await poller.poll()).toEqual([]);
		inbox.setFlags(one, ['invoice']);
		expect(await poller.poll()).toMatchObject([{ uid: 1, added: [], removed: ['\\Seen'] }]);
	});

	test('a new message is not a change, but what is done to it is', async () => {
		const { inbox, poller } = await start(flagsChanged, options);
		const fresh = inbox.append(mail('four'), { flags: ['\\Seen'] });
		expect(await poller.poll()).toEqual([]);
		inbox.setFlags(fresh, ['\\Seen', '\\Answered']);
		expect(await poller.poll()).toMatchObject([{ uid: 4, added: ['\\Answered'] }]);
	});

	test('only the flags that matter', async () => {
		const { inbox, poller } = await start(
			{ ...flagsChanged, changedFlags: ['\\Flagged'], changedKeywords: 'Invoice' },
			options,
		);
		const [one, two, three] = inbox.messages;
		if (!one || !two || !three) throw new Error('There are no messages');
		inbox.setFlags(one, ['\\Seen']);
		inbox.setFlags(two, ['\\Flagged']);
		inbox.setFlags(three, ['invoice']);
		expect((await poller.poll()).map(({ uid }) => uid)).toEqual([2, 3]);
	});

	test('many changes at once come over several polls, each once', async () => {
		const { inbox, poller } = await start({ ...flagsChanged, options: { most: 2 } }, options);
		for (const message of inbox.messages) inbox.setFlags(message, ['\\Seen']);
		const given = [...(await poller.poll()), ...(await poller.poll()), ...(await poller.poll())];
		expect(given.map(({ uid }) => uid)).toEqual([1, 2, 3]);
	});

	test('filters hold', async () => {
		const { inbox, poller } = await start(
			{ ...flagsChanged, filters: { subject: 'two' } },
			options,
		);
		for (const message of inbox.messages) inbox.setFlags(message, ['\\Seen']);
		expect((await poller.poll()).map(({ subject }) => subject)).toEqual(['two']);
		expect(await poller.poll()).toEqual([]);
	});
});

test('Flags Changed: with CONDSTORE, messages beyond those that are watched are reported as well', async () => {
	const { inbox, poller, server } = await start({
		event: 'flagsChanged',
		options: { watchNewest: 1 },
	});
	const [one] = inbox.messages;
	if (!one) throw new Error('There is no message');
	inbox.setFlags(one, ['\\Seen']);
	expect(await poller.poll()).toMatchObject([{ uid: 1, flags: ['\\Seen'], added: null }]);
	const from = server.commands.length;
	expect(await poller.poll()).toEqual([]);
	expect(server.commands.slice(from).map(({ name }) => name)).not.toContain('UID FETCH');
});

describe('Flags Changed: mod-sequences that cannot be relied on', () => {
	test('a count that starts again: what was changed meanwhile is found by comparison', async () => {
		const { inbox, poller } = await start({ event: 'flagsChanged' });
		const [one, two] = inbox.messages;
		if (!one || !two) throw new Error('There are no messages');
		for (let times = 0; times < 20; times++) inbox.setFlags(one, times % 2 ? [] : ['\\Seen']);
		await poller.poll();
		for (const message of inbox.messages) message.modSeq = 1;
		inbox.highestModSeq = 2;
		inbox.setFlags(two, ['\\Flagged']);
		expect(await poller.poll()).toMatchObject([{ uid: 2, added: ['\\Flagged'] }]);
		expect(await poller.poll()).toEqual([]);
		inbox.setFlags(one, ['\\Answered']);
		expect(await poller.poll()).toMatchObject([{ uid: 1, detectedBy: 'CONDSTORE' }]);
	});

	test('one of more than 63 bits, which no client may send', async () => {
		const { server, inbox, poller } = await start({ event: 'flagsChanged' });
		server.faults.rewrite = (octets) =>
			Buffer.from(
				octets
					.toString('latin1')
					.replace(/HIGHESTMODSEQ (\d+)/, (_all, digits: string) =>
						['HIGHESTMODSEQ', String(2n ** 64n - 1000n + BigInt(digits))].join(' '),
					),
				'latin1',
			);
		const [one] = inbox.messages;
		if (!one) throw new Error('There are no messages');
		for (const flag of ['\\Seen', '\\Flagged']) {
			inbox.setFlags(one, [...one.flags, flag]);
			expect(await poller.poll()).toMatchObject([{ uid: 1, added: [flag] }]);
			expect(await poller.poll()).toEqual([]);
		}
	});
});

describe.each<[string, MemoryServerOptions]>([
	['with QRESYNC', {}],
	['without QRESYNC', { capabilities: { remove: ['QRESYNC'] } }],
	['without CONDSTORE', withoutCounts],
])('Message Removed %s', (_name, options) => {
	const messageRemoved = { event: 'messageRemoved' };

	test('reports each message that has gone, once', async () => {
		const { inbox, poller } = await start(messageRemoved, options);
		inbox.append(mail('four'));
		expect(await poller.poll()).toEqual([]);
		inbox.remove(new Set(inbox.messages.slice(1, 3)));
		expect(await poller.poll()).toEqual([
			{
				id: `127.0.0.1/anna%40example.com/INBOX/${inbox.uidValidity}/2`,
				event: 'messageRemoved',
				mailbox: 'INBOX',
				uidValidity: inbox.uidValidity,
				uid: 2,
				account: ACCOUNT,
				removed: true,
				detectedBy: expect.any(String) as string,
			},
			expect.objectContaining({ uid: 3 }),
		]);
		expect(await poller.poll()).toEqual([]);
		inbox.remove(new Set(inbox.messages));
		expect((await poller.poll()).map(({ uid }) => uid)).toEqual([1, 4]);
	});

	test('more than a poll may give come with the next', async () => {
		const { inbox, poller } = await start({ ...messageRemoved, options: { most: 2 } }, options);
		inbox.remove(new Set(inbox.messages));
		const given = [...(await poller.poll()), ...(await poller.poll()), ...(await poller.poll())];
		expect(given.map(({ uid }) => uid)).toEqual([1, 2, 3]);
	});
});

describe('Quota Above', () => {
	test('comes when the limit is crossed, and again after it was below', async () => {
		const { server, inbox, poller, account } = await start(
			{ event: 'quotaAbove', quotaPercent: 50 },
			{ quotaBytes: 100 * 1024 },
		);
		const large = inbox.append(Buffer.alloc(60 * 1024, 'x'));
		expect(await poller.poll()).toMatchObject([
			{ event: 'quotaAbove', mailbox: 'INBOX', resource: 'STORAGE', percent: expect.any(Number) },
		]);
		expect(await poller.poll()).toEqual([]);
		inbox.remove(new Set([large]));
		expect(await poller.poll()).toEqual([]);
		inbox.append(Buffer.alloc(60 * 1024, 'x'));
		expect(await poller.poll()).toHaveLength(1);
		expect(account.quota.octetLimit).toBe(100 * 1024);
		expect(server.commands.map(({ name }) => name)).not.toContain('EXAMINE');
	});

	test('a manual test shows all quotas, and says so of those that are not above', async () => {
		const { inbox, poller } = await start(
			{ event: 'quotaAbove', quotaPercent: 50 },
			{ quotaBytes: 100 * 1024 },
		);
		expect(await poller.poll('manual')).toMatchObject([
			{ resource: 'STORAGE', sample: expect.stringContaining('in this test only') as string },
		]);
		inbox.append(Buffer.alloc(60 * 1024, 'x'));
		const [above] = await poller.poll('manual');
		expect(above).toMatchObject({ resource: 'STORAGE' });
		expect(above).not.toHaveProperty('sample');
	});
});

test.each(['flagsChanged', 'messageRemoved'])(
	'a manual test of %s shows the newest',
	async (event) => {
		const { poller } = await start({ event });
		const before = poller.staticData;
		expect(await poller.poll('manual')).toMatchObject([{ uid: 3, event }]);
		expect(poller.staticData).toEqual(before);
	},
);
