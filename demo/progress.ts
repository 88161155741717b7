import { formatColumns } from './table';
import { type NodeRun } from './run-workflow';

/** Does `work`, saying so before and how long it took after: `Seeding the account … 493 messages · 0.6 s`. */
export async function step<Result>(
	label: string,
	work: () => Promise<Result>,
	outcome: (result: Result) => string = () => 'done',
): Promise<Result> {
	process.stdout.write(`${label} … `);
	const start = performance.now();
	try {
		const result = await work();
		const seconds = ((performance.now() - start) / 1000).toFixed(1);
		process.stdout.write(`${outcome(result)} · ${seconds} s\n`);
		return result;
	} catch (error) {
		process.stdout.write('failed\n');
		throw error;
	}
}

/**
 * A line for each node that ran, as it ends.
 *
 * @param names of all nodes, for a width that fits each
 */
export function nodeProgress(names: readonly string[]): (run: NodeRun) => void {
	return ({ node, output, time, error }) => {
		const items = output.flat().length;
		const [line = ''] = formatColumns([
			[node, error ? 'failed' : `${items} item${items === 1 ? '' : 's'}`, `${time} ms`],
			// Not shown: they make the columns of all lines alike.
			...names.map((name) => [name, '10000 items', '10000 ms']),
		]);
		console.log(`  ${error ? '✗' : '✓'} ${line}`);
	};
}
