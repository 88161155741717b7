import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Requests } from '../../../../nodes/shared/execution/requests';

test('what was added for an item is found, and nothing for the others', () => {
	fc.assert(
		fc.property(fc.uniqueArray(fc.nat(40)), (numbers) => {
			const items = numbers.sort((a, b) => a - b);
			const requests = new Requests<string>();
			for (const item of items) requests.add(item, `of ${item}`);
			expect(requests.items).toEqual(items);
			expect(requests.values).toEqual(items.map((item) => `of ${item}`));
			expect([...requests]).toEqual(items.map((item) => [item, `of ${item}`]));
			for (let item = 0; item <= 41; item++)
				expect(requests.get(item)).toBe(items.includes(item) ? `of ${item}` : undefined);
		}),
	);
});
