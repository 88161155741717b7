/**
 * Progress of a slow step, on standard error: one line that is rewritten on a terminal, a new line
 * every ten seconds elsewhere (a CI log shows that something moves without drowning in it).
 */

const TERMINAL_INTERVAL_MS = 500;
const LOG_INTERVAL_MS = 10_000;

/**
 * Shows `label`, the elapsed seconds and how far the step is, until it is ended.
 *
 * @param {string} label what is being done, e.g. "Installing n8n 2.41.1"
 * @param {() => string | undefined} [howFar] asked at every line; e.g. "310 of 503 packages"
 * @returns {{ end: (outcome?: string) => void }} `end` prints the last line: the label, the outcome and the seconds
 */
export function startProgress(label, howFar = () => undefined) {
	const startedAt = process.hrtime.bigint();
	const elapsed = () => `${Number((process.hrtime.bigint() - startedAt) / 1_000_000_000n)} s`;
	const onTerminal = process.stderr.isTTY === true;

	const print = () => {
		const line = [label, howFar(), elapsed()].filter(Boolean).join(' · ');
		process.stderr.write(onTerminal ? `\r\x1b[2K${line}` : `${line}\n`);
	};
	print();
	const timer = setInterval(print, onTerminal ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS);
	timer.unref();

	return {
		end(outcome = 'done') {
			clearInterval(timer);
			process.stderr.write(
				`${onTerminal ? '\r\x1b[2K' : ''}${label} · ${outcome} · ${elapsed()}\n`,
			);
		},
	};
}
