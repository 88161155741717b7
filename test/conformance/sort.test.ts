import { expect, test } from 'vitest';
import { message } from './messages';
import { needs } from './needs';
import { onEachServer } from './on-each-server';

const messages = [
	message({
		Subject: 'Re: banana',
		From: 'carl@example.org',
		Date: 'Thu, 02 Jan 2020 10:00:00 +0000',
	}),
	message(
		{ Subject: 'apple', From: 'ann@example.org', Date: 'Thu, 02 Jan 2020 11:00:00 +0200' },
		'x'.repeat(60),
	),
	message(
		{ Subject: 'cherry', From: 'bob@example.org', Date: 'Wed, 01 Jan 2020 12:00:00 +0000' },
		'x'.repeat(30),
	),
];

onEachServer((bench) => {
	test('one criterion, and its reverse', async (context) => {
		const { imap } = await bench.inbox(messages);
		needs(context, imap, 'SORT');
		// The prefix Re: does not count (RFC 5256 §2.1).
		expect(await imap.selected.bySequenceNumber.sort(['SUBJECT'])).toEqual([2, 1, 3]);
		expect(await imap.selected.bySequenceNumber.sort([{ key: 'SUBJECT', reverse: true }])).toEqual([
			3, 1, 2,
		]);
		// By the moment, not by what the clocks show.
		expect(await imap.selected.bySequenceNumber.sort(['DATE'])).toEqual([3, 2, 1]);
		expect(await imap.selected.bySequenceNumber.sort(['FROM'])).toEqual([2, 3, 1]);
		expect(await imap.selected.bySequenceNumber.sort(['SIZE'])).toEqual([1, 3, 2]);
	});

	test('several criteria', async (context) => {
		const same = [...messages, message({ Subject: 'apple', From: 'zoe@example.org' })];
		const { imap } = await bench.inbox(same);
		needs(context, imap, 'SORT');
		expect(
			await imap.selected.bySequenceNumber.sort(['SUBJECT', { key: 'FROM', reverse: true }]),
		).toEqual([4, 2, 1, 3]);
	});

	test('only what a search finds; its texts in any script', async (context) => {
		const { imap, sent } = await bench.inbox([
			...messages,
			Buffer.from('Subject: =?utf-8?q?=C3=9Cbung?=\r\nFrom: a@example.org\r\n\r\nx\r\n'),
		]);
		needs(context, imap, 'SORT');
		expect(
			await imap.selected.bySequenceNumber.sort(['FROM'], { from: 'example.org', subject: 'e' }),
		).toEqual([2, 3, 1]);
		expect(await imap.selected.bySequenceNumber.sort(['DATE'], { subject: '\u00dcbung' })).toEqual([
			4,
		]);
		expect(
			await imap.selected.bySequenceNumber.sort(['DATE'], { subject: 'nothing of the kind' }),
		).toEqual([]);
		expect(sent.filter((line) => line.startsWith('SORT (DATE) UTF-8'))).toHaveLength(2);
	});

	test('by UID', async (context) => {
		const { imap } = await bench.inbox(messages);
		needs(context, imap, 'SORT');
		await imap.selected.bySequenceNumber.store('1', '+FLAGS', ['\\Deleted'], { silent: true });
		await imap.selected.expunge();
		expect(await imap.selected.bySequenceNumber.sort(['SUBJECT'])).toEqual([1, 2]);
		expect(await imap.selected.sort(['SUBJECT'], {})).toEqual([2, 3]);
	});

	test('by the name that is displayed', async (context) => {
		const { imap } = await bench.inbox([
			message({ From: 'Zoe <ann@example.org>' }),
			message({ From: 'Bob <zoe@example.org>' }),
		]);
		needs(context, imap, 'SORT=DISPLAY');
		expect(await imap.selected.bySequenceNumber.sort(['DISPLAYFROM'])).toEqual([2, 1]);
	});

	test('what is no criterion, or another charset, is not sent', async (context) => {
		const { imap, sent } = await bench.inbox(messages);
		needs(context, imap, 'SORT');
		for (const refused of [
			imap.selected.bySequenceNumber.sort([]),
			imap.selected.bySequenceNumber.sort(['COLOUR' as 'SIZE']),
			imap.selected.bySequenceNumber.sort(['SIZE'], {}, { charset: 'KOI8-R' }),
		])
			await expect(refused).rejects.toMatchObject({ code: 'ARGUMENT' });
		expect(sent).toEqual([]);
	});

	test('where SORT is not offered, nothing is sent', async ({ skip }) => {
		const { imap, sent } = await bench.inbox(messages);
		if (imap.capabilities.has('SORT')) return skip('SORT offered');
		await expect(imap.selected.bySequenceNumber.sort(['SIZE'])).rejects.toMatchObject({
			code: 'CAPABILITY',
		});
		expect(sent).toEqual([]);
	});
});
