import { expect, test } from 'vitest';
import { loggedIn, mail, selected } from './raw-client';

const rev2 = { protocols: ['IMAP4rev2'] } as const;
const both = { protocols: ['IMAP4rev1', 'IMAP4rev2'] } as const;

test('IMAP4rev2 alone is offered in place of IMAP4rev1', async () => {
	const { client } = await loggedIn([], rev2);
	const offered = (await client.untagged('CAPABILITY'))[0]?.split(' ');
	expect(offered).toContain('IMAP4rev2');
	expect(offered).not.toContain('IMAP4rev1');
	expect(offered).not.toContain('LITERAL+');
});

test('SELECT returns neither RECENT nor UNSEEN, but the name', async () => {
	const { client } = await loggedIn([mail({})], rev2);
	const lines = await client.untagged('SELECT inbox');
	expect(lines.join('\n')).not.toMatch(/RECENT|UNSEEN/i);
	expect(lines).toContain('LIST () "/" "INBOX"');
	expect(lines).toContain('1 EXISTS');
});

test('no message is \\Recent, those that come neither', async () => {
	const { client, inbox } = await selected([mail({})], rev2);
	inbox.append(mail({}));
	expect(await client.untagged('NOOP')).toEqual(['2 EXISTS']);
	expect(await client.untagged('FETCH 1:2 FLAGS')).toEqual([
		'1 FETCH (FLAGS ())',
		'2 FETCH (FLAGS ())',
	]);
});

test('SEARCH answers ESEARCH, also where nothing is found', async () => {
	const { client } = await selected([mail({}), mail({})], rev2);
	expect(await client.untagged('SEARCH ALL')).toEqual([
		expect.stringMatching(/^ESEARCH \(TAG "t\d+"\) ALL 1:2$/),
	]);
	expect(await client.untagged('UID SEARCH SEEN')).toEqual([
		expect.stringMatching(/^ESEARCH \(TAG "t\d+"\) UID$/),
	]);
});

test.each([
	'CHECK',
	'LSUB "" *',
	'SEARCH NEW',
	'SEARCH NOT RECENT',
	'FETCH 1 RFC822',
	'FETCH 1 RFC822.TEXT',
	'STATUS INBOX (RECENT)',
])('gone: %s', async (command) => {
	const { client } = await selected([mail({})], rev2);
	expect(await client.send(command)).toEqual([expect.stringMatching(/^BAD/)]);
	const { client: rev1 } = await selected([mail({})]);
	expect((await rev1.send(command)).at(-1)).toMatch(/^OK/);
});

test('mailbox names are UTF-8', async () => {
	const { client, server } = await loggedIn([], rev2);
	const name = Buffer.from('\u00fcber').toString('latin1');
	await client.send(`CREATE "${name}"`);
	expect(server.account('ann').find('\u00fcber')).toBeDefined();
	expect(await client.untagged(`LIST "" "${name}"`)).toEqual([
		`LIST (\\HasNoChildren) "/" "${name}"`,
	]);
});

test('what belongs to it works although it is not offered by name', async () => {
	const remove = ['UNSELECT', 'ESEARCH', 'UIDPLUS', 'IDLE', 'NAMESPACE', 'ENABLE', 'MOVE'];
	const { client } = await selected([mail({})], { ...rev2, capabilities: { remove } });
	expect((await client.send('SEARCH RETURN (COUNT) ALL')).at(-1)).toMatch(/^OK/);
	expect((await client.send('NAMESPACE')).at(-1)).toMatch(/^OK/);
	expect((await client.send('APPEND INBOX {1+}\r\nx')).at(-1)).toMatch(/^OK \[APPENDUID/);
	expect((await client.send('UNSELECT')).at(-1)).toMatch(/^OK/);
	expect((await client.send('STATUS INBOX (DELETED)')).at(-1)).toMatch(/^OK/);
});

test('with both on offer it begins with ENABLE', async () => {
	const { client } = await loggedIn([mail({})], both);
	expect((await client.untagged('SELECT INBOX')).join()).toContain('RECENT');
	expect(await client.untagged('SEARCH ALL')).toEqual(['SEARCH 1']);
	await client.send('UNSELECT');
	expect(await client.untagged('ENABLE IMAP4rev2')).toEqual(['ENABLED IMAP4REV2']);
	expect((await client.untagged('SELECT INBOX')).join()).not.toContain('RECENT');
	expect((await client.untagged('SEARCH ALL'))[0]).toMatch(/^ESEARCH/);
});
