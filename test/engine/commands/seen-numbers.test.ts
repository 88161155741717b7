import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeenNumbers } from '../../../engine/commands/message/seen-numbers';

/** Close together as a server counts, and anywhere. */
const number = fc.oneof(fc.integer({ min: 1, max: 130 }), fc.integer({ min: 1, max: 0xffff_ffff }));

test('a number was seen when it was added, in whatever order', () => {
	fc.assert(
		fc.property(fc.array(number), fc.array(number), (added, asked) => {
			const seen = new SeenNumbers();
			const model = new Set<number>();
			for (const one of added) {
				expect(seen.has(one)).toBe(model.has(one));
				seen.add(one);
				model.add(one);
			}
			for (const one of [...added, ...asked]) expect(seen.has(one)).toBe(model.has(one));
		}),
	);
});
