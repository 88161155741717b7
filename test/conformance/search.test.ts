import { describe, expect, test } from 'vitest';
import type { SearchQuery } from '../../engine/index';
import { message } from './messages';
import { needs } from './needs';
import type { Client } from './on-each-server';
import { onEachServer } from './on-each-server';

/** Six messages; what each search of the table finds is told by their numbers. */
const MESSAGES: { octets: string; flags?: string[]; date: string }[] = [
	{
		octets: message({ Subject: 'Hello world', To: 'bob@example.net' }, 'first body apple'),
		date: '2019-12-31T12:00:00Z',
	},
	{
		octets: message(
			{
				From: 'Zoe <zoe@example.com>',
				Subject: 'hello again',
				Date: 'Wed, 01 Jan 2020 10:00:00 +0000',
			},
			'second body',
		),
		flags: ['\\Seen', '\\Answered'],
		date: '2020-01-02T12:00:00Z',
	},
	{
		octets: message({ Subject: '=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=', Cc: 'cc@example.net' }, 'third'),
		flags: ['\\Seen', '\\Flagged'],
		date: '2020-02-01T12:00:00Z',
	},
	{
		octets: message(
			{
				Subject: 'a "quoted" back\\slash',
				Bcc: 'bcc@example.net',
				'Message-ID': '<four@example.org>',
			},
			'x'.repeat(3000),
		),
		flags: ['\\Deleted', '\\Draft'],
		date: '2020-02-02T12:00:00Z',
	},
	{
		octets: message(
			{
				Subject: 'keyword',
				'MIME-Version': '1.0',
				'Content-Type': 'text/plain; charset=utf-8',
				'Content-Transfer-Encoding': '8bit',
			},
			'Füße im Körper',
		),
		flags: ['Important', '$Junk'],
		date: '2020-02-03T12:00:00Z',
	},
	{
		octets: message({ Subject: 'last', 'X-Empty': '', 'X-Mark': 'Blue Moon' }, 'apple pie'),
		flags: ['$Junk', '\\Seen'],
		date: '2021-06-30T12:00:00Z',
	},
];

/** What each key finds; and what on Courier, where nothing that was appended is recent. */
const TABLE: [SearchQuery, number[], number[]?][] = [
	[{}, [1, 2, 3, 4, 5, 6]],
	[{ all: true }, [1, 2, 3, 4, 5, 6]],
	[{ seen: true }, [2, 3, 6]],
	[{ seen: false }, [1, 4, 5]],
	[{ unseen: true }, [1, 4, 5]],
	[{ answered: true }, [2]],
	[{ answered: false }, [1, 3, 4, 5, 6]],
	[{ flagged: true }, [3]],
	[{ flagged: false }, [1, 2, 4, 5, 6]],
	[{ deleted: true }, [4]],
	[{ deleted: false }, [1, 2, 3, 5, 6]],
	[{ draft: true }, [4]],
	[{ draft: false }, [1, 2, 3, 5, 6]],
	[{ keyword: 'Important' }, [5]],
	[{ keyword: 'important' }, [5]],
	[{ keyword: '$Junk' }, [5, 6]],
	[{ keyword: ['$Junk', 'Important'] }, [5]],
	[{ notKeyword: '$Junk' }, [1, 2, 3, 4]],
	[{ keyword: 'never-used' }, []],
	[{ from: 'ZOE' }, [2]],
	[{ from: 'ann@example.org' }, [1, 3, 4, 5, 6]],
	[{ to: 'bob' }, [1]],
	[{ cc: 'cc@example.net' }, [3]],
	[{ bcc: 'bcc@' }, [4]],
	[{ subject: 'hello' }, [1, 2]],
	[{ subject: 'Grüße' }, [3]],
	[{ subject: 'grüSSe' }, []],
	[{ subject: 'a "quoted" back\\slash' }, [4]],
	[{ subject: 'never'.repeat(500) }, []],
	[{ body: 'apple' }, [1, 6]],
	[{ body: 'hello' }, []],
	[{ body: 'Füße' }, [5]],
	[{ text: 'hello' }, [1, 2]],
	[{ text: 'Körper' }, [5]],
	[{ header: { 'X-Mark': 'blue' } }, [6]],
	[{ header: { 'X-Empty': '' } }, [6]],
	[{ header: { 'Message-ID': '<four@example.org>' } }, [4]],
	[{ header: { 'X-Mark': 'red' } }, []],
	[{ since: '2020-02-01' }, [3, 4, 5, 6]],
	[{ before: '2020-02-01' }, [1, 2]],
	[{ on: new Date('2020-02-02T00:00:00Z') }, [4]],
	[{ since: '2020-01-01', before: new Date('2020-02-03T23:00:00Z') }, [2, 3, 4]],
	[{ sentOn: '2020-01-01' }, [2]],
	[{ sentSince: '2020-01-01', header: { Date: '' } }, [2]],
	[{ sentBefore: '2020-01-01', header: { Date: '' } }, []],
	[{ larger: 2999 }, [4]],
	[{ smaller: 3000 }, [1, 2, 3, 5, 6]],
	[{ uid: '2:3,6' }, [2, 3, 6]],
	[{ uid: [5, 4] }, [4, 5]],
	[{ seq: '5:*' }, [5, 6]],
	[{ seq: 2, seen: true }, [2]],
	[{ recent: true }, [1, 2, 3, 4, 5, 6], []],
	[{ new: true }, [1, 4, 5], []],
	[{ old: true }, [], [1, 2, 3, 4, 5, 6]],
	[{ not: { seen: true } }, [1, 4, 5]],
	[{ not: [{ seen: true }, { deleted: true }] }, [1, 5]],
	[{ not: { seen: true, flagged: true } }, [1, 2, 4, 5, 6]],
	[{ or: [{ flagged: true }, { deleted: true }] }, [3, 4]],
	[{ or: [{ uid: 1 }, { uid: 2 }, { uid: 3, seen: true }, { uid: 4, seen: true }] }, [1, 2, 3]],
	[{ or: [{ subject: 'Grüße' }, { not: { or: [{ seen: true }, { draft: true }] } }] }, [1, 3, 5]],
	[{ seen: true, or: [{ from: 'zoe' }, { keyword: '$Junk' }] }, [2, 6]],
];

onEachServer((bench) => {
	let client: Client;

	const prepare = async (): Promise<Client> => {
		const prepared = await bench.logIn();
		for (const { octets, flags, date } of MESSAGES)
			await prepared.imap.append('INBOX', octets, { flags, date: new Date(date) });
		await prepared.imap.open();
		return prepared;
	};

	// One session for the whole table: \Recent is seen by the first one only.
	test('every key finds what it says', async () => {
		client = await prepare();
		const { imap } = client;
		const wanted = TABLE.map(([, everywhere, onCourier = everywhere]) =>
			bench.name === 'Courier' ? onCourier : everywhere,
		);
		const found = await Promise.all(
			TABLE.map(([query]) => imap.selected.bySequenceNumber.search(query)),
		);
		for (const [index, [query]] of TABLE.entries())
			expect(found[index], JSON.stringify(query)).toEqual(wanted[index]);
		const uids = await Promise.all(TABLE.map(([query]) => imap.selected.search(query)));
		for (const [index, [query]] of TABLE.entries())
			expect(uids[index], JSON.stringify(query)).toEqual(wanted[index]);
	});

	test('words in base64 and quoted-printable are found, by BODY and by TEXT', async () => {
		const coded = (encoding: string, ...lines: string[]): string => {
			const fields = { 'MIME-Version': '1.0', 'Content-Type': 'text/plain; charset=utf-8' };
			return message({ ...fields, 'Content-Transfer-Encoding': encoding }, ...lines);
		};
		const { imap } = await bench.inbox([
			message({ Subject: 'plain' }),
			coded('base64', Buffer.from('a needle in here').toString('base64')),
			coded('quoted-printable', 'another nee=', 'dle, here'),
		]);
		await imap.noop();
		expect(await imap.selected.search({ body: 'needle' })).toEqual([2, 3]);
		expect(await imap.selected.search({ text: 'needle' })).toEqual([2, 3]);
	});

	test('UIDs and sequence numbers are not confused', async () => {
		const { imap } = await prepare();
		await imap.selected.bySequenceNumber.store('1:2', '+FLAGS', ['\\Deleted'], { silent: true });
		await imap.selected.expunge('1:2');
		const [numbers, uids] = await Promise.all([
			imap.selected.bySequenceNumber.search({ seen: true }),
			imap.selected.search({ seen: true }),
		]);
		expect(numbers).toEqual([1, 4]);
		expect(uids).toEqual([3, 6]);
		expect(await imap.selected.search({ seq: '1' })).toEqual([3]);
		expect(await imap.selected.bySequenceNumber.search({ uid: '1:2' })).toEqual([]);
	});

	test('searches without SEARCH RETURN find the same', async () => {
		const { imap } = await prepare();
		const { responses } = await imap.command('UID SEARCH', ['SEEN']);
		expect(responses).toEqual([{ type: 'SEARCH', numbers: [2, 3, 6] }]);
	});

	test('an empty mailbox', async () => {
		const { imap } = await bench.inbox();
		expect(await imap.selected.bySequenceNumber.search({ all: true })).toEqual([]);
		expect(await imap.selected.search({ unseen: true, subject: 'Ü' })).toEqual([]);
	});

	test('figures only, by SEARCH RETURN', async (context) => {
		const { imap } = await prepare();
		needs(context, imap, 'ESEARCH');
		const figures = await imap.selected.searchReturning({ seen: true }, ['min', 'max', 'count']);
		expect(figures).toMatchObject({ min: 2, max: 6, count: 3 });
		expect(figures.all).toBeUndefined();
		const none = await imap.selected.bySequenceNumber.searchReturning({ subject: 'nothing' }, [
			'min',
			'count',
		]);
		expect(none).toMatchObject({ count: 0 });
		expect(none.min).toBeUndefined();
	});

	describe('what cannot be searched for', () => {
		test.each([
			[{ since: '2020-02-30' }],
			[{ larger: -1 }],
			[{ smaller: 1.5 }],
			[{ keyword: 'two words' }],
			[{ keyword: 'a)' }],
			[{ or: [] }],
			[{ header: { 'Bad Name': 'x' } }],
			[{ uid: '1:x' }],
			[{ uid: [] }],
			[{ seq: 0 }],
			[{ subject: 'a\0b' }],
			[{ nothing: 'known' } as SearchQuery],
		] satisfies [SearchQuery][])('%j is refused here', async (query) => {
			const { imap, sent } = await bench.inbox();
			await expect(imap.selected.bySequenceNumber.search(query)).rejects.toMatchObject({
				code: 'ARGUMENT',
			});
			await imap.noop();
			expect(sent).toEqual(['NOOP']);
		});
	});
});
