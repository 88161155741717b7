import { expect, test } from 'vitest';
import { mail, selected } from './raw-client';
import { baseSubject } from './message/base-subject';

test.each([
	['Re: apple', 'apple', true],
	['RE [list]: [tag] Fwd:  apple  pie (fwd)', 'apple pie', true],
	['[fwd: Re: apple]', 'apple', true],
	['[list] apple', 'apple', false],
	['[only]', '[only]', false],
	['Re:', '', true],
	['Recall', 'Recall', false],
	['fw : apple', 'apple', true],
])('the base subject of %j is %j', (subject, text, isReply) => {
	expect(baseSubject(subject)).toEqual({ text, isReply });
});

const three = [
	mail({ Subject: 'Re: banana', From: 'carl@x', Date: 'Thu, 02 Jan 2020 10:00:00 +0000' }),
	mail(
		{ Subject: 'Apple', From: 'Zoe <ann@x>', Date: 'Thu, 02 Jan 2020 11:00:00 +0200' },
		'a long body',
	),
	mail({ Subject: '=?utf-8?q?cherry?=', From: 'bob@x' }, 'body'),
];

test.each([
	['SUBJECT', '2 1 3'],
	['REVERSE SUBJECT', '3 1 2'],
	['FROM', '2 3 1'],
	['DISPLAYFROM', '3 1 2'],
	['REVERSE SIZE', '2 1 3'],
	['CC REVERSE ARRIVAL', '1 2 3'],
])('SORT (%s)', async (criteria, numbers) => {
	const { client } = await selected(three);
	expect(await client.untagged(`SORT (${criteria}) UTF-8 ALL`)).toEqual([`SORT ${numbers}`]);
});

test('SORT (DATE): without a Date the internal date counts', async () => {
	const { client, inbox } = await selected(three.slice(0, 2));
	inbox.append(three[2] as string, { internalDate: new Date('2020-01-02T09:30:00Z') });
	await client.send('NOOP');
	expect(await client.untagged('SORT (DATE) UTF-8 ALL')).toEqual(['SORT 2 3 1']);
});

test('only what is searched for, by UID', async () => {
	const { client } = await selected(three);
	await client.send('STORE 1 +FLAGS.SILENT (\\Deleted)');
	await client.send('EXPUNGE');
	expect(await client.untagged('UID SORT (SUBJECT) US-ASCII TEXT body')).toEqual(['SORT 2 3']);
	expect(await client.untagged('SORT (SUBJECT) US-ASCII TEXT nothing')).toEqual(['SORT']);
});

test('an unknown charset is refused, an unknown criterion is bad syntax', async () => {
	const { client } = await selected(three);
	expect(await client.send('SORT (SIZE) KOI8-R ALL')).toEqual([
		expect.stringMatching(/^NO \[BADCHARSET /),
	]);
	expect(await client.send('SORT (COLOUR) UTF-8 ALL')).toEqual([expect.stringMatching(/^BAD /)]);
});

test('SORT RETURN keeps the order (RFC 5267)', async () => {
	const { client } = await selected(three);
	expect(await client.untagged('SORT RETURN (ALL COUNT MIN MAX) (SUBJECT) UTF-8 ALL')).toEqual([
		'ESEARCH (TAG "t3") ALL 2,1,3 COUNT 3 MIN 2 MAX 3',
	]);
});

test('SORT is not there when it is switched off', async () => {
	const { client } = await selected(three, { capabilities: { remove: ['SORT'] } });
	expect(await client.send('SORT (SIZE) UTF-8 ALL')).toEqual([expect.stringMatching(/^BAD /)]);
});
