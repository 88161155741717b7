import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCorpus } from './corpus';
import { mutated } from './mutation';
import { Random } from './random';
import { targets } from './targets';

/** Anything that goes wrong, with the input that made it. */
function attempt(check: (input: Buffer) => void, input: Buffer, origin: string): void {
	try {
		check(input);
	} catch (cause) {
		throw new Error(`${origin}: ${JSON.stringify(input.toString('latin1'))}`, { cause });
	}
}

describe.each(Object.entries(targets))('%s', (target, { check }) => {
	test('holds for what led to something in runs of npm run fuzz', () => {
		for (const input of readCorpus(target)) attempt(check, input, 'corpus');
	});

	test('holds for 5,000 new inputs', () => {
		// Another start every day, so that not all days are the same and a failure can be had again.
		const seed = Math.trunc(Date.now() / 86_400_000);
		const random = new Random(seed);
		const corpus = readCorpus(target);
		for (let count = 0; count < 5_000; count++)
			attempt(check, mutated(random, corpus), `seed ${seed}`);
	});
});

test('npm run fuzz tries as many as it was asked to, and says what it reached', () => {
	const { stdout, stderr, status } = spawnSync(
		process.execPath,
		[
			...['--import', 'tsx', path.join(__dirname, 'fuzz.ts')],
			...['--inputs', '4000', '--seed', '1', '--target', 'sequence sets'],
		],
		{ encoding: 'utf8', timeout: 60_000 },
	);
	expect(stderr).toBe('');
	expect(status).toBe(0);
	expect(stdout).toMatch(/sequence sets +4\d{3} inputs .* [1-9]\d* blocks of the engine reached/);
	expect(stdout).toContain('0 findings');
}, 90_000);
