import { Session } from 'node:inspector';
import type { Profiler } from 'node:inspector';

/** Which blocks of the engine have run, as V8 counts them. */
export class Coverage {
	private readonly session = new Session();
	private readonly seen = new Set<string>();

	constructor() {
		this.session.connect();
		this.session.post('Profiler.enable');
		this.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
	}

	/** Blocks that had ever run. */
	get blocks(): number {
		return this.seen.size;
	}

	/** Whether a block has run since the last look that never had before; it still counts as new. */
	hasNew(): boolean {
		return this.look(false);
	}

	/** The same, and from now on it is known. */
	learn(): boolean {
		return this.look(true);
	}

	private look(learning: boolean): boolean {
		let grown = false;
		for (const { url, functions } of this.take()) {
			if (!url.includes('/engine/')) continue;
			for (const { ranges } of functions) {
				for (const { startOffset, endOffset, count } of ranges) {
					const block = `${url}:${startOffset}-${endOffset}`;
					if (count === 0 || this.seen.has(block)) continue;
					if (learning) this.seen.add(block);
					grown = true;
				}
			}
		}
		return grown;
	}

	/** From now on nothing is counted, and the code runs at its full speed. */
	stop(): void {
		this.session.post('Profiler.stopPreciseCoverage');
		this.session.disconnect();
	}

	private take(): Profiler.ScriptCoverage[] {
		let scripts: Profiler.ScriptCoverage[] = [];
		// In the same thread the answer comes at once.
		this.session.post('Profiler.takePreciseCoverage', (error, { result }) => {
			if (error) throw error;
			scripts = result;
		});
		return scripts;
	}
}
