import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Where the tests are that a folder's code has to answer to, the fastest first: one that fails is enough. */
const TESTS: Record<string, string[]> = {
	'engine/auth': ['test/engine/auth', 'test/engine/client/connecting.test.ts'],
	'engine/client': ['test/engine', 'test/recorded'],
	'engine/wire': ['test/engine/wire', 'test/engine/grammar'],
	'nodes/shared/account': [
		'test/nodes/known-logins.test.ts',
		'test/nodes/pool-lending.test.ts',
		'test/nodes/pool-limits.test.ts',
		'test/nodes/pool-purity.test.ts',
		'test/nodes/pool.test.ts',
	],
	'nodes/shared/execution': [
		'test/nodes/shared/execution',
		'test/nodes/mailbox.test.ts',
		'test/nodes/flags.test.ts',
		'test/nodes/keep-input.test.ts',
		'test/nodes/message/change.test.ts',
		'test/nodes/message/get.test.ts',
	],
	'nodes/Imap4MessageTrigger': [
		'test/nodes/trigger/cursor.test.ts',
		'test/nodes/trigger/poll-lock.test.ts',
		'test/nodes/trigger/poll-clock.test.ts',
		'test/nodes/trigger/status-cursor.test.ts',
		'test/nodes/trigger',
	],
};
const folder = process.env['MUTATED_FOLDER'] ?? 'engine/auth';
const tests = TESTS[folder] ?? [existsSync(`test/${folder}`) ? `test/${folder}` : 'test/engine'];

const place = ({ moduleId }: TestSpecification): number =>
	tests.findIndex((path) => moduleId.includes(`/${path}`));

/** In the order in which the tests are named. */
class AsNamed extends BaseSequencer {
	override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		return Promise.resolve(files.toSorted((a, b) => place(a) - place(b)));
	}
}

const { resolve } = createRequire(import.meta.url);

export default defineConfig({
	// As in vitest.config.mts: what n8n-core requires has to have the same classes.
	resolve: { alias: [{ find: /^n8n-workflow$/, replacement: resolve('n8n-workflow') }] },
	test: {
		testTimeout: 10_000,
		// Each file would read n8n's core anew, which takes longer than the tests.
		isolate: false,
		sequence: { sequencer: AsNamed },
		// It starts a program of its own, which knows nothing of mutants.
		testNamePattern: /^(?!a kept connection keeps no process alive)/,
		include: tests.map((path) => (path.endsWith('.ts') ? path : `${path}/**/*.test.ts`)),
		// These need servers or certificates, which take longer to start than all others to run, or read a lot.
		exclude: [
			'test/engine/imaplib-acceptance.test.ts',
			'test/engine/transport/**',
			'test/engine/grammar/counts.test.ts',
			'test/nodes/trigger/on-servers.test.ts',
			'test/nodes/trigger/model.test.ts',
			'test/nodes/trigger/one-odd-thing.test.ts',
			'test/nodes/trigger/cut-everywhere.test.ts',
		],
	},
});
