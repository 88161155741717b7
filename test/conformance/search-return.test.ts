import { expect, test } from 'vitest';
import { UidSet } from '../../engine/index';
import { message } from './messages';
import { needs } from './needs';
import { onEachServer } from './on-each-server';

const messages = ['a', 'b', 'a', 'a'].map((Subject) => message({ Subject }));

onEachServer((bench) => {
	test('only the figures asked for', async (context) => {
		const { imap } = await bench.inbox(messages);
		needs(context, imap, 'ESEARCH');
		const { min, max, count, all } = await imap.selected.bySequenceNumber.searchReturning(
			{ subject: 'a' },
			['min', 'max', 'count', 'all'],
		);
		expect({ min, max, count }).toEqual({ min: 1, max: 4, count: 3 });
		expect(String(all)).toBe('1,3:4');
		const none = await imap.selected.bySequenceNumber.searchReturning({ subject: 'nothing' }, [
			'min',
			'count',
			'all',
		]);
		expect(none).toMatchObject({ count: 0 });
		expect(none.min).toBeUndefined();
		expect(none.all).toBeUndefined();
	});

	test('by UID', async (context) => {
		const { imap } = await bench.inbox(messages);
		needs(context, imap, 'ESEARCH');
		await imap.selected.bySequenceNumber.store('2', '+FLAGS', ['\\Deleted'], { silent: true });
		await imap.selected.expunge();
		const found = await imap.selected.searchReturning({ all: true }, ['all', 'count']);
		expect(found).toMatchObject({ all: UidSet.from('1,3:4'), count: 3 });
	});

	test('$ stands for what was found last', async (context) => {
		const { imap } = await bench.inbox(messages);
		needs(context, imap, 'ESEARCH', 'SEARCHRES');
		await imap.selected.bySequenceNumber.searchReturning({ subject: 'a' }, ['save']);
		const found = await imap.selected.bySequenceNumber.fetch('$', { uid: true }).all();
		expect(found.map(({ uid }) => uid)).toEqual([1, 3, 4]);
		await imap.selected.bySequenceNumber.store('$', '+FLAGS', ['\\Flagged'], { silent: true });
		expect(await imap.selected.bySequenceNumber.search({ flagged: true })).toEqual([1, 3, 4]);
	});

	test('what is not offered is not sent', async ({ skip }) => {
		const { imap, sent } = await bench.inbox(messages);
		if (imap.capabilities.has('SEARCHRES')) return skip('SEARCHRES offered');
		await expect(
			imap.selected.bySequenceNumber.searchReturning({ all: true }, ['save']),
		).rejects.toMatchObject({
			code: 'CAPABILITY',
		});
		await expect(
			imap.selected.bySequenceNumber.fetch('$', { uid: true }).all(),
		).rejects.toMatchObject({
			code: 'CAPABILITY',
		});
		expect(sent).toEqual([]);
	});
});
