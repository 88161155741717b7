/**
 * A full n8n, installed once per user and version and shared by every checkout: it is 2,400 packages
 * and 3 GB, far too much for a devDependency. Used by `npm run demo:n8n` and the tests in test/n8n.
 *
 *   node scripts/n8n-install.mjs     installs it if it is not there and prints its folder
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNpm, runScript, SetupError } from './npm.mjs';
import { countPackages } from './packages.mjs';
import { startProgress } from './progress.mjs';

/** The newest n8n whose whole dependency tree could be installed when this was written. */
export const N8N_VERSION = '2.41.1';
const ABOUT_PACKAGES = 2_000;
const NEEDED_NODE_MAJOR = 24;

// n8n itself is pulled in with one patch release that is missing from some registries.
const INSTALLING_PACKAGE = {
	name: 'n8n-for-n8n-nodes-imap4',
	private: true,
	dependencies: { n8n: N8N_VERSION },
	overrides: { '@aws-sdk/middleware-sdk-s3': '3.972.89' },
};

/** @returns {string} the per-user cache folder of this project: $N8N_NODES_IMAP4_CACHE, else below the XDG cache folder */
export function cacheFolder() {
	return (
		process.env.N8N_NODES_IMAP4_CACHE ||
		join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'n8n-nodes-imap4')
	);
}

/** @returns {string} where this version of n8n is, or will be, installed */
export function n8nFolder() {
	return join(cacheFolder(), `n8n-${N8N_VERSION}`);
}

/** @returns {string | undefined} n8n's command line program, when the installation is there and whole */
export function installedN8n() {
	const bin = join(n8nFolder(), 'node_modules', 'n8n', 'bin', 'n8n');
	return existsSync(bin) ? bin : undefined;
}

/** Removes what interrupted installations left behind; one that still runs is spared. */
function removeAbandoned() {
	for (const name of readdirSync(cacheFolder())) {
		const pid = /^\.installing-.*-(\d+)$/.exec(name)?.[1];
		if (pid === undefined) continue;
		try {
			process.kill(Number(pid), 0);
		} catch {
			rmSync(join(cacheFolder(), name), { recursive: true, force: true });
		}
	}
}

/**
 * Installs n8n into the cache unless it is there already. The work is done in a sibling folder that
 * takes its final name only when everything succeeded, so an interrupted installation is never used.
 *
 * @returns {Promise<string>} n8n's command line program (run it with Node 24)
 * @throws {SetupError} unsupported Node, unreachable registry, a failed npm
 */
export async function installN8n() {
	const installed = installedN8n();
	if (installed) return installed;
	if (Number(process.versions.node.split('.')[0]) < NEEDED_NODE_MAJOR) {
		throw new SetupError(
			`n8n ${N8N_VERSION} needs Node ${NEEDED_NODE_MAJOR} or newer, this is ${process.version}: start it through "npm run demo:n8n", which brings its own.`,
		);
	}

	mkdirSync(cacheFolder(), { recursive: true });
	removeAbandoned();
	const building = join(cacheFolder(), `.installing-${N8N_VERSION}-${process.pid}`);
	mkdirSync(building);
	writeFileSync(join(building, 'package.json'), JSON.stringify(INSTALLING_PACKAGE, null, 2));

	let trouble = '';
	const progress = startProgress(
		`Installing n8n ${N8N_VERSION} into ${n8nFolder()} (once, 3 GB, some minutes)`,
		() =>
			`${countPackages(building).toLocaleString('en')} of about ${ABOUT_PACKAGES.toLocaleString('en')} packages${trouble}`,
	);
	try {
		await runNpm(
			[
				'install',
				'--ignore-scripts',
				'--omit=dev',
				'--no-package-lock',
				'--legacy-peer-deps=false',
			],
			{
				folder: building,
				doing: `Installing n8n ${N8N_VERSION}`,
				onRetry: (code) => {
					trouble = ` · a request failed (${code}), npm tries again`;
				},
			},
		);
		progress.end('packages are in place');
	} catch (error) {
		progress.end('failed');
		rmSync(building, { recursive: true, force: true });
		throw error;
	}

	// The only addon whose binary does not come inside its package; it is built where it cannot be fetched.
	const compiling = startProgress(
		"Preparing n8n's database driver (sqlite3; a minute where it must be compiled)",
	);
	try {
		await runNpm(['rebuild', 'sqlite3'], { folder: building, doing: 'Preparing sqlite3' });
		compiling.end();
		// Somebody else may have finished the same installation meanwhile; theirs is as good.
		if (!installedN8n()) renameSync(building, n8nFolder());
	} catch (error) {
		if (!installedN8n()) {
			compiling.end('failed');
			throw error;
		}
	} finally {
		rmSync(building, { recursive: true, force: true });
	}
	return /** @type {string} */ (installedN8n());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	await runScript(async () => {
		console.log(await installN8n());
	});
}
