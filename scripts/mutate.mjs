/**
 * Changes the code of one folder, or file, in every way that Stryker knows, and runs its tests on each change:
 * a change that no test notices is a promise that nothing holds.
 *
 *   npm run mutate -- engine/auth [Stryker's own options]
 *
 * The report is written to test-results/mutation/FOLDER.html.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const [folder = '', ...options] = process.argv.slice(2);
if (!/^[\w/-]+(?:\.ts)?$/.test(folder)) {
	console.error('Name a folder or file: npm run mutate -- engine/auth');
	process.exit(1);
}
const stryker = createRequire(import.meta.url).resolve('@stryker-mutator/core/package.json');
const { status } = spawnSync(
	process.execPath,
	[stryker.replace(/package\.json$/, 'bin/stryker.js'), 'run', 'stryker.config.mjs', ...options],
	{ stdio: 'inherit', env: { ...process.env, MUTATED_FOLDER: folder } },
);
process.exit(status ?? 1);
