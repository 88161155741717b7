import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Uid } from '../../../../engine/index';
import { SelectedMessages } from '../../../../nodes/shared/execution/selected-messages';

test('each message once, ascending, with the items that selected it in their order', () => {
	const selections = fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.nat(9)));
	fc.assert(
		fc.property(selections, (pairs) => {
			const selected = new SelectedMessages(
				pairs.map(([uid]) => uid as Uid),
				pairs.map(([, item]) => item),
			);
			const uids = [...new Set(pairs.map(([uid]) => uid))].sort((a, b) => a - b);
			expect(selected.uids).toEqual(uids);
			for (let uid = 0; uid <= 31; uid++) {
				const items = pairs.filter(([one]) => one === uid).map(([, item]) => item);
				expect(selected.itemsOf(uid as Uid)).toEqual(items);
			}
			for (let item = 0; item < 10; item++) {
				const count = pairs.filter(([, one]) => one === item).length;
				expect(selected.counts().get(item) ?? 0).toBe(count);
			}
		}),
	);
});
