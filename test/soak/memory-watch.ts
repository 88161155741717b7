import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const MEGABYTE = 1024 * 1024;
/** Octets by which the heap may be larger at the end than when it had warmed up. */
const TOLERATED = 8 * MEGABYTE;
/** Looks that are taken, whatever the length of the run. */
const LOOKS = 60;

interface Look {
	heap: number;
	/** What lies outside the heap: the octets of buffers. */
	buffers: number;
	resident: number;
}

/** Looks at the memory that is in use after a collection, over and over. */
export class MemoryWatch {
	private readonly looks: Look[] = [];
	private readonly timer: NodeJS.Timeout;

	/** @param duration milliseconds of the run */
	constructor(duration: number) {
		this.timer = setInterval(() => this.look(), duration / LOOKS);
	}

	stop(): void {
		clearInterval(this.timer);
	}

	private look(): void {
		collect();
		const { heapUsed, external, rss } = process.memoryUsage();
		this.looks.push({ heap: heapUsed, buffers: external, resident: rss });
	}

	/** Medians of the second quarter and of the last. */
	private quarters(): [Look, Look] {
		const quarter = Math.floor(this.looks.length / 4);
		return [medians(this.looks.slice(quarter, 2 * quarter)), medians(this.looks.slice(-quarter))];
	}

	summary(): string {
		if (this.looks.length < 8) return 'too short a run to say anything of memory';
		const [early, late] = this.quarters();
		const peak = Math.max(...this.looks.map(({ resident }) => resident));
		const mb = (octets: number): string => (octets / MEGABYTE).toFixed(1);
		return (
			`heap ${mb(early.heap)} → ${mb(late.heap)} MB, buffers ${mb(early.buffers)} → ${mb(late.buffers)} MB, ` +
			`resident ${mb(early.resident)} → ${mb(late.resident)} MB, ${mb(peak)} at most`
		);
	}

	/** @throws Error if the memory in use grew */
	judge(): void {
		if (this.looks.length < 8) return;
		const [early, late] = this.quarters();
		if (late.heap > early.heap + TOLERATED) throw new Error('The heap grew');
		// Bodies that are just being read come and go.
		if (late.buffers > early.buffers + 4 * TOLERATED) throw new Error('The buffers grew');
	}
}

function medians(looks: readonly Look[]): Look {
	const median = (of: (look: Look) => number): number =>
		looks.map(of).sort((one, other) => one - other)[Math.floor(looks.length / 2)] ?? 0;
	return {
		heap: median(({ heap }) => heap),
		buffers: median(({ buffers }) => buffers),
		resident: median(({ resident }) => resident),
	};
}
