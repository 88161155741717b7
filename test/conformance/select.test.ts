import { describe, expect, test } from 'vitest';
import { message } from './messages';
import { onEachServer } from './on-each-server';

const SYSTEM_FLAGS = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'];

onEachServer((bench) => {
	test('SELECT tells all about the mailbox', async () => {
		const { imap } = await bench.logIn();
		await imap.append('INBOX', message(), { flags: ['\\Seen'] });
		await imap.append('INBOX', message());
		const appended = await imap.append('INBOX', message());
		const box = await imap.select();
		expect(box).toMatchObject({
			name: 'INBOX',
			readOnly: false,
			exists: 3,
			recent: 3,
			unseen: 2,
			uidNext: 4,
			uidValidity: appended?.uidValidity,
		});
		expect(box.flags).toEqual(expect.arrayContaining(SYSTEM_FLAGS));
		expect(box.permanentFlags).toEqual(expect.arrayContaining([...SYSTEM_FLAGS, '\\*']));
		expect(imap.state).toBe('selected');
		expect(imap.mailbox).toEqual(box);
	});

	test('an empty mailbox', async () => {
		const { imap } = await bench.logIn();
		expect(await imap.select('inbox')).toMatchObject({ exists: 0, recent: 0, uidNext: 1 });
	});

	test('EXAMINE is read-only and leaves \\Recent for whoever selects', async () => {
		const { imap, account } = await bench.logIn();
		await imap.append('INBOX', message());
		const { imap: other } = await bench.logIn(account);
		expect(await imap.examine()).toMatchObject({ readOnly: true, exists: 1, recent: 1 });
		expect(await other.select()).toMatchObject({ readOnly: false, recent: 1 });
		await other.close();
		expect((await other.select()).recent).toBe(0);
	});

	test('what is read through EXAMINE stays unread', async () => {
		const { imap } = await bench.logIn();
		await imap.append('INBOX', message());
		await imap.select('INBOX', { readOnly: true });
		const [read] = await imap.fetch('1', { body: [{ section: '', peek: false }] }).all();
		expect(read?.body[0]?.content?.length).toBeGreaterThan(10);
		await imap.select();
		const [found] = await imap.fetch('1', { flags: true }).all();
		expect(found?.flags).not.toContain('\\Seen');
	});

	test('a mailbox that does not exist is refused, and none is selected afterwards', async () => {
		const { imap } = await bench.inbox();
		const error = await imap.select('No such "mailbox"').catch((reason: unknown) => reason);
		expect(error).toMatchObject({ name: 'Imap4Error', code: 'NO', command: 'SELECT' });
		expect((error as { serverText: string }).serverText).not.toBe('');
		expect(imap.state).toBe('authenticated');
		expect(imap.mailbox).toBeUndefined();
		await expect(imap.search({})).rejects.toMatchObject({ code: 'STATE' });
	});

	test('another SELECT takes the place of the first', async () => {
		const { imap } = await bench.inbox([message(), message()]);
		await imap.create('Other');
		expect(await imap.select('Other')).toMatchObject({ name: 'Other', exists: 0, recent: 0 });
		expect(imap.mailbox?.name).toBe('Other');
		expect((await imap.select()).exists).toBe(2);
	});

	describe('leaving a mailbox', () => {
		test('CLOSE removes what is marked \\Deleted', async () => {
			const { imap } = await bench.inbox([message(), message(), message()]);
			await imap.store('1,3', '+FLAGS', ['\\Deleted'], { silent: true });
			await imap.close();
			expect(imap.state).toBe('authenticated');
			expect(imap.mailbox).toBeUndefined();
			expect((await imap.select()).exists).toBe(1);
			expect((await imap.fetch('1', { uid: true }).all()).map(({ uid }) => uid)).toEqual([2]);
		});

		test('CLOSE after EXAMINE removes nothing', async () => {
			const { imap } = await bench.inbox([message()]);
			await imap.store('1', '+FLAGS', ['\\Deleted'], { silent: true });
			await imap.unselect();
			await imap.examine();
			await imap.close();
			expect((await imap.select()).exists).toBe(1);
		});

		test('UNSELECT removes nothing', async () => {
			const { imap } = await bench.inbox([message(), message()]);
			await imap.store('1', '+FLAGS', ['\\Deleted'], { silent: true });
			await imap.unselect();
			expect(imap.state).toBe('authenticated');
			expect(imap.mailbox).toBeUndefined();
			expect((await imap.select()).exists).toBe(2);
		});

		test('a deleted and new mailbox of the same name has another UIDVALIDITY', async () => {
			const { imap } = await bench.logIn();
			await imap.create('Twice');
			const first = await imap.select('Twice');
			await imap.unselect();
			await imap.delete('Twice');
			await imap.create('Twice');
			const second = await imap.select('Twice');
			expect(second.uidValidity).toBeGreaterThan(first.uidValidity as number);
		});
	});
});
