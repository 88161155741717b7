import { parentPort, workerData } from 'node:worker_threads';
import { readCorpus } from './corpus';
import { Coverage } from './coverage';
import { mutated } from './mutation';
import { Random } from './random';
import { targets } from './targets';

/** What a worker is told to do. */
export interface Assignment {
	target: string;
	inputs: number;
	seed: number;
	/**
	 * Shared: `[tried, octets of the present input]` as 32-bit integers, then that input: what it is
	 * at when it hangs.
	 */
	watch: SharedArrayBuffer;
}

/** How it ended. */
export interface Report {
	tried: number;
	/** Inputs that ran a block of the engine that had not run before. */
	fresh: Uint8Array[];
	/** Blocks of the engine that ran. */
	blocks: number;
	/** What it fell over. */
	finding?: { input: Uint8Array; message: string };
}

/** Inputs between two looks at the coverage. */
const BATCH = 250;
/** After so many batches without a new block the rest runs uncounted, several times as fast. */
const PATIENCE = 20;

const WATCH_HEADER = 8;

function fuzz({ target, inputs, seed, watch }: Assignment): Report {
	const { check } = targets[target]!;
	const random = new Random(seed);
	const numbers = new Int32Array(watch, 0, 2);
	const present = new Uint8Array(watch, WATCH_HEADER);
	const corpus = readCorpus(target);
	const fresh: Buffer[] = [];
	const coverage = new Coverage();
	let tried = 0;
	let finding: Report['finding'];

	const attempt = (input: Buffer): void => {
		present.set(input);
		Atomics.store(numbers, 1, input.length);
		Atomics.store(numbers, 0, ++tried);
		try {
			check(input);
		} catch (error) {
			finding ??= { input: new Uint8Array(input), message: String((error as Error).stack) };
		}
	};

	/** Runs them, and keeps those that ran something new, found by halves: a look costs more than many inputs. */
	const explore = (batch: readonly Buffer[]): boolean => {
		batch.forEach(attempt);
		if (batch.length === 1) {
			const grown = coverage.learn();
			if (grown) {
				corpus.push(...batch);
				fresh.push(...batch);
			}
			return grown;
		}
		if (!coverage.hasNew()) return false;
		const half = batch.length >> 1;
		const first = explore(batch.slice(0, half));
		const second = explore(batch.slice(half));
		// What ran something only once, as whatever is remembered does, teaches nothing.
		return first || second;
	};

	corpus.forEach(attempt);
	coverage.learn();
	for (let idle = 0; tried < inputs && !finding;) {
		const batch = Array.from({ length: Math.min(BATCH, inputs - tried) }, () =>
			mutated(random, corpus),
		);
		if (idle === PATIENCE) batch.forEach(attempt);
		else {
			idle = explore(batch) ? 0 : idle + 1;
			if (idle === PATIENCE) coverage.stop();
		}
	}
	return { tried, fresh, blocks: coverage.blocks, ...(finding && { finding }) };
}

parentPort?.postMessage(fuzz(workerData as Assignment));
