import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupInOrder, type Touched } from '../../../../nodes/shared/execution/ordered-groups';
import { possiblySame, type MailboxChoice } from '../../../../nodes/shared/mailbox/mailbox-choice';

interface Item {
	id: number;
	key: string;
	touched: Touched | undefined;
}

const item = (key: string, mailbox?: string, ...uids: number[]): Omit<Item, 'id'> => ({
	key,
	touched: { mailbox, uids: uids.length > 0 ? uids : undefined },
});

async function grouped(items: Array<Omit<Item, 'id'>>): Promise<number[][]> {
	const groups = await groupInOrder(
		items.map((one, id) => ({ ...one, id })),
		{ key: ({ key }) => key, touched: ({ touched }) => touched },
	);
	return groups.map((group) => group.map(({ id }) => id));
}

describe('items are grouped by their key', () => {
	test('however they alternate, where they touch different messages', async () => {
		const items = [1, 2, 3, 4].map((uid) => item(uid % 2 ? 'a' : 'b', 'inbox', uid));
		expect(await grouped(items)).toEqual([
			[0, 2],
			[1, 3],
		]);
	});

	test('and where all have the same, what they touch is not asked for', async () => {
		let asked = 0;
		const groups = await groupInOrder([1, 2, 3], {
			key: () => 'a',
			touched: () => {
				asked++;
				return undefined;
			},
		});
		expect(groups).toEqual([[1, 2, 3]]);
		expect(asked).toBe(0);
	});

	test('except where that would change the order of changes to one message', async () => {
		expect(
			await grouped([item('a', 'inbox', 1), item('b', 'inbox', 1), item('a', 'inbox', 1)]),
		).toEqual([[0], [1], [2]]);
	});

	test('the same UID in another mailbox is another message', async () => {
		expect(
			await grouped([item('a', 'inbox', 1), item('b', 'sent', 1), item('a', 'inbox', 1)]),
		).toEqual([[0, 2], [1]]);
	});

	test('a search may find what any item of its mailbox has changed', async () => {
		expect(
			await grouped([item('a', 'inbox', 1), item('b', 'inbox'), item('a', 'inbox', 2)]),
		).toEqual([[0], [1], [2]]);
		expect(
			await grouped([item('a', 'inbox', 1), item('b', 'sent'), item('a', 'inbox', 2)]),
		).toEqual([[0, 2], [1]]);
	});

	test('an item that may touch anything joins those before it that change nothing', async () => {
		const reading = { key: 'a', touched: undefined };
		expect(await grouped([reading, item('a'), reading])).toEqual([[0, 1, 2]]);
		expect(await grouped([reading, item('a', 'inbox'), reading])).toEqual([[0, 1, 2]]);
		expect(await grouped([reading, item('a', 'inbox', 1), reading])).toEqual([[0, 1, 2]]);
	});

	test('an item of an unknown mailbox keeps its place among all others', async () => {
		expect(await grouped([item('a', 'inbox', 1), item('b'), item('a', 'inbox', 2)])).toEqual([
			[0],
			[1],
			[2],
		]);
	});

	test('items that change nothing are grouped wherever they are', async () => {
		const reading = (key: string): Omit<Item, 'id'> => ({ key, touched: undefined });
		expect(await grouped([reading('a'), reading('b'), reading('a')])).toEqual([[0, 2], [1]]);
	});
});

function conflict(one: Touched, other: Touched): boolean {
	if (one.mailbox === undefined || other.mailbox === undefined) return true;
	if (one.mailbox !== other.mailbox) return false;
	return !one.uids || !other.uids || one.uids.some((uid) => other.uids?.includes(uid));
}

test('any items: each is in one group, groups have one key, and conflicting items keep their order', async () => {
	const touched = fc.option(
		fc.record({
			mailbox: fc.option(fc.constantFrom('inbox', 'sent'), { nil: undefined, freq: 8 }),
			uids: fc.option(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }), {
				nil: undefined,
			}),
		}),
		{ nil: undefined, freq: 8 },
	);
	const items = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), touched }), {
		maxLength: 30,
	});
	await fc.assert(
		fc.asyncProperty(items, async (all) => {
			const groups = await grouped(all);
			const order = groups.flat();
			expect([...order].sort((a, b) => a - b)).toEqual(all.map((_one, id) => id));
			for (const group of groups) expect(new Set(group.map((id) => all[id]?.key)).size).toBe(1);
			const groupOf = new Map(groups.flatMap((group, index) => group.map((id) => [id, index])));
			for (let later = 0; later < all.length; later++) {
				for (let earlier = 0; earlier < later; earlier++) {
					const [a, b] = [all[earlier]?.touched, all[later]?.touched];
					if (a && b && conflict(a, b))
						expect(groupOf.get(earlier)).toBeLessThanOrEqual(groupOf.get(later) as number);
				}
			}
		}),
	);
});

describe('two choices may be the same mailbox', () => {
	const path = (text: string): MailboxChoice => ({ by: 'path', path: text });
	test.each([
		[path('Sent'), { by: 'name', name: 'INBOX.Sent' }],
		[path('inbox'), { by: 'name', name: 'INBOX' }],
		[path('Work/Done'), { by: 'name', name: 'INBOX.Work.Done' }],
		[path('Entw\u00fcrfe'), path('Entwu\u0308rfe')],
	] as Array<[MailboxChoice, MailboxChoice]>)('%j and %j', (one, other) => {
		expect(possiblySame(one)).toBe(possiblySame(other));
	});

	test('a role may be any', () => {
		expect(possiblySame({ by: 'role', role: 'sent' })).toBeUndefined();
	});
});
