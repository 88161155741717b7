import { expect, test } from 'vitest';
import type { Scene } from './raw-client';
import { RawClient, loggedIn } from './raw-client';

async function noted(): Promise<Scene> {
	const scene = await loggedIn();
	await scene.client.send(
		'SETMETADATA INBOX (/private/vendor/a "1" /private/vendor/a/b "22" /private/vendor/a/b/c "333")',
	);
	return scene;
}

test('METADATA: what was set is got, in any case; NIL deletes it', async () => {
	const { client } = await loggedIn();
	await client.send('SETMETADATA INBOX (/private/comment "a \\"b\\"" /shared/comment "c")');
	expect(await client.untagged('GETMETADATA INBOX (/PRIVATE/Comment /shared/comment)')).toEqual([
		'METADATA "INBOX" (/private/comment "a \\"b\\"" /shared/comment "c")',
	]);
	await client.send('SETMETADATA INBOX (/private/comment NIL)');
	expect(await client.untagged('GETMETADATA INBOX /private/comment')).toEqual([]);
});

test('values of any bytes: literals, and literal8 where there is NUL', async () => {
	const { client } = await loggedIn();
	await client.send('SETMETADATA INBOX (/private/a {2+}\r\n\xfc\n /private/b ~{1+}\r\n\0)');
	expect((await client.send('GETMETADATA INBOX (/private/a /private/b)')).slice(0, -1)).toEqual([
		'* METADATA "INBOX" (/private/a {2}',
		'\xfc\n /private/b ~{1}',
		'\0)',
	]);
});

test.each([
	['0', ['a']],
	['1', ['a', 'a/b']],
	['infinity', ['a', 'a/b', 'a/b/c']],
])('DEPTH %s', async (depth, entries) => {
	const { client } = await noted();
	const [line = ''] = await client.untagged(
		`GETMETADATA (DEPTH ${depth}) INBOX (/private/vendor/a)`,
	);
	const told = [...line.matchAll(/\/private\/vendor\/(\S+)/g)].map(([, entry]) => entry);
	expect(told).toEqual(entries);
});

test('MAXSIZE leaves out what is longer and reports the longest', async () => {
	const { client } = await noted();
	expect(
		await client.send('GETMETADATA (MAXSIZE 1 DEPTH infinity) INBOX /private/vendor/a'),
	).toEqual([
		'* METADATA "INBOX" (/private/vendor/a "1")',
		'OK [METADATA LONGENTRIES 3] Getmetadata completed.',
	]);
});

test.each(['comment', '/comment', '/private', '/private/*', '/private//x', '/private/x/'])(
	'%s is no entry',
	async (entry) => {
		const { client } = await loggedIn();
		expect((await client.send(`GETMETADATA INBOX "${entry}"`))[0]).toMatch(/^BAD/);
	},
);

test('limits: too long, too many; nothing is set then', async () => {
	const { client } = await loggedIn([], { annotationLimits: { size: 3, entries: 1 } });
	expect((await client.send('SETMETADATA INBOX (/private/a "1234")'))[0]).toMatch(
		/^NO \[METADATA MAXSIZE 3\]/,
	);
	expect((await client.send('SETMETADATA INBOX (/private/a "1" /private/b "2")'))[0]).toMatch(
		/^NO \[METADATA TOOMANY\]/,
	);
	expect(await client.untagged('GETMETADATA INBOX (/private/a /private/b)')).toEqual([]);
});

test('the server: private for each, shared by an administrator for all', async () => {
	const { client, server } = await loggedIn([], { isAdministrator: (user) => user === 'boss' });
	server.addAccount('boss', 'secret');
	const boss = await RawClient.connect(server);
	await boss.send('LOGIN boss secret');
	expect((await client.send('SETMETADATA "" (/shared/admin "ann")'))[0]).toMatch(/^NO \[NOPERM\]/);
	await boss.send('SETMETADATA "" (/shared/admin "boss" /private/comment "of boss")');
	expect(await client.untagged('GETMETADATA "" (/shared/admin /private/comment)')).toEqual([
		'METADATA "" (/shared/admin "boss")',
	]);
});

test('a mailbox that does not exist; what is noted goes with a renamed one', async () => {
	const { client } = await loggedIn();
	expect((await client.send('GETMETADATA Nowhere /private/a'))[0]).toMatch(/^NO \[NONEXISTENT\]/);
	await client.send('CREATE Old');
	await client.send('SETMETADATA Old (/private/a "1")');
	await client.send('RENAME Old New');
	expect(await client.untagged('GETMETADATA New /private/a')).toHaveLength(1);
});

test('ANNOTATEMORE has the same values under its own names', async () => {
	const { client } = await loggedIn();
	await client.send('SETANNOTATION INBOX "/comment" ("value.priv" "mine" "value.shared" "ours")');
	expect(await client.untagged('GETMETADATA INBOX (/private/comment /shared/comment)')).toEqual([
		'METADATA "INBOX" (/private/comment "mine" /shared/comment "ours")',
	]);
	expect(await client.untagged('GETANNOTATION INBOX "/comment" "value.priv"')).toEqual([
		'ANNOTATION "INBOX" "/comment" ("value.priv" "mine")',
	]);
	expect(await client.untagged('GETANNOTATION INBOX "/comment" ("value" "size.priv")')).toEqual([
		'ANNOTATION "INBOX" "/comment" ("value.priv" "mine" "size.priv" "4" "value.shared" "ours")',
	]);
	await client.send('SETANNOTATION INBOX "/comment" ("value.priv" NIL)');
	expect(await client.untagged('GETANNOTATION INBOX "/comment" "value.priv"')).toEqual([]);
});

test('ANNOTATEMORE: wildcards in mailboxes, entries and attributes', async () => {
	const { client } = await loggedIn();
	for (const name of ['Box', 'Box/Sub']) await client.send(`CREATE ${name}`);
	await client.send('SETANNOTATION * ("/a" ("value.priv" "1") "/a/b" ("value.priv" "2"))');
	const mailboxes = async (pattern: string, entry: string): Promise<string[]> =>
		(await client.untagged(`GETANNOTATION "${pattern}" "${entry}" "value.*"`)).map(
			(line) => /"(.+?)" "(.+?)"/.exec(line)?.slice(1).join(' ') ?? line,
		);
	expect(await mailboxes('%', '/%')).toEqual(['Box /a', 'INBOX /a']);
	expect(await mailboxes('Box*', '*')).toEqual([
		'Box /a',
		'Box /a/b',
		'Box/Sub /a',
		'Box/Sub /a/b',
	]);
});

test('ANNOTATEMORE: only values can be set', async () => {
	const { client } = await loggedIn();
	expect((await client.send('SETANNOTATION INBOX "/a" ("size.priv" "1")'))[0]).toMatch(/^NO/);
	expect((await client.send('SETANNOTATION INBOX "/a" ("value" "1")'))[0]).toMatch(/^NO/);
	expect((await client.send('SETANNOTATION INBOX "/a*" ("value.priv" "1")'))[0]).toMatch(/^BAD/);
});
