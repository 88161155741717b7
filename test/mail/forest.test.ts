import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ForestNode } from '../../mail/forest';

test('roots are those that walking up finds, whatever was linked and cut', () => {
	const step = fc.record({ node: fc.nat(11), other: fc.nat(11), cuts: fc.boolean() });
	fc.assert(
		fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
			const nodes = Array.from({ length: 12 }, () => new ForestNode());
			const parents = new Map<number, number>();
			const rootOf = (node: number): number => {
				const parent = parents.get(node);
				return parent === undefined ? node : rootOf(parent);
			};
			for (const { node, other, cuts } of steps) {
				if (cuts) {
					nodes[node]?.cut();
					parents.delete(node);
				} else if (!parents.has(node) && rootOf(other) !== node) {
					nodes[node]?.link(nodes[other] as ForestNode);
					parents.set(node, other);
				}
				for (const [index, one] of nodes.entries())
					expect(nodes.indexOf(one.root())).toBe(rootOf(index));
			}
		}),
		{ numRuns: 300 },
	);
});

test('a chain of 200,000, asked for its root at each link', () => {
	const first = new ForestNode();
	let last = first;
	for (let count = 0; count < 200_000; count++) {
		const next = new ForestNode();
		next.link(last);
		if (next.root() !== first) throw new Error('The chain has come apart');
		last = next;
	}
	expect(last.root()).toBe(first);
});
