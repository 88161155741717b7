import { UidSet } from '../../engine/index';
import { expect, test } from 'vitest';
import { largeMessage, message } from './messages';
import { onEachServer } from './on-each-server';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

onEachServer((bench) => {
	/**
	 * Courier takes 40 ms for each APPEND: it asks for the next message just behind its OK to the
	 * last, and TCP holds that back until the OK is acknowledged.
	 */
	const many = bench.name === 'Courier' ? 40 : 200;

	test('many APPENDs at once: each returns its own UID', async () => {
		const { imap } = await bench.logIn();
		const appended = await Promise.all(
			numbers(many).map((number) => imap.append('INBOX', message({ Subject: `s${number}` }))),
		);
		expect(appended.map((one) => one?.uid)).toEqual(numbers(many));
		await imap.open();
		const found = await imap.selected.bySequenceNumber.fetch('1:*', { envelope: true }).all();
		expect(found.map(({ envelope }) => envelope?.subject)).toEqual(
			numbers(many).map((number) => `s${number}`),
		);
	});

	test('many STOREs at once: each does its own', async () => {
		const { imap } = await bench.logIn();
		await imap.appendAll(
			'INBOX',
			numbers(many).map(() => ({ message: message() })),
		);
		await imap.open();
		await Promise.all(
			numbers(many).map((number) =>
				imap.selected.store(
					UidSet.from(number),
					'+FLAGS',
					[number % 2 ? '\\Flagged' : '\\Answered'],
					{
						silent: true,
					},
				),
			),
		);
		expect(await imap.selected.bySequenceNumber.search({ flagged: true })).toEqual(
			numbers(many).filter((one) => one % 2),
		);
		expect(await imap.selected.bySequenceNumber.search({ answered: true })).toHaveLength(many / 2);
		const told = await Promise.all(
			numbers(many).map((number) => imap.selected.store(UidSet.from(number), 'FLAGS', ['\\Seen'])),
		);
		for (const [index, { messages }] of told.entries()) {
			expect(messages.map(({ uid }) => uid)).toEqual([index + 1]);
			expect(messages[0]?.flags).toContain('\\Seen');
		}
	});

	test('50 searches at once, by UID and by number: each finds its own', async () => {
		const { imap } = await bench.inbox(
			numbers(10).map((number) => message({ Subject: `s${number}.` })),
		);
		await imap.selected.bySequenceNumber.store('1', '+FLAGS', ['\\Deleted'], { silent: true });
		await imap.selected.expunge();
		const results = await Promise.all(
			numbers(50).map((turn) =>
				(turn % 3 === 0 ? imap.selected : imap.selected.bySequenceNumber).search({
					subject: `s${(turn % 10) + 1}.`,
				}),
			),
		);
		for (const [index, found] of results.entries()) {
			const uid = ((index + 1) % 10) + 1;
			const number = (index + 1) % 3 === 0 ? uid : uid - 1;
			expect(found).toEqual(uid === 1 ? [] : [number]);
		}
	});

	test('many fetches of the same message at once: each has one answer, its own items', async () => {
		const octets = message({ Subject: 'mine' }, 'text');
		const { imap } = await bench.inbox([octets]);
		await imap.append('INBOX', message());
		const results = await Promise.all(
			numbers(40).map((turn) =>
				(turn % 2 === 0 || turn % 8 === 1 ? imap.selected : imap.selected.bySequenceNumber)
					.fetch(
						'1',
						[{ flags: true }, { size: true }, { envelope: true }, { body: [{ section: 'TEXT' }] }][
							turn % 4
						] ?? {},
					)
					.all(),
			),
		);
		for (const [index, found] of results.entries()) {
			expect(found).toHaveLength(1);
			const [one] = found;
			const told = [
				one?.flags !== undefined,
				one?.size === octets.length,
				one?.envelope?.subject === 'mine',
				one?.body[0]?.content?.toString() === 'text\r\n',
			];
			expect(told[(index + 1) % 4], `fetch ${index}`).toBe(true);
		}
	});

	test('fetches of overlapping sets at once', async () => {
		const { imap } = await bench.inbox(
			numbers(5).map((number) => message({ Subject: `${number}` })),
		);
		const sets = ['1:5', '2:4', '3', '1:*', '5,1', '2:3'];
		const results = await Promise.all(
			sets.map((set) => imap.selected.fetch(set, { envelope: true }).all()),
		);
		expect(results.map((found) => found.map(({ uid }) => uid))).toEqual([
			[1, 2, 3, 4, 5],
			[2, 3, 4],
			[3],
			[1, 2, 3, 4, 5],
			[1, 5],
			[2, 3],
		]);
	});

	test('large and small bodies of the same message at once', async () => {
		const large = largeMessage(600_000);
		const { imap } = await bench.inbox([large]);
		const sections = ['HEADER', '', 'TEXT', 'HEADER', '', 'TEXT'];
		const results = await Promise.all(
			sections.map((section) => imap.selected.fetch(UidSet.from(1), { body: [{ section }] }).all()),
		);
		const head = large.indexOf('\r\n\r\n') + 4;
		const sizes: Record<string, number> = {
			'': large.length,
			HEADER: head,
			TEXT: large.length - head,
		};
		expect(results.map((found) => found.map(({ body }) => body[0]?.content?.length))).toEqual(
			sections.map((section) => [sizes[section]]),
		);
	});

	test('flags fetched and stored at once', async () => {
		const { imap } = await bench.inbox([message(), message()]);
		const [before, stored, after] = await Promise.all([
			imap.selected.fetch('1:2', { flags: true }).all(),
			imap.selected.store('2', '+FLAGS', ['\\Flagged']),
			imap.selected.fetch('1:2', { flags: true }).all(),
		]);
		expect(before.map(({ uid }) => uid)).toEqual([1, 2]);
		// What the server tells of the store may do for a row of the second fetch, and come before others.
		expect(after.map(({ uid }) => uid).sort()).toEqual([1, 2]);
		expect(after.find(({ uid }) => uid === 2)?.flags).toContain('\\Flagged');
		for (const { uid } of stored.messages) expect(uid).toBe(2);
	});

	test('commands of all kinds at once, some of them refused', async () => {
		const { imap } = await bench.logIn();
		const [one, two] = [bench.mailbox('One'), bench.mailbox('Two')];
		const before = await Promise.allSettled([
			imap.createMailbox(one),
			imap.status(one, ['messages']),
			imap.append(one, message()),
			imap.status(two, ['messages']),
			imap.list('', one),
			imap.open(one),
		]);
		const after = await Promise.allSettled([
			imap.selected.bySequenceNumber.search({ all: true }),
			imap.selected.bySequenceNumber.store('1', '+FLAGS', ['\\Deleted'], { silent: true }),
			imap.selected.expunge(),
			imap.selected.bySequenceNumber.search({ all: true }),
			imap.open(two),
			imap.noop(),
			imap.status(one, ['messages']),
		]);
		const results = [...before, ...after];
		expect(results.map(({ status }) => (status === 'fulfilled' ? 'OK' : 'NO'))).toEqual([
			'OK',
			'OK',
			'OK',
			'NO',
			'OK',
			'OK',
			'OK',
			'OK',
			'OK',
			'OK',
			'NO',
			'OK',
			'OK',
		]);
		expect(results[6]).toMatchObject({ value: [1] });
		expect(results[9]).toMatchObject({ value: [] });
		expect(results[12]).toMatchObject({ value: { messages: 0 } });
	});

	test('200 NOOPs and LISTs at once', async () => {
		const { imap } = await bench.logIn();
		const boxes = ['L/a', 'L/b', 'L/c'].map((name) => bench.mailbox(name));
		for (const name of boxes) await imap.createMailbox(name);
		const results = await Promise.all(
			numbers(200).map(async (turn) => {
				if (turn % 2) return imap.noop();
				const pattern = bench.mailbox(turn % 4 ? 'L/a' : 'L/%');
				return (await imap.list('', pattern)).map(({ name }) => name).sort();
			}),
		);
		for (const [index, result] of results.entries()) {
			const turn = index + 1;
			if (turn % 2) expect(result).toBeUndefined();
			else expect(result).toEqual(turn % 4 ? boxes.slice(0, 1) : boxes);
		}
	});
});
