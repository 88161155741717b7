import { expect, test } from 'vitest';
import { mail, selected } from './raw-client';

const two = [
	mail({ 'Message-ID': '<a@x>', From: 'ann@x', Subject: 'apple pie' }),
	mail({ 'Message-ID': '<b@x>', 'In-Reply-To': '<a@x>', From: 'bob@x', Subject: 'Re: apple pie' }),
];
const gmail = { capabilities: { add: ['X-GM-EXT-1'] } };

test('labels are added, returned and removed', async () => {
	const { client } = await selected(two, gmail);
	expect(await client.untagged('STORE 1 +X-GM-LABELS (\\Inbox "Two Words" kw)')).toEqual([
		'1 FETCH (X-GM-LABELS (\\Inbox "Two Words" kw))',
	]);
	await client.send('STORE 1 -X-GM-LABELS.SILENT ("two words")');
	expect(await client.untagged('UID FETCH 1 X-GM-LABELS')).toEqual([
		'1 FETCH (UID 1 X-GM-LABELS (\\Inbox kw))',
	]);
	expect(await client.untagged('SEARCH X-GM-LABELS kw')).toEqual(['SEARCH 1']);
});

test('X-GM-MSGID identifies messages, X-GM-THRID threads, in 64 bits', async () => {
	const { client } = await selected(two, gmail);
	const told = await client.untagged('FETCH 1:2 (X-GM-MSGID X-GM-THRID)');
	const ids = told.map((line) => /X-GM-MSGID (\d{19}) X-GM-THRID (\d{19})/.exec(line)?.slice(1));
	expect(ids[0]?.[0]).not.toBe(ids[1]?.[0]);
	expect(ids[0]?.[1]).toBe(ids[1]?.[1]);
	expect(await client.untagged(`SEARCH X-GM-MSGID ${ids[1]?.[0]}`)).toEqual(['SEARCH 2']);
	expect(await client.untagged(`SEARCH X-GM-THRID ${ids[1]?.[1]}`)).toEqual(['SEARCH 1 2']);
});

test.each([
	['from:bob', '2'],
	['subject:"apple pie" -from:bob', '1'],
	['rfc822msgid:b@x', '2'],
	['is:unread', '1 2'],
])('X-GM-RAW %s', async (query, numbers) => {
	const { client } = await selected(two, gmail);
	const found = await client.untagged(`SEARCH X-GM-RAW "${query.replaceAll('"', '\\"')}"`);
	expect(found).toEqual([`SEARCH ${numbers}`]);
});

test('none of it is there unless it was added', async () => {
	const { client } = await selected(two);
	for (const command of ['FETCH 1 X-GM-MSGID', 'STORE 1 X-GM-LABELS (a)', 'SEARCH X-GM-RAW a'])
		expect(await client.send(command), command).toEqual([expect.stringMatching(/^BAD /)]);
});
