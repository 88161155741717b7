/** Mutation tests of one folder or file: see scripts/mutate.mjs. */
const folder = process.env['MUTATED_FOLDER'] ?? 'engine/auth';
const report = `test-results/mutation/${folder.replaceAll('/', '-')}`;

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	mutate: folder.endsWith('.ts') ? [folder] : [`${folder}/**/*.ts`, '!**/*.d.ts'],
	testRunner: 'vitest',
	vitest: { configFile: 'vitest.mutation.config.mts', related: false },
	coverageAnalysis: 'perTest',
	// Each worker is a process with the tests in it; more would only compete for the cores.
	concurrency: 1,
	timeoutMS: 10_000,
	// What runs once, when a file is loaded, is not a rule that a test could hold; and every such
	// mutant would run all tests.
	ignoreStatic: true,
	reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
	clearTextReporter: { allowColor: false, logTests: false, allowEmojis: false },
	htmlReporter: { fileName: `${report}.html` },
	jsonReporter: { fileName: `${report}.json` },
	tempDirName: '.cache/stryker',
	ignorePatterns: ['dist', 'test-results', 'bench/results', '.cache'],
};
