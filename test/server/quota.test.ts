import { expect, test } from 'vitest';
import { RawClient, loggedIn, mail, selected } from './raw-client';

const kilo = mail({ Subject: 'x' }, 'x'.repeat(1000));

test('usage and limits are those of the account, whatever comes and goes', async () => {
	const { client, server } = await loggedIn([kilo], { quotaBytes: 10 * 1024, quotaMessages: 5 });
	const account = server.account('ann');
	const quota = (): Promise<string[]> => client.untagged('GETQUOTA ""');
	expect(await quota()).toEqual(['QUOTA "" (STORAGE 1 10 MESSAGE 1 5)']);
	const box = account.create('Box');
	box.append(kilo);
	box.append(kilo);
	expect(await quota()).toEqual(['QUOTA "" (STORAGE 3 10 MESSAGE 3 5)']);
	box.remove(new Set(box.messages.slice(0, 1)));
	expect(await quota()).toEqual(['QUOTA "" (STORAGE 2 10 MESSAGE 2 5)']);
	account.rename('INBOX', 'Old');
	expect(await quota()).toEqual(['QUOTA "" (STORAGE 2 10 MESSAGE 2 5)']);
	account.delete('Box');
	expect(await quota()).toEqual(['QUOTA "" (STORAGE 1 10 MESSAGE 1 5)']);
});

test('what has no limit is left out', async () => {
	const { client } = await loggedIn();
	expect(await client.untagged('GETQUOTA ""')).toEqual(['QUOTA "" ()']);
});

test('GETQUOTAROOT of a mailbox', async () => {
	const { client } = await loggedIn([], { quotaMessages: 5 });
	expect(await client.untagged('GETQUOTAROOT INBOX')).toEqual([
		'QUOTAROOT "INBOX" ""',
		'QUOTA "" (MESSAGE 0 5)',
	]);
	expect((await client.send('GETQUOTAROOT Nowhere'))[0]).toMatch(/^NO \[NONEXISTENT\]/);
});

test('APPEND over quota is refused before the literal is asked for', async () => {
	const { client } = await loggedIn([], { quotaBytes: 10 });
	expect((await client.send('APPEND INBOX {11}'))[0]).toMatch(/^NO \[OVERQUOTA\]/);
	expect((await client.send('APPEND INBOX {11+}\r\n0123456789a'))[0]).toMatch(/^NO \[OVERQUOTA\]/);
	expect((await client.send('APPEND INBOX {10+}\r\n0123456789'))[0]).toMatch(/^OK/);
});

test('COPY over quota copies nothing; MOVE needs no more', async () => {
	const { client, server } = await selected([kilo, kilo], { quotaMessages: 3 });
	server.account('ann').create('Box');
	expect((await client.send('COPY 1:2 Box'))[0]).toMatch(/^NO \[OVERQUOTA\]/);
	expect(server.account('ann').mailbox('Box').messages).toHaveLength(0);
	expect((await client.send('MOVE 1:2 Box')).at(-1)).toMatch(/^OK/);
});

test('SETQUOTA is for administrators, who reach the roots of others', async () => {
	const { client, server } = await loggedIn([kilo], {
		isAdministrator: (user) => user === 'boss',
	});
	expect((await client.send('SETQUOTA "" (STORAGE 1)'))[0]).toMatch(/^NO \[NOPERM\]/);
	expect((await client.send('GETQUOTA user/boss'))[0]).toMatch(/^NO \[NONEXISTENT\]/);
	server.addAccount('boss', 'secret');
	const boss = await RawClient.connect(server);
	await boss.send('LOGIN boss secret');
	expect(await boss.send('SETQUOTA user/ann (STORAGE 512 MESSAGE 100)')).toEqual([
		'* QUOTA "user/ann" (STORAGE 1 512 MESSAGE 1 100)',
		'OK Setquota completed.',
	]);
	expect(await client.untagged('GETQUOTA ""')).toEqual(['QUOTA "" (STORAGE 1 512 MESSAGE 1 100)']);
	await boss.send('SETQUOTA user/ann (MESSAGE 7)');
	expect(await client.untagged('GETQUOTA ""')).toEqual(['QUOTA "" (MESSAGE 1 7)']);
	await boss.send('SETQUOTA user/ann ()');
	expect(await client.untagged('GETQUOTA ""')).toEqual(['QUOTA "" ()']);
	expect((await boss.send('SETQUOTA user/ann (X 1)'))[0]).toMatch(/^NO /);
	expect((await boss.send('SETQUOTA user/nobody ()'))[0]).toMatch(/^NO \[NONEXISTENT\]/);
});

test('STATUS returns what an expunge would free', async () => {
	const { client, inbox } = await loggedIn([kilo, kilo]);
	inbox.setFlags(inbox.messages[0] as (typeof inbox.messages)[0], ['\\Deleted']);
	expect(await client.untagged('STATUS INBOX (DELETED DELETED-STORAGE)')).toEqual([
		`STATUS "INBOX" (DELETED 1 DELETED-STORAGE ${kilo.length})`,
	]);
});
