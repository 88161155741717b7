import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Milliseconds after which a download is given up. */
const PATIENCE = 60_000;

export interface PackagesToUnpack {
	/** Name of the folder in the cache. */
	name: string;
	packages: readonly string[];
	/** Libraries the packages depend on and our use of them does not. */
	without?: readonly string[];
	/** Changes the files before they are taken into use. @param root where they will be in the end */
	finish?: (files: string, root: string) => Promise<void>;
}

/**
 * The files of Debian packages and of the libraries they lack, unpacked once per user into a cache
 * folder, for a machine on which nothing may be installed.
 * @returns the folder that stands for `/`
 * @throws Error where there is no apt-get, no network, or a package is missing
 */
export async function unpackedPackages(wanted: PackagesToUnpack): Promise<string> {
	// Root's own cache could not be read by the user that a server runs as.
	const cache =
		process.env.N8N_NODES_IMAP4_CACHE ??
		(process.getuid?.() === 0
			? '/var/cache/n8n-nodes-imap4'
			: join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'n8n-nodes-imap4'));
	const root = join(cache, wanted.name);
	if (existsSync(root)) return root;
	await mkdir(cache, { recursive: true });
	const work = await mkdtemp(join(cache, 'unpacking-'));
	try {
		const packages = await withMissingLibraries(wanted);
		await run('apt-get', ['download', ...packages], { cwd: work, timeout: PATIENCE });
		const files = join(work, 'files');
		for (const name of (await readdir(work)).filter((one) => one.endsWith('.deb')))
			await run('dpkg', ['-x', join(work, name), files]);
		await wanted.finish?.(files, root);
		await run('chmod', ['-R', 'a+rX', work]);
		await rename(files, root).catch((error: NodeJS.ErrnoException) => {
			// Another run was faster.
			if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
		});
		return root;
	} finally {
		await rm(work, { recursive: true, force: true });
	}
}

/** Folders of shared libraries below a root, for LD_LIBRARY_PATH. */
export async function libraryFolders(root: string): Promise<string[]> {
	return (await readdir(join(root, 'usr/lib')))
		.filter((name) => name.endsWith('-linux-gnu'))
		.flatMap((name) => [join(root, 'usr/lib', name), join(root, 'lib', name)]);
}

/** The line of apt-get's or our own that says why there are no packages. */
export function reasonOf(error: unknown): string {
	const [reason] = (error as Error).message.match(/^E: .*|^Error: .*/m) ?? [String(error)];
	return reason;
}

/** The packages, and those libraries they need that are not installed. */
async function withMissingLibraries({
	packages,
	without = [],
}: PackagesToUnpack): Promise<string[]> {
	const { stdout } = await run('apt-cache', ['depends', ...packages]);
	const libraries = new Set(
		[...stdout.matchAll(/^\s+Depends: (lib[\w.+-]+)$/gm)].map(([, name]) => name as string),
	);
	const missing: string[] = [];
	for (const name of libraries) {
		if (packages.includes(name) || without.includes(name)) continue;
		const status = await run('dpkg-query', ['-W', '-f=${Status}', name]).catch(() => undefined);
		if (!status?.stdout.endsWith(' installed')) missing.push(name);
	}
	return [...packages, ...missing];
}
