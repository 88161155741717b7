import { expect, test } from 'vitest';
import { loggedIn, mail, selected } from './raw-client';

const five = ['a', 'b', 'c', 'd', 'e'].map((Subject) => mail({ Subject }));
const anything = expect.any(String) as unknown;

test('once enabled, VANISHED replaces EXPUNGE', async () => {
	const { client, other } = await selected(five);
	expect(await client.untagged('ENABLE QRESYNC')).toEqual([
		'OK [HIGHESTMODSEQ 6] Highest',
		'ENABLED QRESYNC',
	]);
	const second = await other();
	await second.send('STORE 1,3:4 +FLAGS.SILENT (\\Deleted)');
	expect(await second.untagged('EXPUNGE')).toEqual(['1 EXPUNGE', '2 EXPUNGE', '2 EXPUNGE']);
	expect(await client.untagged('NOOP')).toEqual(['VANISHED 1,3:4']);
});

test('EXPUNGE and MOVE end with HIGHESTMODSEQ', async () => {
	const { client, server } = await selected(five);
	await client.send('ENABLE QRESYNC');
	await client.send('STORE 2 +FLAGS.SILENT (\\Deleted)');
	const expunged = await client.send('EXPUNGE');
	expect(expunged[0]).toBe('* VANISHED 2');
	expect(expunged.at(-1)).toBe('OK [HIGHESTMODSEQ 8] Expunge completed.');
	server.account('ann').create('Other');
	const moved = await client.send('UID MOVE 3 Other');
	expect(moved[1]).toBe('* VANISHED 3');
	expect(moved.at(-1)).toBe('OK [HIGHESTMODSEQ 9] Move completed.');
});

test('SELECT (QRESYNC) returns what is gone and what has changed since', async () => {
	const { client, inbox, other } = await loggedIn(five);
	const second = await other();
	await second.send('STORE 1,3 +FLAGS.SILENT (\\Deleted)');
	await second.send('EXPUNGE');
	await second.send('UID STORE 4 +FLAGS.SILENT (\\Flagged)');
	await client.send('ENABLE QRESYNC');
	const told = await client.untagged(`SELECT INBOX (QRESYNC (${inbox.uidValidity} 6 1:5))`);
	expect(told.slice(-2)).toEqual([
		'VANISHED (EARLIER) 1,3',
		'2 FETCH (UID 4 FLAGS (\\Flagged) MODSEQ (10))',
	]);
	const known = await client.untagged(`SELECT INBOX (QRESYNC (${inbox.uidValidity} 6 2:3 (1 2)))`);
	expect(known.slice(-2)).toEqual([anything, 'VANISHED (EARLIER) 3']);
});

test('with another UIDVALIDITY nothing of before is returned', async () => {
	const { client, inbox } = await loggedIn(five);
	await client.send('ENABLE QRESYNC');
	const told = await client.untagged(`SELECT INBOX (QRESYNC (${inbox.uidValidity - 1} 1))`);
	expect(told.filter((line) => /VANISHED|FETCH/.test(line))).toEqual([]);
});

test('UID FETCH (CHANGEDSINCE VANISHED) returns what is gone of the set', async () => {
	const { client } = await selected(five);
	await client.send('ENABLE QRESYNC');
	await client.send('STORE 1,3 +FLAGS.SILENT (\\Deleted)');
	await client.send('EXPUNGE');
	expect(await client.untagged('UID FETCH 2:5 (FLAGS) (CHANGEDSINCE 6 VANISHED)')).toEqual([
		'VANISHED (EARLIER) 3',
	]);
});

test('QRESYNC and VANISHED need ENABLE first', async () => {
	const { client } = await loggedIn(five);
	const select = await client.send('SELECT INBOX (QRESYNC (1 1))');
	expect(select).toEqual([expect.stringMatching(/^BAD /)]);
	await client.send('SELECT INBOX');
	const fetch = await client.send('UID FETCH 1:* (FLAGS) (CHANGEDSINCE 1 VANISHED)');
	expect(fetch.at(-1)).toMatch(/^BAD /);
});
