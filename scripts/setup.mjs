/**
 * Makes a fresh clone ready: the first part of `npm test`, `npm run demo` and `npm run demo:n8n`.
 * Plain JavaScript without dependencies, since it runs before there is anything else, on the
 * system's Node. It does only what is missing: on a ready checkout it takes a fraction of a second.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isBuilt } from './build-stamp.mjs';
import { runNpm, runScript, SetupError } from './npm.mjs';
import { countPackages } from './packages.mjs';
import { startProgress } from './progress.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const OLDEST_NODE = { major: 20, minor: 19 };
const NODE_24 = join(
	ROOT,
	'node_modules',
	'node',
	'bin',
	process.platform === 'win32' ? 'node.exe' : 'node',
);

function checkNode() {
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	if (major > OLDEST_NODE.major) return;
	if (major === OLDEST_NODE.major && minor >= OLDEST_NODE.minor) return;
	throw new SetupError(
		`Node ${OLDEST_NODE.major}.${OLDEST_NODE.minor} or newer is needed, this is ${process.version}. Get a current one from https://nodejs.org, then run the same command again.`,
	);
}

/**
 * @typedef {{ packages: Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, peer?: boolean, link?: boolean }> }} Lockfile
 * @param {string} path
 * @returns {Lockfile}
 */
const readLockfile = (path) => JSON.parse(readFileSync(path, 'utf8'));

/**
 * npm writes the second lockfile only once everything is unpacked, so an interrupted installation
 * is recognised too. Optional packages may be absent: they are for other platforms.
 *
 * @param {Lockfile} wanted
 */
function isInstalled(wanted) {
	const hidden = join(ROOT, 'node_modules', '.package-lock.json');
	if (!existsSync(hidden)) return false;
	const present = readLockfile(hidden).packages;
	return Object.entries(wanted.packages).every(
		([path, { version, integrity, optional, devOptional }]) =>
			path === '' ||
			(present[path]
				? present[path].version === version && present[path].integrity === integrity
				: optional === true || devOptional === true),
	);
}

async function installDependencies() {
	const wanted = readLockfile(join(ROOT, 'package-lock.json'));
	if (isInstalled(wanted)) return;
	const total = Object.entries(wanted.packages).filter(
		([path, { optional }]) => path.lastIndexOf('node_modules/') === 0 && !optional,
	).length;
	let trouble = '';
	const progress = startProgress(
		'Installing the development dependencies',
		() => `${countPackages(ROOT)} of about ${total} packages${trouble}`,
	);
	try {
		await runNpm(['ci', '--ignore-scripts', '--include=dev'], {
			folder: ROOT,
			doing: 'Installing the development dependencies',
			onRetry: (code) => {
				trouble = ` · a request failed (${code}), npm tries again`;
			},
		});
		progress.end();
	} catch (error) {
		progress.end('failed');
		throw error;
	}
}

// It is run rather than looked for: a download that was cut short leaves a file too.
const runsNode24 = () => spawnSync(NODE_24, ['--version']).status === 0;

/** n8n's packages ask for Node 24, most systems have an older one: a binary comes through the registry. */
async function placeNode24() {
	if (runsNode24()) return;
	const progress = startProgress('Placing Node 24 for the scripts (about 45 MB)');
	try {
		await runNpm(['rebuild', 'node'], { folder: ROOT, doing: 'Placing Node 24' });
		if (!runsNode24()) {
			throw new SetupError(
				`There is no Node 24 binary for ${process.platform}-${process.arch} in the registry.`,
			);
		}
		progress.end();
	} catch (error) {
		progress.end('failed');
		throw error;
	}
}

/** @param {string} output */
const withoutGulpsOwn = (output) =>
	output
		.split('\n')
		.filter((line) => !/^(\[\d\d:\d\d:\d\d\] (?!Error)|\s+at )/.test(line))
		.join('\n')
		.trim();

async function build() {
	if (isBuilt()) return;
	const progress = startProgress('Building dist/');
	let output = '';
	const code = await new Promise((resolve) => {
		const gulp = spawn(NODE_24, [join(ROOT, 'node_modules', 'gulp', 'bin', 'gulp.js'), 'build'], {
			cwd: ROOT,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		gulp.stdout.on('data', (chunk) => (output += chunk));
		gulp.stderr.on('data', (chunk) => (output += chunk));
		gulp.on('close', resolve);
	});
	progress.end(code === 0 ? 'done' : 'failed');
	if (code !== 0) throw new SetupError(`The build failed:\n${withoutGulpsOwn(output)}`);
}

await runScript(async () => {
	checkNode();
	await installDependencies();
	await placeNode24();
	await build();
});
