/**
 * Feeds what reads and writes IMAP with inputs that grow by what they reach in the engine.
 *
 *   npm run fuzz                          all targets, 10 million inputs in all
 *   npm run fuzz -- --inputs 1000000 --target framer --seed 7
 *
 * A finding is added to test/fuzz/corpus, which `npm test` tries again every time; it ends with 1.
 * With --learn the inputs that reached something new are added too, for every run to begin with.
 */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { addToCorpus } from './corpus';
import { targets } from './targets';
import type { Assignment, Report } from './worker';

/** Milliseconds that one input may take; the slowest takes a few. */
const HANGING = 10_000;
/** Octets for the input that a worker is at, and for the two numbers before it. */
const WATCHED = 16 * 1024;
const HEADER = 8;

interface Options {
	names: string[];
	/** In all. */
	inputs: number;
	seed: number;
	learn: boolean;
}

function readOptions(): Options {
	const { values } = parseArgs({
		options: {
			inputs: { type: 'string', default: '10000000' },
			seed: { type: 'string', default: String(Date.now() % 1_000_000) },
			target: { type: 'string', multiple: true },
			learn: { type: 'boolean', default: false },
		},
	});
	const inputs = Number(values.inputs);
	const seed = Number(values.seed);
	if (!Number.isInteger(inputs) || inputs < 1) throw new Error('--inputs takes a whole number');
	if (!Number.isInteger(seed)) throw new Error('--seed takes a whole number');
	const names = values.target ?? Object.keys(targets);
	for (const name of names)
		if (!targets[name]) throw new Error(`--target is one of ${Object.keys(targets).join(', ')}`);
	return { names, inputs, seed, learn: values.learn };
}

/** One target in a thread of its own, so that one that hangs can be ended. */
function run(assignment: Omit<Assignment, 'watch'>): Promise<Report> {
	const watch = new SharedArrayBuffer(WATCHED);
	const numbers = new Int32Array(watch, 0, 2);
	const worker = new Worker(path.join(__dirname, 'worker.ts'), {
		workerData: { ...assignment, watch } satisfies Assignment,
	});
	return new Promise((resolve, reject) => {
		let last = -1;
		const timer = setInterval(() => {
			const tried = Atomics.load(numbers, 0);
			if (tried !== last || tried === 0) return void (last = tried);
			const input = new Uint8Array(watch, HEADER, Atomics.load(numbers, 1)).slice();
			const message = `It takes longer than ${HANGING / 1000} s`;
			finish();
			resolve({ tried, fresh: [], blocks: 0, finding: { input, message } });
		}, HANGING);
		const finish = (): void => {
			clearInterval(timer);
			void worker.terminate();
		};
		worker.once('message', (report: Report) => {
			finish();
			resolve(report);
		});
		worker.once('error', (error: Error) => {
			finish();
			reject(error);
		});
	});
}

async function main(): Promise<number> {
	const { names, inputs, seed, learn } = readOptions();
	const each = Math.ceil(inputs / names.length);
	console.log(`${names.length} targets, ${each} inputs each, seed ${seed}`);
	const started = Date.now();
	const waiting = [...names];
	let total = 0;
	let findings = 0;
	const work = async (): Promise<void> => {
		for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
			const began = Date.now();
			const report = await run({ target, inputs: each, seed });
			const seconds = (Date.now() - began) / 1000;
			total += report.tried;
			console.log(
				`${target.padEnd(16)} ${String(report.tried).padStart(9)} inputs in ${seconds.toFixed(0)} s, ` +
					`${report.fresh.length} led to something new, ${report.blocks} blocks of the engine reached`,
			);
			if (learn) addToCorpus(target, report.fresh);
			if (!report.finding) continue;
			findings++;
			addToCorpus(target, [report.finding.input]);
			console.error(
				`✗ ${target}: ${report.finding.message}\n  Its input is the last of the corpus.`,
			);
		}
	};
	await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, work));
	const minutes = ((Date.now() - started) / 60_000).toFixed(1);
	const memory = Math.round(process.resourceUsage().maxRSS / 1024);
	console.log(`\n${total} inputs in ${minutes} min, at most ${memory} MB, ${findings} findings`);
	return findings === 0 ? 0 : 1;
}

main().then(
	(code) => (process.exitCode = code),
	(error: unknown) => {
		console.error((error as Error).message);
		process.exitCode = 1;
	},
);
