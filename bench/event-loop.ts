/**
 * How long one input blocks the event loop, for the worst shapes known of everything that comes from outside
 * (test/hostile/shapes.ts): `npx tsx bench/event-loop.ts [megabytes] [kind]`. 16 MB by default.
 */
import { SHAPES } from '../test/hostile/shapes';

/** Milliseconds: of the clock and of this process, which can be more where the collector runs beside it. */
function now(): [number, number] {
	const { user, system } = process.cpuUsage();
	return [performance.now(), (user + system) / 1000];
}

/**
 * @returns the longest time, in milliseconds, in which nothing else had its turn; without the time in which
 * other processes had the processor
 */
async function longestBlock(work: () => unknown): Promise<number> {
	let longest = 0;
	let last = now();
	let isOver = false;
	const look = (): void => {
		const at = now();
		longest = Math.max(longest, Math.min(at[0] - last[0], at[1] - last[1]));
		last = at;
		if (!isOver) setImmediate(look);
	};
	setImmediate(look);
	await new Promise((resolve) => setImmediate(resolve));
	longest = 0;
	await work();
	look();
	isOver = true;
	return longest;
}

async function main(): Promise<void> {
	const [megabytes = '16', wanted] = process.argv.slice(2);
	const size = Number(megabytes) * 1024 * 1024;
	for (const { kind, name, make, read, longest = size } of SHAPES) {
		if (wanted !== undefined && kind !== wanted) continue;
		const input = make(Math.min(size, longest)) as never;
		const started = performance.now();
		const block = await longestBlock(() => read(input));
		const whole = performance.now() - started;
		console.log(
			`${block.toFixed(0).padStart(6)} ms of ${whole.toFixed(0).padStart(6)} ms  ${kind}: ${name}`,
		);
	}
}

void main();
