import { expect, test } from 'vitest';
import { loggedIn } from './raw-client';

const ALL = 'lrswipkxteacd';

test('the owner has all rights, those of RFC 2086 included', async () => {
	const { client } = await loggedIn();
	expect(await client.untagged('MYRIGHTS INBOX')).toEqual([`MYRIGHTS "INBOX" ${ALL}`]);
	expect(await client.untagged('GETACL INBOX')).toEqual([`ACL "INBOX" "ann" ${ALL}`]);
});

test('SETACL replaces, adds and removes rights; an entry without rights is gone', async () => {
	const { client } = await loggedIn();
	const bob = async (): Promise<string | undefined> =>
		/ "bob" (\w+)/.exec((await client.untagged('GETACL INBOX')).join())?.[1];
	for (const [rights, left] of [
		['lr', 'lr'],
		['+sw', 'lrsw'],
		['-rw', 'ls'],
		['i', 'i'],
		['-i', undefined],
	] as const) {
		await client.send(`SETACL INBOX bob ${rights}`);
		expect(await bob()).toBe(left);
	}
});

test('the rights c and d stand for those they were split into', async () => {
	const { client } = await loggedIn();
	await client.send('SETACL INBOX bob cd');
	const [line] = await client.untagged('GETACL INBOX');
	expect(line).toMatch(/ "bob" kxtecd$/);
});

test('negative rights are taken off, from everyone who grants them', async () => {
	const { client } = await loggedIn();
	await client.send('SETACL INBOX -ann w');
	expect(await client.untagged('MYRIGHTS INBOX')).toEqual([
		`MYRIGHTS "INBOX" ${ALL.replace('w', '')}`,
	]);
});

test('LISTRIGHTS: the owner keeps l and a, SETACL or not', async () => {
	const { client } = await loggedIn();
	expect(await client.untagged('LISTRIGHTS INBOX ann')).toEqual([
		'LISTRIGHTS "INBOX" "ann" la r s w i p k x t e',
	]);
	expect(await client.untagged('LISTRIGHTS INBOX bob')).toEqual([
		'LISTRIGHTS "INBOX" "bob" "" l r s w i p k x t e a',
	]);
	await client.send('SETACL INBOX ann r');
	expect(await client.untagged('MYRIGHTS INBOX')).toEqual(['MYRIGHTS "INBOX" lra']);
});

test('DELETEACL, and an identifier that needs a literal', async () => {
	const { client } = await loggedIn();
	await client.send('SETACL INBOX {4+}\r\nbj\xc3\xb6 lr');
	expect((await client.send('GETACL INBOX')).slice(0, 2)).toEqual([
		`* ACL "INBOX" "ann" ${ALL} {4}`,
		'bj\xc3\xb6 lr',
	]);
	await client.send('DELETEACL INBOX {4+}\r\nbj\xc3\xb6');
	expect(await client.untagged('GETACL INBOX')).toEqual([`ACL "INBOX" "ann" ${ALL}`]);
});

test.each([
	['SETACL INBOX bob z', 'BAD'],
	['SETACL INBOX bob LR', 'BAD'],
	['SETACL INBOX "" lr', 'BAD'],
	['GETACL Nowhere', 'NO [NONEXISTENT]'],
	['MYRIGHTS Nowhere', 'NO [NONEXISTENT]'],
])('refused: %s', async (command, answer) => {
	const { client } = await loggedIn();
	expect((await client.send(command)).at(-1)?.startsWith(answer)).toBe(true);
});

test('without the capability the commands are unknown', async () => {
	const { client } = await loggedIn([], { capabilities: { remove: ['ACL'] } });
	expect(await client.send('GETACL INBOX')).toEqual([expect.stringMatching(/^BAD .*unknown/)]);
});
