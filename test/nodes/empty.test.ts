import { describe, expect, test } from 'vitest';
import { box, errorOf, jsonOf, mail, startServer, USER } from './run-node';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const empty = { node: 'imap4Mailbox', operation: 'empty' } as const;

/** Messages received so many days ago. */
async function trashOf(ages: number[], options: Parameters<typeof startServer>[0] = {}) {
	const server = await startServer(options);
	const trash = server.account(USER).create('Trash');
	for (const age of ages) {
		trash.append(mail(`${age} days`), { internalDate: new Date(Date.now() - age * DAY) });
	}
	return { server, trash };
}

describe('Empty', () => {
	test.each([[[]], [['UIDPLUS']]])('all messages, without %j', async (remove) => {
		const { server, trash } = await trashOf([0, 10, 400], { capabilities: { remove } });
		expect(await jsonOf({ ...empty, server, parameters: { mailbox: box('Trash') } })).toMatchObject(
			[
				{
					deleted: true,
					mailbox: 'Trash',
					uidValidity: trash.uidValidity,
					count: 3,
					uids: '1:3',
					via: remove.length > 0 ? 'STORE+EXPUNGE' : 'STORE+UID EXPUNGE',
				},
			],
		);
		expect(trash.messages).toHaveLength(0);
		// Twice is no error.
		expect(await jsonOf({ ...empty, server, parameters: { mailbox: box('Trash') } })).toMatchObject(
			[{ deleted: true, count: 0 }],
		);
	});

	test('only those older than so many days', async () => {
		const { server, trash } = await trashOf([0, 29, 31, 400]);
		const parameters = { mailbox: box('Trash'), olderThanDays: 30 };
		expect(await jsonOf({ ...empty, server, parameters })).toMatchObject([
			{ count: 2, uids: '3:4' },
		]);
		expect(trash.messages.map(({ uid }) => uid)).toEqual([1, 2]);
	});

	test('days are those of the workflow’s zone, to the second', async () => {
		const server = await startServer();
		const trash = server.account(USER).create('Trash');
		const timezone = 'Asia/Tokyo';
		// Midnight of today in Tokyo, which keeps its offset all year.
		const today = Math.floor((Date.now() + 9 * HOUR) / DAY) * DAY - 9 * HOUR;
		for (const time of [today - 30 * DAY - 1000, today - 30 * DAY, today - 30 * DAY + HOUR]) {
			trash.append(mail(String(time)), { internalDate: new Date(time) });
		}
		const parameters = { mailbox: box('Trash'), olderThanDays: 30 };
		expect(await jsonOf({ ...empty, server, timezone, parameters })).toMatchObject([
			{ count: 1, uids: '1' },
		]);
	});

	test('a dry run reports and changes nothing', async () => {
		const { server, trash } = await trashOf([5, 50]);
		const parameters = { mailbox: box('Trash'), dryRun: true, olderThanDays: 30 };
		expect(await jsonOf({ ...empty, server, parameters })).toMatchObject([
			{ dryRun: true, count: 1, uids: '2', size: expect.any(Number) as number },
		]);
		expect(trash.messages.map(({ flags }) => flags.size)).toEqual([0, 0]);
		expect(server.commands.map(({ name }) => name)).not.toContain('SELECT');
	});

	test('stops before anything is changed when there is more than expected', async () => {
		const { server, trash } = await trashOf([1, 2, 3]);
		const parameters = { mailbox: box('Trash'), stopIfMoreThan: 2 };
		const { message } = await errorOf({ ...empty, server, parameters });
		expect(message).toContain('3 messages would be affected');
		expect(trash.messages.map(({ flags }) => flags.size)).toEqual([0, 0, 0]);
	});

	test.each([-1, 1.5, 'x', 1e9, '', '={{ null }}', '={{ $json.missing }}'])(
		'%j days is refused',
		async (olderThanDays) => {
			const { server, trash } = await trashOf([1]);
			const parameters = { mailbox: box('Trash'), olderThanDays };
			const { message } = await errorOf({ ...empty, server, parameters });
			expect(message).toContain('"Older Than (Days)" must be a whole number');
			expect(trash.messages).toHaveLength(1);
		},
	);

	test('a mailbox that is not there, beside one that is', async () => {
		const { server, trash } = await trashOf([1]);
		const output = await jsonOf({
			...empty,
			server,
			items: [{ box: 'Nowhere' }, { box: 'Trash' }],
			parameters: { mailbox: box('={{ $json.box }}') },
			continueOnFail: true,
		});
		expect(output).toMatchObject([
			{ error: expect.stringContaining('Nowhere') as string },
			{ deleted: true, count: 1 },
		]);
		expect(trash.messages).toHaveLength(0);
	});
});
