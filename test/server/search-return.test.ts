import { expect, test } from 'vitest';
import { mail, selected } from './raw-client';

const five = ['a', 'b', 'a', 'a', 'b'].map((Subject) => mail({ Subject }));

test.each([
	['1:2', '(1:2 1,3)'],
	['2:9', '(2:9 3:4)'],
	['-1:-2', '(-1:-2 3:4)'],
	['-3:-9', '(-3:-9 1)'],
	['7:9', '(7:9 NIL)'],
])('SEARCH RETURN (PARTIAL %s) (RFC 9394)', async (range, told) => {
	const { client } = await selected(five);
	const found = await client.untagged(`SEARCH RETURN (PARTIAL ${range}) SUBJECT a`);
	expect(found).toEqual([`ESEARCH (TAG "t3") PARTIAL ${told}`]);
});

test('PARTIAL and ALL exclude each other', async () => {
	const { client } = await selected(five);
	const answer = await client.send('SEARCH RETURN (ALL PARTIAL 1:2) ALL');
	expect(answer).toEqual([expect.stringMatching(/^BAD /)]);
});

test('UID FETCH of a part of a set (RFC 9394)', async () => {
	const { client } = await selected(five);
	const found = await client.untagged('UID FETCH 2:* (UID) (PARTIAL -1:-2)');
	expect(found).toEqual(['4 FETCH (UID 4)', '5 FETCH (UID 5)']);
});

test('SAVE alone is answered by nothing, and $ is what was found (RFC 5182)', async () => {
	const { client } = await selected(five);
	expect(await client.send('SEARCH RETURN (SAVE) SUBJECT a')).toEqual(['OK Search completed.']);
	expect(await client.untagged('FETCH $ UID')).toHaveLength(3);
	expect(await client.untagged('UID SEARCH UID $ 2:3')).toEqual(['SEARCH 3']);
	expect(await client.untagged('SEARCH NOT $')).toEqual(['SEARCH 2 5']);
});

test('what is saved with MIN alone is the first', async () => {
	const { client } = await selected(five);
	await client.send('SEARCH RETURN (SAVE MIN) SUBJECT b');
	expect(await client.untagged('SEARCH $')).toEqual(['SEARCH 2']);
	await client.send('SEARCH RETURN (SAVE MIN COUNT) SUBJECT b');
	expect(await client.untagged('SEARCH $')).toEqual(['SEARCH 2 5']);
});

test('$ keeps to its messages when others go, and is empty in another mailbox', async () => {
	const { client } = await selected(five);
	await client.send('SEARCH RETURN (SAVE) SUBJECT b');
	await client.send('STORE 1 +FLAGS.SILENT (\\Deleted)');
	await client.send('EXPUNGE');
	expect(await client.untagged('SEARCH $')).toEqual(['SEARCH 1 4']);
	await client.send('SELECT INBOX');
	expect(await client.untagged('SEARCH $')).toEqual(['SEARCH']);
});

test('a refused search empties $, bad syntax leaves it', async () => {
	const { client } = await selected(five);
	await client.send('SEARCH RETURN (SAVE) SUBJECT b');
	await client.send('SEARCH RETURN (SAVE) NONSENSE');
	expect(await client.untagged('SEARCH $')).toEqual(['SEARCH 2 5']);
	await client.send('SEARCH RETURN (SAVE) CHARSET KOI8-R ALL');
	expect(await client.untagged('SEARCH $')).toEqual(['SEARCH']);
});

test('without SEARCHRES, $ is rejected', async () => {
	const { client } = await selected(five, { capabilities: { remove: ['SEARCHRES'] } });
	expect(await client.send('FETCH $ UID')).toEqual([expect.stringMatching(/^BAD /)]);
});

test('OLDER and YOUNGER go by seconds (RFC 5032)', async () => {
	const { client, inbox } = await selected();
	const now = Date.now();
	for (const age of [10, 5000]) inbox.append('\r\n', { internalDate: new Date(now - age * 1000) });
	await client.send('NOOP');
	expect(await client.untagged('SEARCH OLDER 3600')).toEqual(['SEARCH 2']);
	expect(await client.untagged('SEARCH YOUNGER 3600')).toEqual(['SEARCH 1']);
	expect(await client.send('SEARCH YOUNGER 0')).toEqual([expect.stringMatching(/^BAD /)]);
});
