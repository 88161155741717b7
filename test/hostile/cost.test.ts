/**
 * What comes from outside costs time in proportion to its length, whatever its shape: below 2.5 times for a
 * doubling, over four doublings. It is measured in processor time, in which the garbage collector takes part
 * as it likes; so what is done at a megabyte a second passes, however it grew. What is quadratic takes
 * 4 times for a doubling, and many seconds for a megabyte. The pure times are in bench/event-loop.ts.
 */
import { expect, test } from 'vitest';
import type { Shape } from './shapes';
import { SHAPES } from './shapes';

const PER_DOUBLING = 2.5;
const DOUBLINGS = 4;
const SMALLEST = 4 * 1024;
/** Below so many milliseconds of processor time nothing can be said. */
const MEASURABLE = 4;
const LARGEST = 64 * 1024;
const ATTEMPTS = 3;
/** Milliseconds of processor time for a megabyte that nobody minds. */
const HARMLESS = 1000;

/** Milliseconds of processor time. */
async function cost({ make, read }: Shape, size: number): Promise<number> {
	const input = make(size) as never;
	const before = process.cpuUsage();
	await read(input);
	const { user } = process.cpuUsage(before);
	return Math.max(user / 1000, 1);
}

async function least(shape: Shape, size: number): Promise<number> {
	const first = await cost(shape, size);
	return Math.min(first, await cost(shape, size));
}

async function smallSize(shape: Shape): Promise<number> {
	let size = SMALLEST;
	while (size < LARGEST && (await least(shape, size)) < MEASURABLE) size *= 2;
	return size;
}

test.each(SHAPES.map((shape) => [`${shape.kind}: ${shape.name}`, shape] as const))(
	'%s',
	{ timeout: 120_000 },
	async (_name, shape) => {
		// The first time it is compiled.
		for (let warm = 0; warm < 3; warm++) await cost(shape, SMALLEST);
		const size = await smallSize(shape);
		let [small, large, growth] = [Infinity, Infinity, Infinity];
		for (let attempt = 0; attempt < ATTEMPTS && growth >= PER_DOUBLING; attempt++) {
			large = Math.min(large, await cost(shape, size * 2 ** DOUBLINGS));
			small = Math.min(small, await least(shape, size));
			growth = (large / small) ** (1 / DOUBLINGS);
		}
		const harmless = (HARMLESS * size * 2 ** DOUBLINGS) / (1024 * 1024);
		if (large > harmless) expect(growth).toBeLessThan(PER_DOUBLING);
	},
);
