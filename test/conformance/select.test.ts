import { describe, expect, test } from 'vitest';
import { Imap4, Imap4AbortError, Imap4ReadonlyError } from '../../engine/index';
import { ScriptedServer } from '../server';
import { message } from './messages';
import { leaveOut, needs } from './needs';
import { onEachServer } from './on-each-server';

const SYSTEM_FLAGS = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'];

onEachServer((bench) => {
	test('SELECT returns all about the mailbox', async () => {
		const { imap } = await bench.logIn();
		await imap.append('INBOX', message(), { flags: ['\\Seen'] });
		await imap.append('INBOX', message());
		const appended = await imap.append('INBOX', message());
		const box = await imap.open();
		expect(box).toMatchObject({
			name: 'INBOX',
			readOnly: false,
			exists: 3,
			...(bench.name === 'Courier' ? {} : { recent: 3, unseen: 2, uidNext: 4 }),
			uidValidity: appended?.uidValidity,
		});
		// Courier tells neither what is unseen nor the next UID, and nothing that was appended is recent.
		if (bench.name === 'Courier')
			expect([box.recent, box.unseen, box.uidNext]).toEqual([0, undefined, undefined]);
		expect(box.flags).toEqual(expect.arrayContaining(SYSTEM_FLAGS));
		expect(box.permanentFlags).toEqual(expect.arrayContaining([...SYSTEM_FLAGS, '\\*']));
		expect(imap.state).toBe('selected');
		expect(imap.mailbox).toEqual(box);
	});

	test('an empty mailbox', async () => {
		const { imap } = await bench.logIn();
		const box = await imap.open('inbox');
		expect(box).toMatchObject({ exists: 0, recent: 0 });
		expect(box.uidNext).toBe(bench.name === 'Courier' ? undefined : 1);
	});

	test('EXAMINE is read-only and leaves \\Recent for the client that selects', async () => {
		const { imap, account } = await bench.logIn();
		await imap.append('INBOX', message());
		const { imap: other } = await bench.logIn(account);
		// On Courier nothing that was appended is.
		const recent = bench.name === 'Courier' ? 0 : 1;
		expect(await imap.open('INBOX', { readOnly: true })).toMatchObject({
			readOnly: true,
			exists: 1,
			recent,
		});
		expect(await other.open()).toMatchObject({ readOnly: false, recent });
		await other.selected.close({ expunge: true });
		expect((await other.open()).recent).toBe(0);
	});

	test('what is read through EXAMINE stays unread', async () => {
		const { imap } = await bench.logIn();
		await imap.append('INBOX', message());
		await imap.open('INBOX', { readOnly: true });
		const [read] = await imap.selected.bySequenceNumber
			.fetch('1', { body: [{ section: '', peek: false }] })
			.all();
		expect(read?.body[0]?.content?.length).toBeGreaterThan(10);
		await imap.open();
		const [found] = await imap.selected.bySequenceNumber.fetch('1', { flags: true }).all();
		expect(found?.flags).not.toContain('\\Seen');
	});

	test('a mailbox that may only be read: SELECT says so, EXAMINE opens it', async (context) => {
		const { imap, account } = await bench.logIn();
		needs(context, imap, 'ACL');
		if (bench.name === 'in-memory') return leaveOut(context, 'not enforced');
		const box = bench.mailbox('Leave me');
		await imap.createMailbox(box);
		// On Cyrus an owner keeps all rights; on Courier that is what the owner is called.
		const reader = bench.name === 'Cyrus' ? await bench.logIn() : { imap, account };
		const identifier = bench.name === 'Courier' ? 'owner' : reader.account.user;
		await imap.setAcl(box, identifier, 'lra');
		const seen = bench.name === 'Cyrus' ? `Other Users/${account.user}/${box}` : box;
		const mailbox = await reader.imap.open(seen);
		expect(mailbox.readOnly).toBe(true);
		const error = await mailbox.store('1', '+FLAGS', ['a']).catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(Imap4ReadonlyError);
		expect(error).not.toBeInstanceOf(Imap4AbortError);
		expect(error).toMatchObject({ code: 'READ_ONLY', command: 'UID STORE' });
		expect(await reader.imap.open(seen, { readOnly: true })).toMatchObject({
			readOnly: true,
			exists: 0,
		});
		expect(reader.imap.state).toBe('selected');
	});

	test('a mailbox that does not exist is refused, and none is selected afterwards', async () => {
		const { imap } = await bench.inbox();
		const error = await imap.open('No such "mailbox"').catch((reason: unknown) => reason);
		expect(error).toMatchObject({ name: 'Imap4Error', code: 'NO', command: 'SELECT' });
		expect((error as { serverText: string }).serverText).not.toBe('');
		expect(imap.state).toBe('authenticated');
		expect(imap.mailbox).toBeUndefined();
		expect(() => imap.selected).toThrow(expect.objectContaining({ code: 'STATE' }));
	});

	test('another SELECT takes the place of the first', async () => {
		const { imap } = await bench.inbox([message(), message()]);
		const name = bench.mailbox('Other');
		await imap.createMailbox(name);
		expect(await imap.open(name)).toMatchObject({ name, exists: 0, recent: 0 });
		expect(imap.mailbox?.name).toBe(name);
		expect((await imap.open()).exists).toBe(2);
	});

	describe('leaving a mailbox', () => {
		test('CLOSE removes what is marked \\Deleted', async () => {
			const { imap } = await bench.inbox([message(), message(), message()]);
			await imap.selected.bySequenceNumber.store('1,3', '+FLAGS', ['\\Deleted'], { silent: true });
			await imap.selected.close({ expunge: true });
			expect(imap.state).toBe('authenticated');
			expect(imap.mailbox).toBeUndefined();
			expect((await imap.open()).exists).toBe(1);
			expect(
				(await imap.selected.bySequenceNumber.fetch('1', { uid: true }).all()).map(
					({ uid }) => uid,
				),
			).toEqual([2]);
		});

		test('CLOSE after EXAMINE removes nothing', async () => {
			const { imap } = await bench.inbox([message()]);
			await imap.selected.bySequenceNumber.store('1', '+FLAGS', ['\\Deleted'], { silent: true });
			if (imap.capabilities.has('UNSELECT')) await imap.selected.close();
			await imap.open('INBOX', { readOnly: true });
			await imap.selected.close({ expunge: true });
			expect((await imap.open()).exists).toBe(1);
		});

		test('UNSELECT removes nothing', async (context) => {
			const { imap } = await bench.inbox([message(), message()]);
			needs(context, imap, 'UNSELECT');
			await imap.selected.bySequenceNumber.store('1', '+FLAGS', ['\\Deleted'], { silent: true });
			await imap.selected.close();
			expect(imap.state).toBe('authenticated');
			expect(imap.mailbox).toBeUndefined();
			expect((await imap.open()).exists).toBe(2);
		});

		test('a deleted and new mailbox of the same name has another UIDVALIDITY', async () => {
			const { imap } = await bench.logIn();
			const name = bench.mailbox('Twice');
			await imap.createMailbox(name);
			const first = await imap.open(name);
			const anew = async (): Promise<number | undefined> => {
				await imap.selected.close({ expunge: true });
				await imap.deleteMailbox(name);
				await imap.createMailbox(name);
				return (await imap.open(name)).uidValidity;
			};
			let second = await anew();
			// Courier's is the second it was made in.
			while (bench.name === 'Courier' && second === first.uidValidity) second = await anew();
			expect(second).toBeGreaterThan(first.uidValidity as number);
		});

		test('DELETE of the open mailbox is answered, whatever the server does then', async () => {
			const { imap } = await bench.logIn();
			const name = bench.mailbox('Selected');
			await imap.createMailbox(name);
			await imap.open(name);
			if (bench.name === 'Courier')
				await expect(imap.deleteMailbox(name)).rejects.toMatchObject({ code: 'NO' });
			else await imap.deleteMailbox(name);
			if (bench.name === 'Dovecot' || bench.name === 'in-memory')
				await expect(imap.noop()).rejects.toMatchObject({ code: 'BYE' });
			else await imap.noop();
		});
	});
});

test('a mailbox that turns read-only: what would change it is not sent', async () => {
	const answer = (expected: RegExp, data: string) => ({
		expect: expected,
		send: (received: string) => `${data}\r\n${received.split(' ')[0]} OK done\r\n`,
	});
	const server = await ScriptedServer.start([
		{ send: '* PREAUTH [CAPABILITY IMAP4rev1] hello\r\n' },
		answer(/ SELECT INBOX\r\n/, '* 1 EXISTS'),
		answer(/ NOOP\r\n/, '* OK [READ-ONLY] by a new policy'),
	]);
	const { port } = server;
	const imap = await Imap4.connect({ host: '127.0.0.1', port, security: 'none' });
	try {
		expect((await imap.open()).readOnly).toBe(false);
		await imap.noop();
		const stored = imap.selected.bySequenceNumber.store('1', '+FLAGS', ['\\Seen']);
		await expect(stored).rejects.toBeInstanceOf(Imap4ReadonlyError);
		expect(server.received.join('')).not.toContain('STORE');
	} finally {
		imap.destroy();
		await server.stop();
	}
});
