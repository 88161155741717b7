import { expect, test } from 'vitest';
import { loggedIn, mail, selected } from './raw-client';

const thread = [
	mail({ 'Message-ID': '<a@x>' }),
	mail({ 'Message-ID': '<b@x>', 'In-Reply-To': '<a@x>' }),
	mail({ 'Message-ID': '<c@x>' }),
];

test('a copy keeps EMAILID and THREADID (RFC 8474 §5)', async () => {
	const { client } = await selected(thread);
	await client.send('CREATE Copies');
	await client.send('COPY 2 Copies');
	const [original] = await client.untagged('FETCH 2 (EMAILID THREADID)');
	await client.send('SELECT Copies');
	const [copy] = await client.untagged('FETCH 1 (EMAILID THREADID)');
	expect(copy?.slice(1)).toBe(original?.slice(1));
});

test('answers share a THREADID, and both ids can be searched for', async () => {
	const { client } = await selected(thread);
	const ids = (await client.untagged('FETCH 1:3 THREADID')).map(
		(line) => /\((T\d+)\)/.exec(line)?.[1],
	);
	expect(ids[0]).toBe(ids[1]);
	expect(ids[2]).not.toBe(ids[0]);
	expect(await client.untagged(`SEARCH THREADID ${ids[0]}`)).toEqual(['SEARCH 1 2']);
	const [line] = await client.untagged('FETCH 3 EMAILID');
	const email = /\((M\d+)\)/.exec(line ?? '')?.[1];
	expect(await client.untagged(`SEARCH EMAILID ${email}`)).toEqual(['SEARCH 3']);
});

test('MAILBOXID is returned by CREATE, SELECT and STATUS, and outlasts a RENAME', async () => {
	const { client } = await loggedIn();
	const id = /^OK \[MAILBOXID \((F\d+)\)\]/.exec((await client.send('CREATE Old')).join())?.[1];
	expect(id).toBeDefined();
	await client.send('RENAME Old New');
	expect(await client.untagged('STATUS New (MAILBOXID)')).toEqual([
		`STATUS "New" (MAILBOXID (${id}))`,
	]);
	expect(await client.untagged('SELECT New')).toContain(`OK [MAILBOXID (${id})] Its own`);
	const again = await client.send('CREATE Old');
	expect(again.join()).not.toContain(id);
});
