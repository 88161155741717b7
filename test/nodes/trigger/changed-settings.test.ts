/** A trigger whose settings are changed while it runs: what nobody watched is not new. */
import { describe, expect, test, vi } from 'vitest';
import type { INodeParameters } from 'n8n-workflow';
import { mail, startServer, USER } from '../run-node';
import { messageReceived } from '../../../nodes/Imap4MessageTrigger/events/message-received';
import { newestFingerprints } from '../../../nodes/Imap4MessageTrigger/uidvalidity-change';
import type { MemoryServer } from '../../server';
import { mailboxPoll, settingsOf } from './one-mailbox';
import { Poller } from './poller';

const watching = (name: string): INodeParameters => ({
	mailbox: { __rl: true, mode: 'path', value: name },
});

async function start(parameters: INodeParameters) {
	const server = await startServer();
	const account = server.account(USER);
	const [a, b] = [account.create('A'), account.create('B')];
	for (const mailbox of [a, b]) mailbox.append(mail('old'));
	let poller = new Poller({ server, parameters });
	await poller.poll();
	return {
		server,
		a,
		b,
		subjects: () => poller.subjects(),
		poll: () => poller.poll(),
		change: async (changed: INodeParameters): Promise<unknown[]> => {
			const { staticData } = poller;
			poller = new Poller({ ...poller.options, parameters: changed, staticData });
			return poller.subjects();
		},
	};
}

test.each<[string, INodeParameters, INodeParameters]>([
	['one mailbox, another one', watching('A'), watching('B')],
	[
		'a pattern, a narrower one',
		{ watch: 'pattern', pattern: '*' },
		{ watch: 'pattern', pattern: 'B' },
	],
	['a pattern, one mailbox', { watch: 'pattern', pattern: '*' }, watching('B')],
	[
		'several mailboxes, fewer',
		{ watch: 'several', mailboxes: ['A', 'B'] },
		{ watch: 'several', mailboxes: ['B'] },
	],
])('%s, and back: only what comes from then on is delivered', async (_title, first, second) => {
	const { a, b, subjects, change } = await start(first);
	a.append(mail('one'));
	expect(await subjects()).toEqual(['one']);
	expect(await change(second)).toEqual([]);
	a.append(mail('not watched'));
	b.append(mail('watched'));
	expect(await subjects()).toEqual(['watched']);
	expect(await change(first)).toEqual([]);
	a.append(mail('two'));
	expect(await subjects()).toEqual(['two']);
	expect(await subjects()).toEqual([]);
});

test.each(['flagsChanged', 'messageRemoved'])('%s: neither are changes', async (event) => {
	const { a, poll, change } = await start({ event, ...watching('A') });
	a.append(mail('two'));
	await poll();
	await change({ event, ...watching('B') });
	const [one, two] = a.messages;
	if (!one || !two) throw new Error('There are no messages');
	a.setFlags(one, ['\\Flagged']);
	if (event === 'messageRemoved') a.remove(new Set([one]));
	expect(await change({ event, ...watching('A') })).toEqual([]);
	a.setFlags(two, ['\\Flagged']);
	if (event === 'messageRemoved') a.remove(new Set([two]));
	expect((await poll()).map(({ uid }) => uid)).toEqual([2]);
});

test('with existing messages, they are delivered', async () => {
	const options = { options: { includeExisting: true } };
	const { a, change } = await start({ ...watching('A'), ...options });
	expect(await change({ ...watching('B'), ...options })).toEqual(['old']);
	a.append(mail('meanwhile'));
	expect(await change({ ...watching('A'), ...options })).toEqual(['meanwhile']);
});

test('what was not acknowledged before is redelivered after it', async () => {
	const acknowledged = { delivery: 'acknowledged', againAfter: 1 };
	const { a, subjects, change } = await start({ ...watching('A'), ...acknowledged });
	a.append(mail('one'));
	expect(await subjects()).toEqual(['one']);
	expect(await change({ ...watching('B'), ...acknowledged })).toEqual([]);
	a.append(mail('not watched'));
	expect(await change({ ...watching('A'), ...acknowledged })).toEqual([]);
	const now = Date.now();
	const clock = vi.spyOn(Date, 'now').mockReturnValue(now + 61_000);
	try {
		expect(await subjects()).toEqual(['one']);
	} finally {
		clock.mockRestore();
	}
});

describe('Compare by Message-ID, chosen later', () => {
	const byMessageId = { options: { onRenumbered: 'rescan' } };
	const renumber = (server: MemoryServer, to: number): void => {
		server.faults.rewrite = (octets) =>
			Buffer.from(
				octets.toString('latin1').replace(/UIDVALIDITY \d+/g, `UIDVALIDITY ${to}`),
				'latin1',
			);
	};

	test('delivers nothing again, whether UIDVALIDITY has changed by then or changes afterwards', async () => {
		for (const isLate of [false, true]) {
			const { server, a, subjects, change } = await start(watching('A'));
			a.append(mail('one'));
			expect(await subjects()).toEqual(['one']);
			if (isLate) renumber(server, 77);
			expect(await change({ ...watching('A'), ...byMessageId })).toEqual([]);
			renumber(server, 78);
			a.append(mail('two'));
			expect(await subjects()).toEqual(['two']);
		}
	});

	test('knows what was handled before, and not what is still to be delivered', async () => {
		const { server, a } = await start(watching('A'));
		for (const name of ['two', 'three', 'four', 'five']) a.append(mail(name));
		const settings = settingsOf({
			onRenumbered: 'rescan',
			acknowledgement: {
				keyword: 'done',
				shared: undefined,
				byReading: false,
				againAfter: 60_000,
				most: 10,
			},
			filters: { query: { subject: 'none' }, received: {}, sent: {} },
		});
		const poll = await mailboxPoll(server, {
			name: 'A',
			settings,
			cursor: {
				uidValidity: a.uidValidity,
				lastUid: 4,
				queue: '1',
				held: { 4: { tries: 3, reason: 'no' } },
				inFlight: { 3: { given: Date.now(), times: 1, seen: false } },
			},
		});
		const second = (await newestFingerprints(poll)).get(2);
		expect((await messageReceived(poll)).cursor.fingerprints).toEqual([second]);
	});
});
