import { expect, test } from 'vitest';
import type { RawClient } from './raw-client';
import { loggedIn, mail, selected } from './raw-client';

const three = ['a', 'b', 'c'].map((Subject) => mail({ Subject }));

/** Where the mailbox stands. */
async function highest(client: RawClient): Promise<number> {
	const [line = ''] = await client.untagged('STATUS INBOX (HIGHESTMODSEQ)');
	return Number(/HIGHESTMODSEQ (\d+)/.exec(line)?.[1]);
}

test('SELECT returns HIGHESTMODSEQ, and every change raises it', async () => {
	const { client } = await loggedIn(three);
	const before = await highest(client);
	const told = await client.untagged('SELECT INBOX (CONDSTORE)');
	expect(told).toContain(`OK [HIGHESTMODSEQ ${before}] Highest`);
	await client.send('STORE 1 +FLAGS (\\Seen)');
	expect(await highest(client)).toBe(before + 1);
	// What changes nothing is no change.
	await client.send('STORE 1 +FLAGS (\\Seen)');
	expect(await highest(client)).toBe(before + 1);
});

test('MODSEQ is returned for every message, also where .SILENT was asked for', async () => {
	const { client } = await selected(three);
	expect(await client.untagged('FETCH 2 (UID MODSEQ)')).toEqual([
		'OK [HIGHESTMODSEQ 4] Highest',
		'2 FETCH (UID 2 MODSEQ (3))',
	]);
	expect(await client.untagged('STORE 2 +FLAGS.SILENT (\\Seen)')).toEqual(['2 FETCH (MODSEQ (5))']);
	expect(await client.untagged('STORE 2 FLAGS ()')).toEqual(['2 FETCH (FLAGS () MODSEQ (6))']);
});

test('a session that never asked for mod-sequences gets none', async () => {
	const { client, other } = await selected(three);
	await (await other()).send('STORE 2 +FLAGS (\\Flagged)');
	expect(await client.untagged('NOOP')).toEqual(['2 FETCH (UID 2 FLAGS (\\Flagged))']);
	await client.send('ENABLE CONDSTORE');
	await (await other()).send('STORE 3 +FLAGS (\\Flagged)');
	expect(await client.untagged('NOOP')).toEqual(['3 FETCH (UID 3 FLAGS (\\Flagged) MODSEQ (6))']);
});

test('FETCH (CHANGEDSINCE) leaves out what was not changed', async () => {
	const { client } = await selected(three);
	await client.send('STORE 3 +FLAGS (\\Seen)');
	expect(await client.untagged('FETCH 1:* (UID) (CHANGEDSINCE 4)')).toEqual([
		'OK [HIGHESTMODSEQ 5] Highest',
		'3 FETCH (UID 3 MODSEQ (5))',
	]);
	expect(await client.untagged('FETCH 1:* (UID) (CHANGEDSINCE 5)')).toEqual([]);
});

test('STORE (UNCHANGEDSINCE) names what it left alone, in the numbers of the command', async () => {
	const { client, inbox } = await selected(three);
	await client.send('STORE 1 +FLAGS (\\Deleted)');
	await client.send('EXPUNGE');
	await client.send('STORE 1 +FLAGS (\\Seen)');
	const since = inbox.highestModSeq - 1;
	const answer = await client.send(`STORE 1:2 (UNCHANGEDSINCE ${since}) +FLAGS.SILENT (kw)`);
	expect(answer.at(-1)).toMatch(/^OK \[MODIFIED 1\] /);
	expect([...(inbox.messages[1]?.flags ?? [])]).toEqual(['kw']);
	const byUid = await client.send('UID STORE 2:3 (UNCHANGEDSINCE 0) +FLAGS (kw)');
	expect(byUid).toEqual([expect.stringMatching(/^OK \[MODIFIED 2:3\] /)]);
});

test('SEARCH MODSEQ returns the highest mod-sequence found', async () => {
	const { client } = await selected(three, {});
	await client.send('ENABLE CONDSTORE');
	expect(await client.untagged('SEARCH MODSEQ 3')).toEqual(['SEARCH 2 3 (MODSEQ 4)']);
	expect(await client.untagged('SEARCH MODSEQ 99')).toEqual(['SEARCH']);
	expect(await client.untagged('SEARCH MODSEQ "/flags/\\\\seen" all 4')).toEqual([
		'SEARCH 3 (MODSEQ 4)',
	]);
	expect(await client.untagged('SORT (REVERSE SIZE) UTF-8 MODSEQ 4')).toEqual([
		'SORT 3 (MODSEQ 4)',
	]);
});

test('ESEARCH includes the mod-sequence of what it returns (RFC 7162 §3.1.10)', async () => {
	const { client } = await selected(three);
	await client.send('ENABLE CONDSTORE');
	expect(await client.untagged('SEARCH RETURN (MIN) MODSEQ 1')).toEqual([
		'ESEARCH (TAG "t4") MIN 1 MODSEQ 2',
	]);
	expect(await client.untagged('SEARCH RETURN (MIN COUNT) MODSEQ 1')).toEqual([
		'ESEARCH (TAG "t5") MIN 1 COUNT 3 MODSEQ 4',
	]);
});

test('reading that sets \\Seen raises the mod-sequence, and returns it', async () => {
	const { client } = await selected(three);
	await client.send('ENABLE CONDSTORE');
	const [told] = await client.untagged('FETCH 1 RFC822.TEXT');
	expect(told).toMatch(/^1 FETCH \(FLAGS \(\\Seen\) MODSEQ \(5\) RFC822\.TEXT \{6\}$/);
});

test('without CONDSTORE all of it is bad syntax', async () => {
	const { client } = await selected(three, { capabilities: { remove: ['CONDSTORE', 'QRESYNC'] } });
	for (const command of [
		'FETCH 1 MODSEQ',
		'FETCH 1 FLAGS (CHANGEDSINCE 1)',
		'STORE 1 (UNCHANGEDSINCE 1) FLAGS ()',
		'SEARCH MODSEQ 1',
		'STATUS INBOX (HIGHESTMODSEQ)',
	])
		expect(await client.send(command), command).toEqual([expect.stringMatching(/^BAD /)]);
	expect(await client.untagged('ENABLE CONDSTORE QRESYNC')).toEqual(['ENABLED']);
});
