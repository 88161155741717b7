/** How many messages one command reads, by their size and by how long the first answers took. */
import { expect, test } from 'vitest';
import { ContentBatch } from '../../../../nodes/shared/message/content-batch';

const KB = 1024;
const MB = 1024 * KB;

/** How many messages each command asks for. */
function commands(sizes: readonly number[], waits: readonly number[]): number[] {
	const batch = new ContentBatch();
	const counts: number[] = [];
	for (let done = 0; done < sizes.length;) {
		const some = batch.next(sizes, done, (size) => size);
		expect(some).toEqual(sizes.slice(done, done + some.length));
		counts.push(some.length);
		done += some.length;
		batch.waited(waits[counts.length - 1] ?? waits.at(-1) ?? 0);
	}
	return counts;
}

const many = (count: number, size: number): number[] => Array.from({ length: count }, () => size);

test.each([
	{ what: 'a megabyte each where the answer comes at once', wait: 0.4, counts: many(20, 4) },
	{ what: 'a megabyte each up to five milliseconds', wait: 5, counts: many(20, 4) },
	{ what: 'eight times as much each time on a distant line', wait: 5.1, counts: [4, 32, 44] },
])('$what', ({ wait, counts }) => {
	expect(commands(many(80, 256 * KB), [wait])).toEqual(counts);
});

test('one long wait is no distant line', () => {
	expect(commands(many(28, 256 * KB), [1, 40, 1, 300])).toEqual(many(7, 4));
	expect(commands(many(44, 256 * KB), [40, 1])).toEqual([4, 32, 4, 4]);
});

test('exactly a megabyte is one command, a byte more is two', () => {
	expect(commands([MB - 1, 1], [0])).toEqual([2]);
	expect(commands([MB - 1, 2], [0])).toEqual([1, 1]);
});

test('a message that is larger comes alone, wherever it stands', () => {
	expect(commands([50 * MB, 1, 2, 50 * MB, 3], [0])).toEqual([1, 2, 1, 1]);
});

test('what the server does not describe counts nothing', () => {
	expect(commands(many(5000, 0), [0])).toEqual([5000]);
});
