/** Stop If More Than for the batches of one mailbox together: what is counted, and what is asked for it. */
import { describe, expect, test, vi } from 'vitest';
import { UidSet, type OpenMailbox, type Uid } from '../../../../engine/index';
import { CountLimits, type CountLimit } from '../../../../nodes/shared/execution/count-limit';
import type { Selecting } from '../../../../nodes/shared/execution/message-lookup';

const URL = 'imap://ann@mail.example';
const CHOICE = { by: 'name', name: 'INBOX' } as const;

const selecting = (uids: string): Selecting[] => [
	{ item: 0, selection: { mailbox: CHOICE, uids: UidSet.from(uids) } },
];
const referring = (uid: number, account?: string): Selecting[] => [
	{
		item: 0,
		selection: {
			mailbox: CHOICE,
			reference: { mailbox: 'INBOX', uidValidity: 1, uid, account },
		},
	},
];

/** A mailbox with the messages 1 to 9. */
function mailboxWith(refuses: (uids: string) => boolean = () => false) {
	const search = vi.fn(async ({ uid }: { uid: UidSet }): Promise<number[]> => {
		if (refuses(uid.toString())) throw new Error('not now');
		return [...uid].filter((one) => one <= 9);
	});
	return { search, mailbox: { name: 'INBOX', uidValidity: 1, search } as unknown as OpenMailbox };
}

/** A limit for batches that are counted together. */
function limitOf(stopIfMoreThan: number, ...batches: Selecting[][]) {
	const { search, mailbox } = mailboxWith();
	const limits = new CountLimits();
	let limit: CountLimit | undefined;
	for (const batch of batches) limit = limits.join('same', stopIfMoreThan, batch);
	const check = async (...uids: number[]): Promise<void> =>
		limit?.check(uids as Uid[], mailbox, URL);
	return { search, check };
}

test('batches of one mailbox have a limit together, and those of another mailbox their own', () => {
	const limits = new CountLimits();
	const inbox = limits.join('INBOX', 1, selecting('1'));
	expect(limits.join('INBOX', 1, selecting('2'))).toBe(inbox);
	expect(limits.join('Work', 1, selecting('1'))).not.toBe(inbox);
	expect(inbox.batches).toEqual([selecting('1'), selecting('2')]);
});

test('no limit allows any number, and asks the server for nothing', async () => {
	const { search, check } = limitOf(0, selecting('1'), selecting('2'));
	await check(1, 2, 3);
	expect(search).not.toHaveBeenCalled();
});

test('one batch is counted without a search', async () => {
	const { search, check } = limitOf(2, selecting('1:3'));
	await check(1, 2);
	await expect(check(3)).rejects.toThrow('3 messages would be affected');
	expect(search).not.toHaveBeenCalled();
});

describe('several batches', () => {
	test('are all counted before the first changes anything', async () => {
		const { check } = limitOf(3, selecting('1:2'), selecting('3:4'));
		await expect(check(1, 2)).rejects.toThrow(
			/4 messages .* Nothing was changed in this mailbox\.$/,
		);
	});

	test('are looked for once', async () => {
		const { search, check } = limitOf(4, selecting('1:2'), selecting('3:4'));
		await check(1, 2);
		await check(3, 4);
		expect(search).toHaveBeenCalledTimes(2);
	});

	test('count a message once that several select', async () => {
		const { check } = limitOf(3, selecting('1:2'), selecting('2:3'));
		await expect(check(1, 2)).resolves.toBeUndefined();
	});

	test('count what came since, and say then that something was changed already', async () => {
		const { check } = limitOf(4, selecting('1:2'), selecting('3:4'));
		await check(1, 2);
		await expect(check(3, 4, 5)).rejects.toThrow(/5 messages .* changed for these items\.$/);
	});

	test('say that nothing was changed as long as no batch was allowed', async () => {
		const { check } = limitOf(1, selecting('1:2'), selecting('3:4'));
		for (const uids of [
			[1, 2],
			[3, 4],
		])
			await expect(check(...uids)).rejects.toThrow('Nothing was changed in this mailbox.');
	});
});

describe('what cannot be found counts for nothing', () => {
	test.each<[string, Selecting[]]>([
		['a message that is gone', referring(10, URL)],
		['a message of another account', referring(3, 'imap://ben@mail.example')],
		['a message of which the account is not known, and that is gone', referring(10)],
	])('%s', async (_title, batch) => {
		const { check } = limitOf(2, selecting('1:2'), batch);
		await expect(check(1, 2)).resolves.toBeUndefined();
	});

	test('a message of which the account is not known counts where it is found', async () => {
		const { check } = limitOf(2, selecting('1:2'), referring(3));
		await expect(check(1, 2)).rejects.toThrow('3 messages would be affected');
	});

	test('what the server refuses to search for', async () => {
		const { mailbox } = mailboxWith((uids) => uids === '3:4');
		const limits = new CountLimits();
		limits.join('same', 2, selecting('3:4'));
		const limit = limits.join('same', 2, selecting('1:2'));
		await expect(limit.check([1, 2] as Uid[], mailbox, URL)).resolves.toBeUndefined();
	});
});
