import { expect, test } from 'vitest';
import { exactQuery, searchWithin } from '../../../../nodes/shared/message/exact-times';
import { messageFilters } from '../../../../nodes/shared/message/search-filters';
import { readUidSet } from '../../../../nodes/shared/message/uid-set';
import type { Client } from '../../../conformance/on-each-server';
import { onEachServer } from '../../../conformance/on-each-server';

const RECEIVED = [
	'2026-03-26T12:00:00Z',
	'2026-03-28T14:59:59Z',
	'2026-03-28T15:00:00Z',
	'2026-03-28T18:00:00Z',
	'2026-03-29T14:59:59Z',
	'2026-03-29T15:00:00Z',
	'2026-04-02T00:00:00Z',
];
const mail = (date: string): string => `Subject: ${date}\r\nDate: ${date}\r\n\r\nText\r\n`;

onEachServer((bench) => {
	const filled = async (): Promise<Client> => {
		const client = await bench.inbox();
		for (const date of RECEIVED) {
			const written = new Date(date).toUTCString().replace('GMT', '-1100');
			await client.imap.append('INBOX', mail(written), { date: new Date(date) });
		}
		await client.imap.open('INBOX');
		return client;
	};
	const found = async ({ imap }: Client, filters: object, zone: string): Promise<string[]> => {
		const query = await exactQuery(imap.selected, messageFilters(filters, zone));
		const uids = await imap.selected.search(query);
		return uids.map((uid) => RECEIVED[uid - 1] as string);
	};

	test('days are those of the workflow’s zone, whatever zone the server writes', async () => {
		const client = await filled();
		expect(await found(client, { before: '2026-03-29' }, 'Asia/Tokyo')).toEqual(
			RECEIVED.slice(0, 2),
		);
		expect(await found(client, { on: '2026-03-29' }, 'Asia/Tokyo')).toEqual(RECEIVED.slice(2, 5));
		expect(await found(client, { since: '2026-03-30' }, 'Asia/Tokyo')).toEqual(RECEIVED.slice(5));
		expect(await found(client, { on: '2026-03-28' }, 'America/New_York')).toEqual(
			RECEIVED.slice(1, 4),
		);
	});

	test('a time of day counts', async () => {
		const client = await filled();
		const filters = { since: '2026-03-28T15:00:00Z', before: '2026-03-29T15:00:00Z' };
		expect(await found(client, filters, 'UTC')).toEqual(RECEIVED.slice(2, 5));
	});

	test('sent is what the message itself says', async () => {
		const client = await filled();
		const filters = { sentSince: '2026-03-29T02:00:00Z', sentBefore: '2026-03-29T05:00:00Z' };
		// Each was written eleven hours behind UTC.
		expect(await found(client, filters, 'UTC')).toEqual(RECEIVED.slice(2, 3));
	});

	test('among some messages only, near the limits as well', async () => {
		const client = await filled();
		const { imap } = client;
		const filters = messageFilters({ before: '2026-03-29' }, 'Asia/Tokyo');
		const query = await searchWithin(imap.selected, filters, { uid: '2:4' });
		expect(await imap.selected.search(query)).toEqual([2]);
	});

	test('no times cost no command', async () => {
		const { imap, sent } = await filled();
		sent.length = 0;
		expect(await exactQuery(imap.selected, messageFilters({ from: 'x' }, 'UTC'))).toEqual({
			from: 'x',
		});
		expect(sent).toEqual([]);
	});

	test('100:* means no message where the highest UID is 7, and * the last', async () => {
		const { imap } = await filled();
		const uids = (set: string) => imap.selected.search({ uid: readUidSet(set, 'UIDs') });
		expect(await uids('100:*')).toEqual([]);
		expect(await uids('*:100')).toEqual([]);
		expect(await uids('6:*')).toEqual([6, 7]);
		expect(await uids('2,100:*')).toEqual([2]);
		// Courier finds nothing for a lone * in SEARCH, which is told rather than taken for an empty mailbox.
		if (bench.name === 'Courier') await expect(uids('*')).rejects.toThrow('SEARCH returned none');
		else expect(await uids('*')).toEqual([7]);
	});
});
