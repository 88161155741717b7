/** Every message is accounted for, whatever the server leaves out or cannot return. */
import { describe, expect, test } from 'vitest';
import type { MemoryServer } from '../../server';
import { mail, startServer, USER } from '../run-node';
import { Poller } from './poller';

async function start(parameters = {}, options = {}) {
	const server = await startServer(options);
	const inbox = server.account(USER).mailbox('INBOX');
	const poller = new Poller({ server, parameters });
	await poller.poll();
	for (const name of ['one', 'two', 'three', 'four']) inbox.append(mail(name));
	return { server, inbox, poller };
}

/** Answers each UID FETCH for whole messages that concerns this UID. */
function onFetch(
	server: MemoryServer,
	uid: number,
	answer: (tag: string, uids: number[]) => string,
) {
	server.faults.on = ({ tag, line }) => {
		const set = /^UID FETCH (\S+) \(.*ENVELOPE/.exec(line)?.[1];
		if (set === undefined) return undefined;
		const uids = set.split(',').flatMap((part) => {
			const [from = 0, to = from] = part.split(':').map(Number);
			return Array.from({ length: to - from + 1 }, (_, n) => from + n);
		});
		return uids.includes(uid) ? answer(tag, uids) : undefined;
	};
}

const row = (uid: number): string =>
	`* ${uid} FETCH (UID ${uid} FLAGS () INTERNALDATE "01-Jan-2026 00:00:00 +0000" ENVELOPE (NIL "row ${uid}" NIL NIL NIL NIL NIL NIL NIL NIL))\r\n`;

test('a message that FETCH leaves out comes in a later poll, and the others do not wait', async () => {
	const { server, poller } = await start();
	onFetch(server, 2, (tag, uids) =>
		uids
			.filter((uid) => uid !== 2)
			.map(row)
			.concat(`${tag} OK done\r\n`)
			.join(''),
	);
	const uids = (await poller.poll()).map(({ uid }) => uid);
	expect(uids).toEqual([1, 3, 4]);
	server.faults.on = undefined;
	expect(await poller.subjects()).toEqual(['two']);
	expect(await poller.poll()).toEqual([]);
});

describe.each<[string, (tag: string, uids: number[]) => string]>([
	[
		'left out of every FETCH',
		(tag, uids) =>
			`${uids
				.filter((u) => u !== 2)
				.map(row)
				.join('')}${tag} OK done\r\n`,
	],
	[
		'refused with its whole set',
		(tag, uids) =>
			`${uids
				.filter((u) => u !== 2)
				.map(row)
				.join('')}${tag} NO Some messages could not be FETCHed (Failure)\r\n`,
	],
])('a message that is %s', (_name, answer) => {
	test('is returned as unreadable after three polls; nothing after it waits', async () => {
		const { server, inbox, poller } = await start();
		onFetch(server, 2, answer);
		expect((await poller.poll()).map(({ uid }) => uid)).toEqual([1, 3, 4]);
		inbox.append(mail('five'));
		expect(await poller.subjects()).toEqual(['five']);
		expect(await poller.poll()).toEqual([]);
		expect(await poller.poll()).toMatchObject([
			{
				id: `127.0.0.1/anna%40example.com/INBOX/${inbox.uidValidity}/2`,
				mailbox: 'INBOX',
				uid: 2,
				unreadable: expect.any(String) as string,
				size: expect.any(Number) as number,
			},
		]);
		expect(await poller.poll()).toEqual([]);
		inbox.append(mail('six'));
		expect(await poller.subjects()).toEqual(['six']);
	});
});

test('a message whose FETCH ends the connection is singled out; the others are delivered', async () => {
	const { server, poller } = await start();
	onFetch(server, 2, () => '* BYE FETCH failed\r\n');
	const given: unknown[] = [];
	for (let polls = 0; polls < 9; polls++) {
		given.push(...(await poller.poll().catch(() => [])));
	}
	expect(given).toMatchObject([
		{ subject: 'one' },
		{ subject: 'three' },
		{ subject: 'four' },
		{ uid: 2, unreadable: expect.stringContaining('FETCH failed') as string },
	]);
	expect(await poller.poll()).toEqual([]);
});

test('a message that was removed between SEARCH and FETCH holds nothing up', async () => {
	const { server, inbox, poller } = await start();
	const [, two] = inbox.messages;
	server.faults.on = ({ line }) => {
		if (two && line.startsWith('UID FETCH')) inbox.remove(new Set([two]));
		return undefined;
	};
	expect(await poller.subjects()).toEqual(['one', 'three', 'four']);
	server.faults.on = undefined;
	expect(JSON.stringify(poller.staticData)).not.toContain('held');
});

test.each([
	['with an empty SEARCH', '* SEARCH\r\n'],
	['with nothing but OK', ''],
	['with some of them', '* SEARCH 1 4\r\n'],
])('messages that SEARCH answers %s are not taken as removed', async (_name, answer) => {
	const { server, inbox, poller } = await start(
		{ event: 'messageRemoved' },
		{ capabilities: { remove: ['ESEARCH', 'CONDSTORE', 'QRESYNC'] } },
	);
	await poller.poll();
	inbox.append(mail('five'));
	server.faults.on = ({ tag, line }) =>
		line.startsWith('UID SEARCH') ? `${answer}${tag} OK done\r\n` : undefined;
	// An empty answer is an error that n8n shows; one that lacks some is not believed.
	if (answer.includes('1 4')) expect(await poller.poll()).toEqual([]);
	else await expect(poller.poll()).rejects.toThrow('its SEARCH returned none');
	server.faults.on = undefined;
	inbox.remove(new Set(inbox.messages.slice(1, 2)));
	expect(await poller.poll()).toMatchObject([{ uid: 2, removed: true }]);
});

test('a server that keeps a poll waiting ends it with an error within the budget, not with "nothing new"', async () => {
	const { server } = await start();
	const poller = new Poller({ server, budget: 1_500 });
	server.faults.on = ({ line }) =>
		/^(LOGIN|AUTHENTICATE)/.test(line) ? '* OK still working\r\n' : undefined;
	const began = Date.now();
	await expect(poller.poll()).rejects.toMatchObject({
		failure: { cause: 'temporarily-unavailable' },
	});
	expect(Date.now() - began).toBeLessThan(4_000);
	server.faults.on = undefined;
	expect(await poller.poll()).toEqual([]);
});

test.each([
	['one too low', (uidNext: number) => uidNext - 1],
	['always 1', () => 1],
])(
	'a UIDNEXT that is %s neither holds up a message nor renumbers the mailbox',
	async (_name, wrong) => {
		const server = await startServer();
		const box = server.account(USER).mailbox('INBOX');
		server.faults.rewrite = (octets) =>
			Buffer.from(
				octets
					.toString('latin1')
					.replace(/UIDNEXT (\d+)/, (_all, uidNext) => `UIDNEXT ${wrong(Number(uidNext))}`),
				'latin1',
			);
		for (const old of ['old', 'older', 'oldest']) box.append(mail(old));
		const poller = new Poller({ server });
		expect(await poller.subjects()).toEqual([]);
		for (const name of ['first', 'second', 'third']) {
			box.append(mail(name));
			expect(await poller.subjects()).toEqual([name]);
			expect(await poller.subjects()).toEqual([]);
		}
	},
);
