/**
 * Whether dist/ is what the sources would give: a hash over everything that the build reads. It lets
 * the second `npm test` or `npm run demo` start at once.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const STAMP = join(ROOT, '.cache', 'build-stamp');
// The lockfile stands for the compiler's and the bundled libraries' versions.
const BUILD_FILES = ['gulpfile.js', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];
/** Made by the build, beside its sources. */
const ENGINE_DIST = join(ROOT, 'engine', 'dist');
const BUILD_FOLDERS = ['engine', 'mail', 'credentials', 'nodes', 'test/server'];

/** @returns {string} a hash of the sources as they are now */
export function sourceHash() {
	const hash = createHash('sha256');
	const files = BUILD_FOLDERS.filter((folder) => existsSync(join(ROOT, folder))).flatMap((folder) =>
		readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => join(entry.parentPath, entry.name))
			.filter((path) => !path.startsWith(ENGINE_DIST)),
	);
	for (const file of [...BUILD_FILES.map((name) => join(ROOT, name)), ...files.sort()]) {
		hash.update(file.slice(ROOT.length)).update('\0').update(readFileSync(file)).update('\0');
	}
	return hash.digest('hex');
}

/** @returns {boolean} */
export function isBuilt() {
	return (
		existsSync(join(ROOT, 'dist')) &&
		existsSync(ENGINE_DIST) &&
		existsSync(STAMP) &&
		readFileSync(STAMP, 'utf8') === sourceHash()
	);
}

/**
 * Called at the end of a build.
 *
 * @param {string} hash the sources' hash *before* the build began: a file saved meanwhile makes it stale
 */
export function stampBuild(hash) {
	mkdirSync(dirname(STAMP), { recursive: true });
	writeFileSync(STAMP, hash);
}
