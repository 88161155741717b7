import { UidSet } from '../../../engine/index';
import { describe, expect, test } from 'vitest';
import type { UntaggedResponse } from '../../../engine/index';
import { nothingUnhandled, selected, loggedIn, turns } from './fake-transport';

nothingUnhandled();

const told: UntaggedResponse[] = [];
const onUnsolicited = (response: UntaggedResponse): void => void told.push(response);
const seqs = (messages: { seq: number }[]): number[] => messages.map(({ seq }) => seq);

/** A session that tells what nobody asked for. */
async function telling(capabilities?: string): ReturnType<typeof selected> {
	const connected = await selected({ onUnsolicited }, { capabilities });
	told.length = 0;
	return connected;
}

describe('a FETCH takes what it asked for', () => {
	test('unsolicited data, of other messages and of the same, is reported and not mixed in', async () => {
		const { imap, server } = await telling();
		const fetched = imap.selected.bySequenceNumber.fetch('2,4', { size: true, flags: true }).all();
		await server.answer(
			'FETCH 2,4 (FLAGS RFC822.SIZE)',
			'* 7 FETCH (FLAGS (\\Seen))',
			'* 2 FETCH (FLAGS () RFC822.SIZE 20)',
			'* 2 FETCH (FLAGS (\\Flagged))',
			'* 3 FETCH (RFC822.SIZE 30 FLAGS ())',
			'* 11 EXISTS',
			'* 4 FETCH (RFC822.SIZE 40 FLAGS () MODSEQ (5))',
		);
		expect(seqs(await fetched)).toEqual([2, 4]);
		expect(told).toMatchObject([
			{ message: { seq: 7, flags: ['\\Seen'] } },
			{ message: { seq: 2, flags: ['\\Flagged'] } },
			{ message: { seq: 3 } },
			{ type: 'EXISTS', number: 11 },
		]);
		expect(imap.mailbox?.exists).toBe(11);
	});

	test('of flags alone: the first answer for each message is its own, a second is news', async () => {
		const { imap, server } = await telling();
		const fetched = imap.selected.bySequenceNumber.fetch('1:2', { flags: true }).all();
		await server.answer(
			/^FETCH/,
			'* 1 FETCH (FLAGS ())',
			'* 1 FETCH (FLAGS (\\Seen))',
			'* 2 FETCH (FLAGS ())',
		);
		expect((await fetched).map(({ flags }) => flags)).toEqual([[], []]);
		expect(told).toMatchObject([{ message: { seq: 1, flags: ['\\Seen'] } }]);
	});

	test('of nothing in particular asks for UIDs, and news without one is no answer', async () => {
		const { imap, server } = await telling();
		const fetched = imap.selected.bySequenceNumber.fetch('1:2', {}).all();
		await server.answer(
			'FETCH 1:2 (UID)',
			'* 1 FETCH (FLAGS (\\Seen))',
			'* 1 FETCH (UID 11)',
			'* 2 FETCH (UID 12)',
		);
		expect((await fetched).map(({ uid }) => uid)).toEqual([11, 12]);
		expect(told).toHaveLength(1);
	});

	test('by UID: what comes without UID is news', async () => {
		const { imap, server } = await telling();
		const fetched = imap.selected.fetch('11:12', { flags: true }).all();
		await server.answer(
			'UID FETCH 11:12 (UID FLAGS)',
			'* 1 FETCH (FLAGS (\\Seen))',
			'* 11 FETCH (UID 3 FLAGS ())',
			'* 1 FETCH (FLAGS () UID 11)',
		);
		expect((await fetched).map(({ uid }) => uid)).toEqual([11]);
		expect(told).toHaveLength(2);
	});

	test('by UID: 12:* takes the last message though its UID is lower (RFC 9051 §9 seq-range)', async () => {
		const { imap, server } = await telling();
		const fetched = imap.selected.fetch('12:*', { size: true }).all();
		await server.answer(/^UID FETCH/, '* 10 FETCH (UID 10 RFC822.SIZE 1)');
		expect((await fetched).map(({ uid }) => uid)).toEqual([10]);
	});

	test('two at once, answered in any order: each has its own', async () => {
		const { imap, server } = await telling();
		const first = imap.selected.fetch('1:2', { size: true }).all();
		const second = imap.selected.fetch('3:4', { size: true }).all();
		const one = await server.command(/1:2/);
		const two = await server.command(/3:4/);
		server.say(
			'* 3 FETCH (UID 3 RFC822.SIZE 3)',
			'* 1 FETCH (UID 1 RFC822.SIZE 1)',
			'* 4 FETCH (UID 4 RFC822.SIZE 4)',
			`${two} OK`,
			'* 2 FETCH (UID 2 RFC822.SIZE 2)',
			`${one} OK`,
		);
		expect(seqs(await first)).toEqual([1, 2]);
		expect(seqs(await second)).toEqual([3, 4]);
	});

	test('two of other sections of the same message: each has its own', async () => {
		const { imap, server } = await telling();
		const first = imap.selected.fetch('1', { body: [{ section: 'HEADER' }] }).all();
		const second = imap.selected.fetch('1', { body: [{ section: 'TEXT' }] }).all();
		const one = await server.command(/HEADER/);
		const two = await server.command(/TEXT/);
		server.say(
			'* 1 FETCH (UID 1 BODY[TEXT] "t")',
			'* 1 FETCH (UID 1 BODY[HEADER] "h")',
			`${one} OK`,
			`${two} OK`,
		);
		expect((await first)[0]?.body[0]?.content?.toString()).toBe('h');
		expect((await second)[0]?.body[0]?.content?.toString()).toBe('t');
	});

	test('sections come in the order they were asked for, what is missing as null', async () => {
		const { imap, server } = await telling();
		const fetched = imap.selected.bySequenceNumber
			.fetch('1', {
				body: [
					{ section: '1.2.mime' },
					{ section: 'HEADER.FIELDS', fields: ['Subject', 'From'] },
					{ section: '', partial: { start: 0, length: 5 }, peek: false },
					{ section: '2' },
				],
			})
			.all();
		await server.answer(
			'FETCH 1 (BODY.PEEK[1.2.MIME] BODY.PEEK[HEADER.FIELDS (Subject From)] BODY[]<0.5> BODY.PEEK[2])',
			'* 1 FETCH (BODY[]<0> "hello" BODY[HEADER.FIELDS ("SUBJECT" from)] {3}',
			'a: BODY[2] NIL BODY[3] "more")',
		);
		const [message] = await fetched;
		expect(message?.body.map(({ content }) => content?.toString() ?? content)).toEqual([
			null,
			'a: ',
			'hello',
			null,
			'more',
		]);
	});
});

describe('leaving a fetch loop early', () => {
	test('frees the connection; what still comes is discarded', async () => {
		const { imap, server } = await selected({}, { exists: 5000 });
		const seen: number[] = [];
		const loop = (async () => {
			for await (const { seq } of imap.selected.bySequenceNumber.fetch('1:*', { flags: true })) {
				seen.push(seq);
				if (seq === 3) break;
			}
		})();
		const tag = await server.command(/^FETCH/);
		for (let seq = 1; seq <= 3000; seq++) server.say(`* ${seq} FETCH (FLAGS ())`);
		await loop;
		const noop = imap.noop();
		for (let seq = 3001; seq <= 5000; seq++) server.say(`* ${seq} FETCH (FLAGS ())`);
		server.say(`${tag} OK`);
		await server.answer('NOOP');
		await noop;
		expect(seen).toEqual([1, 2, 3]);
		expect(server.paused).toBe(false);
	});

	test('by an exception of the caller: it is the caller who sees it', async () => {
		const { imap, server } = await telling();
		const loop = (async () => {
			for await (const { seq } of imap.selected.bySequenceNumber.fetch('1:2', { flags: true }))
				throw new Error(`no ${seq}`);
		})();
		const failed = expect(loop).rejects.toThrow('no 1');
		const tag = await server.command(/^FETCH/);
		server.say('* 1 FETCH (FLAGS ())');
		await failed;
		server.say('* 2 FETCH (FLAGS ())', `${tag} NO failed after all`);
		const noop = imap.noop();
		await server.answer('NOOP');
		await noop;
	});

	test('and a connection lost after that is no unhandled rejection', async () => {
		const { imap, server } = await telling();
		const loop = (async () => {
			for await (const message of imap.selected.bySequenceNumber.fetch('1:2', { flags: true }))
				return message.seq;
			return 0;
		})();
		await server.command(/^FETCH/);
		server.say('* 1 FETCH (FLAGS ())');
		expect(await loop).toBe(1);
		server.close();
		await turns();
		expect(imap.closedBy?.code).toBe('CONNECTION_LOST');
	});
});

describe('commands issued inside a fetch loop', () => {
	test('do not wait for rows that nobody has taken yet', async () => {
		const { imap, server } = await selected({}, { exists: 5000 });
		const seen: number[] = [];
		const loop = (async () => {
			for await (const { seq } of imap.selected.bySequenceNumber.fetch('1:*', { flags: true })) {
				seen.push(seq);
				if (seq === 1) await imap.status('Other', ['messages']);
			}
		})();
		const tag = await server.command(/^FETCH/);
		for (let seq = 1; seq <= 5000; seq++) server.say(`* ${seq} FETCH (FLAGS ())`);
		server.say(`${tag} OK`);
		await server.answer(/^STATUS/, '* STATUS Other (MESSAGES 1)');
		await loop;
		expect(seen).toHaveLength(5000);
	});

	test('a set in several commands is not in its own way: the connection is held for a slow caller', async () => {
		const { imap, server } = await selected({ limits: { streamThreshold: 10, unreadBody: 1000 } });
		const uids = Array.from({ length: 3000 }, (_, index) => index * 3 + 1);
		const messages = imap.selected.fetch(UidSet.from(uids), { body: [{}] })[Symbol.asyncIterator]();
		const first = messages.next();
		const tag = await server.command(/^UID FETCH/);
		server.say('* 1 FETCH (UID 1 BODY[] {12}', '0123456789ab)');
		server.deliver('* 2 FETCH (UID 4 BODY[] {600000}\r\n', Buffer.alloc(300_000, 'x'));
		await first;
		await turns();
		expect(server.paused).toBe(true);
		server.deliver(Buffer.alloc(300_000, 'x'), `)\r\n${tag} OK\r\n`);
		const { value } = await messages.next();
		expect((await value.body[0].bytes()).length).toBe(600_000);
		const over = messages.next();
		const others = [...server.sent.matchAll(/^(\S+) UID FETCH/gm)].slice(1);
		expect(others.length).toBeGreaterThan(0);
		server.say(...others.map(([, other]) => `${other} OK`));
		expect((await over).done).toBe(true);
	});

	test('of a set in several commands the first refusal ends the loop, and nothing holds the rest up', async () => {
		const { imap, server } = await selected({}, { exists: 9000 });
		const uids = Array.from({ length: 3000 }, (_, index) => index * 3 + 1);
		const fetched = imap.selected.fetch(UidSet.from(uids), { flags: true }).all();
		const tag = await server.command(/^UID FETCH/);
		server.say(`${tag} NO no`);
		await expect(fetched).rejects.toMatchObject({ code: 'NO' });
		for (const uid of uids) server.say(`* ${uid} FETCH (UID ${uid} FLAGS ())`);
		await turns();
		expect(server.paused).toBe(false);
		imap.destroy();
	});
});

describe('other commands take their own', () => {
	test('STATUS by its mailbox, in any order, INBOX in any case', async () => {
		const { imap, server } = await loggedIn({ onUnsolicited });
		told.length = 0;
		const a = imap.status('Inbox', ['messages']);
		const b = imap.status('Entwürfe', ['messages']);
		const one = await server.command(/^STATUS Inbox/i);
		const two = await server.command(/^STATUS Entw/);
		server.say(
			'* STATUS Other (MESSAGES 9)',
			'* STATUS Entw&APw-rfe (MESSAGES 2)',
			'* STATUS INBOX (MESSAGES 1)',
			`${two} OK`,
			`${one} OK`,
		);
		expect((await a).messages).toBe(1);
		expect((await b).messages).toBe(2);
		expect(told).toMatchObject([{ type: 'STATUS', status: { mailbox: 'Other' } }]);
	});

	test('two searches at once: in order without ESEARCH, by tag with it', async () => {
		const plain = await telling();
		const [a, b] = [{ seen: true }, { seen: false }].map((query) =>
			plain.imap.selected.search(query),
		);
		const one = await plain.server.command('UID SEARCH SEEN');
		const two = await plain.server.command('UID SEARCH UNSEEN');
		plain.server.say('* SEARCH 1', '* SEARCH 2', `${one} OK`, `${two} OK`);
		expect([await a, await b]).toEqual([[1], [2]]);

		const extended = await telling('IMAP4rev1 ESEARCH');
		const [c, d] = [{ seen: true }, { seen: false }].map((query) =>
			extended.imap.selected.search(query),
		);
		const three = await extended.server.command('UID SEARCH RETURN (ALL) SEEN');
		const four = await extended.server.command('UID SEARCH RETURN (ALL) UNSEEN');
		extended.server.say(
			`* ESEARCH (TAG "${four}") UID ALL 4:5`,
			`* ESEARCH (TAG "${three}") UID`,
			`${three} OK`,
			`${four} OK`,
		);
		expect([await c, await d]).toEqual([[], [4, 5]]);
	});

	test('a search that found everything and names it in ten bytes is refused by a limit', async () => {
		const { imap, server } = await telling('IMAP4rev1 ESEARCH');
		const search = imap.selected.bySequenceNumber.search({ all: true });
		const tag = await server.command(/^SEARCH/);
		server.say(`* ESEARCH (TAG "${tag}") ALL 1:4294967295`);
		await expect(search).rejects.toMatchObject({ code: 'LIMIT' });
	});

	test('nothing found is an empty list', async () => {
		const { imap, server } = await telling();
		const search = imap.selected.bySequenceNumber.search({ seen: true });
		await server.answer('SEARCH SEEN');
		expect(await search).toEqual([]);
	});

	test('EXPUNGE counts down what exists, while others come in', async () => {
		const { imap, server } = await telling();
		const expunged = imap.selected.expunge();
		await server.answer('EXPUNGE', '* 3 EXPUNGE', '* 3 EXPUNGE', '* 9 EXISTS', '* 1 RECENT');
		expect((await expunged).sequenceNumbers).toEqual([3, 3]);
		expect(imap.mailbox).toMatchObject({ exists: 9, recent: 1 });
	});

	test('the answer of a caller who throws in onUnsolicited ends in the commands concerned', async () => {
		const { imap, server } = await loggedIn({
			onUnsolicited: () => {
				throw new Error('mine');
			},
		});
		const noop = imap.noop();
		await server.command('NOOP');
		server.say('* 1 EXISTS');
		await expect(noop).rejects.toMatchObject({
			cause: expect.objectContaining({ message: 'mine' }),
		});
	});
});
