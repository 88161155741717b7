import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Where the tests are that a folder's code has to answer to. */
const TESTS: Record<string, string[]> = {
	'engine/auth': ['test/engine/auth', 'test/engine/client/connecting.test.ts'],
	'engine/client': ['test/engine', 'test/recorded'],
	'engine/wire': ['test/engine/wire', 'test/engine/grammar'],
};
const folder = process.env['MUTATED_FOLDER'] ?? 'engine/auth';
const tests = TESTS[folder] ?? [existsSync(`test/${folder}`) ? `test/${folder}` : 'test/engine'];

export default defineConfig({
	test: {
		testTimeout: 10_000,
		include: tests.map((path) => (path.endsWith('.ts') ? path : `${path}/**/*.test.ts`)),
		// These need servers or certificates, which take longer to start than all others to run, or read a lot.
		exclude: [
			'test/engine/imaplib-acceptance.test.ts',
			'test/engine/transport/**',
			'test/engine/grammar/counts.test.ts',
		],
	},
});
