import { afterEach, describe, expect, test } from 'vitest';
import { Imap4, type Uid, UidSet } from '../../engine/index';
import { MemoryServer } from '../server';
import { message } from './messages';
import { onEachServer } from './on-each-server';

const four = ['a', 'b', 'c', 'd'].map((subject) => message({ Subject: subject }));

async function subjectsOf(imap: Imap4): Promise<unknown[]> {
	const found = await imap.selected.fetch('1:*', { envelope: true }).all();
	return found.map(({ envelope }) => envelope?.subject);
}

onEachServer((bench) => {
	test('COPY keeps flags and date, and returns which UID became which', async () => {
		const { imap } = await bench.logIn();
		const date = new Date('2011-12-13T14:15:16Z');
		for (const octets of four)
			await imap.append('INBOX', octets, { flags: ['\\Seen', 'kw'], date });
		const target = bench.mailbox('Zïel & x');
		await imap.createMailbox(target);
		const { uidValidity } = await imap.status(target, ['uidValidity']);
		await imap.append(target, message());
		await imap.open();
		expect(await imap.selected.bySequenceNumber.copy('2,4', target)).toEqual({
			uidValidity,
			uids: new Map([
				[2, 2],
				[4, 3],
			]),
		});
		expect((await imap.selected.copy(UidSet.from([1]), target))?.uids).toEqual(new Map([[1, 4]]));
		expect(imap.mailbox?.exists).toBe(4);
		await imap.open(target);
		expect(await subjectsOf(imap)).toEqual([null, 'b', 'd', 'a']);
		const [copied] = await imap.selected.bySequenceNumber
			.fetch('2', { flags: true, internalDate: true })
			.all();
		expect(copied?.flags).toEqual(expect.arrayContaining(['\\Seen', 'kw']));
		expect(copied?.internalDate).toEqual(date);
	});

	test('COPY of messages that are not there, and to a mailbox that is not', async () => {
		const { imap } = await bench.inbox(four);
		const nowhere = bench.mailbox('Nowhere');
		await expect(imap.selected.bySequenceNumber.copy('1', nowhere)).rejects.toMatchObject({
			code: 'NO',
			command: 'COPY',
			responseCode: 'TRYCREATE',
		});
		await expect(imap.selected.copy('1', nowhere)).rejects.toMatchObject({
			command: 'UID COPY',
			responseCode: 'TRYCREATE',
		});
		expect(await imap.selected.copy('99', 'INBOX')).toBeUndefined();
		await imap.noop();
		expect(imap.mailbox?.exists).toBe(4);
	});

	test('COPY into the same mailbox', async () => {
		const { imap } = await bench.inbox(four);
		expect((await imap.selected.bySequenceNumber.copy('1:*', 'INBOX'))?.uids.get(4 as Uid)).toBe(8);
		await imap.noop();
		expect(imap.mailbox?.exists).toBe(8);
	});

	test('MOVE by number and by UID', async () => {
		const { imap, sent } = await bench.inbox(four);
		const to = bench.mailbox('To');
		await imap.createMailbox(to);
		const first = await imap.selected.bySequenceNumber.move('2:3', to);
		// Courier has no MOVE.
		const byHand = bench.name === 'Courier';
		expect(first).toMatchObject({ via: byHand ? 'COPY+STORE+EXPUNGE' : 'MOVE' });
		expect(first.copied?.uids).toEqual(
			new Map([
				[2, 1],
				[3, 2],
			]),
		);
		expect(imap.mailbox?.exists).toBe(2);
		const second = await imap.selected.move('4,99', to);
		expect(second.copied?.uids).toEqual(new Map([[4, 3]]));
		expect(imap.mailbox?.exists).toBe(1);
		expect(await subjectsOf(imap)).toEqual(['a']);
		expect(sent.filter((line) => /^(UID )?MOVE/.test(line))).toHaveLength(byHand ? 0 : 2);
		await imap.open(to);
		expect(await subjectsOf(imap)).toEqual(['b', 'c', 'd']);
	});

	test('MOVE to a mailbox that is not there moves nothing', async () => {
		const { imap } = await bench.inbox(four);
		await expect(imap.selected.move('1:2', bench.mailbox('Nowhere'))).rejects.toMatchObject({
			code: 'NO',
			responseCode: 'TRYCREATE',
		});
		await imap.noop();
		expect(imap.mailbox?.exists).toBe(4);
		expect(await imap.selected.bySequenceNumber.search({ deleted: true })).toEqual([]);
	});

	test('EXPUNGE returns the numbers as they fall', async () => {
		const { imap } = await bench.inbox(four);
		expect(await imap.selected.expunge()).toEqual({ sequenceNumbers: [], uids: undefined });
		await imap.selected.bySequenceNumber.store('1,2,4', '+FLAGS', ['\\Deleted'], { silent: true });
		const { sequenceNumbers } = await imap.selected.expunge();
		expect(sequenceNumbers).toHaveLength(3);
		// Each number counts after the removals before it: replaying them leaves the third message.
		const left = [1, 2, 3, 4];
		for (const number of sequenceNumbers) left.splice(number - 1, 1);
		expect(left).toEqual([3]);
		expect(imap.mailbox?.exists).toBe(1);
		expect(await subjectsOf(imap)).toEqual(['c']);
	});

	test('UID EXPUNGE removes only what is named', async () => {
		const { imap } = await bench.inbox(four);
		await imap.selected.bySequenceNumber.store('1:3', '+FLAGS', ['\\Deleted'], { silent: true });
		expect((await imap.selected.expunge('2,4')).sequenceNumbers).toEqual([2]);
		expect(await imap.selected.search({ deleted: true })).toEqual([1, 3]);
		expect(imap.mailbox?.exists).toBe(3);
	});

	test('UIDs are never used again', async () => {
		const { imap } = await bench.inbox(four);
		await imap.selected.bySequenceNumber.store('4', '+FLAGS', ['\\Deleted'], { silent: true });
		await imap.selected.expunge();
		expect((await imap.append('INBOX', message()))?.uid).toBe(5);
	});
});

describe('a server without MOVE', () => {
	let server: MemoryServer | undefined;
	let imap: Imap4 | undefined;
	afterEach(async () => {
		imap?.destroy();
		await server?.stop();
	});

	const prepare = async (...remove: string[]): Promise<Imap4> => {
		server = await MemoryServer.start({ capabilities: { remove } });
		server.addAccount('ann', 'secret');
		imap = await Imap4.connect({
			host: server.host,
			port: server.port,
			security: 'none',
			auth: { user: 'ann', password: 'secret' },
		});
		for (const octets of four) await imap.append('INBOX', octets);
		await imap.createMailbox('To');
		await imap.open();
		server.commands.length = 0;
		return imap;
	};
	const names = (): string[] | undefined => server?.commands.map(({ name }) => name);

	test('but with UIDPLUS: COPY, STORE, UID EXPUNGE of just these', async () => {
		const session = await prepare('MOVE');
		await session.selected.bySequenceNumber.store('4', '+FLAGS', ['\\Deleted'], { silent: true });
		const { via, copied } = await session.selected.move('1:2', 'To');
		expect(via).toBe('COPY+STORE+EXPUNGE');
		expect(copied?.uids).toEqual(
			new Map([
				[1, 1],
				[2, 2],
			]),
		);
		expect(await subjectsOf(session)).toEqual(['c', 'd']);
		await session.open('To');
		expect(await subjectsOf(session)).toEqual(['a', 'b']);
	});

	test('by sequence number the same messages are meant throughout', async () => {
		const session = await prepare('MOVE');
		await session.selected.bySequenceNumber.move('2:3', 'To');
		expect(await subjectsOf(session)).toEqual(['a', 'd']);
		await expect(session.selected.bySequenceNumber.move('9', 'To')).rejects.toMatchObject({
			code: 'NO',
		});
	});

	test('nor UIDPLUS: EXPUNGE only if nothing else is marked', async () => {
		const session = await prepare('MOVE', 'UIDPLUS');
		expect(await session.selected.move('1', 'To')).toEqual({
			via: 'COPY+STORE+EXPUNGE',
			copied: undefined,
		});
		expect(await subjectsOf(session)).toEqual(['b', 'c', 'd']);
		await session.selected.bySequenceNumber.store('3', '+FLAGS', ['\\Deleted'], { silent: true });
		expect((await session.selected.move('2', 'To')).via).toBe('COPY+STORE');
		expect(await subjectsOf(session)).toEqual(['b', 'c', 'd']);
		expect(await session.selected.bySequenceNumber.search({ deleted: true })).toEqual([1, 3]);
		await expect(session.selected.expunge('1')).rejects.toMatchObject({ code: 'CAPABILITY' });
	});

	test('a refused copy marks nothing as deleted', async () => {
		const session = await prepare('MOVE');
		await expect(session.selected.move('1:2', 'Nowhere')).rejects.toMatchObject({
			responseCode: 'TRYCREATE',
		});
		expect(names()).toEqual(['UID COPY']);
		expect(await session.selected.bySequenceNumber.search({ deleted: true })).toEqual([]);
	});
});
