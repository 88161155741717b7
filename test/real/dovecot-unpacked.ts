import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
	lstat,
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	readlink,
	rename,
	rm,
	symlink,
	writeFile,
} from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Paths built into Debian's Dovecot. Each is replaced by one of the same length. */
const LIBRARY = '/usr/lib/dovecot';
const DOVECONF = '/usr/bin/doveconf';
/** Milliseconds after which a download is given up. */
const PATIENCE = 60_000;

export interface UnpackedDovecot {
	dovecot: string;
	libexec: string;
	plugins: string;
	environment: Record<string, string>;
}

/**
 * A Dovecot from Debian's packages in a cache folder, for a machine on which nothing may be
 * installed. It looks for its parts at paths that were built in; they are changed, in the copy,
 * to a link in /tmp of the same length.
 * @throws Error where there is no apt-get, no network, or a library is missing
 */
export async function unpackedDovecot(): Promise<UnpackedDovecot> {
	const root = await unpacked();
	const link = linkTo(root);
	await ownLink(link, join(root, LIBRARY));
	await ownLink(`${link}c`, join(root, DOVECONF));
	const libraries = (await readdir(join(root, 'usr/lib')))
		.filter((name) => name.endsWith('-linux-gnu'))
		.flatMap((name) => [join(root, 'usr/lib', name), join(root, 'lib', name)]);
	return {
		dovecot: join(root, 'usr/sbin/dovecot'),
		libexec: link,
		plugins: `${link}/modules`,
		environment: { LD_LIBRARY_PATH: [link, ...libraries].join(':') },
	};
}

/** As long as {@link LIBRARY}, and another one for each cache. */
function linkTo(root: string): string {
	return `/tmp/dv${createHash('sha256').update(root).digest('hex').slice(0, 9)}`;
}

/** The folder with the packages' files, made once per user. */
async function unpacked(): Promise<string> {
	// Root's own cache could not be read by the user that a server runs as.
	const cache =
		process.env.N8N_NODES_IMAP4_CACHE ??
		(process.getuid?.() === 0
			? '/var/cache/n8n-nodes-imap4'
			: join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'n8n-nodes-imap4'));
	const root = join(cache, 'dovecot');
	if (existsSync(root)) return root;
	await mkdir(cache, { recursive: true });
	const work = await mkdtemp(join(cache, 'unpacking-'));
	try {
		const packages = await missingPackages();
		await run('apt-get', ['download', ...packages], { cwd: work, timeout: PATIENCE });
		const files = join(work, 'files');
		for (const name of (await readdir(work)).filter((one) => one.endsWith('.deb')))
			await run('dpkg', ['-x', join(work, name), files]);
		// The folder that is to be known to the programs is the one they will have in the end.
		const link = linkTo(root);
		for (const folder of ['usr/lib/dovecot', 'usr/sbin', 'usr/bin'])
			await relocate(join(files, folder), [
				[LIBRARY, link],
				[DOVECONF, `${link}c`],
			]);
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

/** Dovecot's packages, and those libraries they need that are not installed. */
async function missingPackages(): Promise<string[]> {
	const wanted = ['dovecot-core', 'dovecot-imapd'];
	const { stdout } = await run('apt-cache', ['depends', ...wanted]);
	const libraries = new Set(
		[...stdout.matchAll(/^\s+Depends: (lib[\w.+-]+)$/gm)].map(([, name]) => name as string),
	);
	const missing: string[] = [];
	for (const name of libraries) {
		const status = await run('dpkg-query', ['-W', '-f=${Status}', name]).catch(() => undefined);
		if (!status?.stdout.endsWith(' installed')) missing.push(name);
	}
	return [...wanted, ...missing];
}

/** Replaces paths in all files of a folder by others of the same length. */
async function relocate(folder: string, paths: [string, string][]): Promise<void> {
	for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
		if (!entry.isFile()) continue;
		const file = join(entry.parentPath, entry.name);
		const octets = await readFile(file);
		let changed = false;
		for (const [from, to] of paths) {
			if (from.length !== to.length) throw new Error(`${from} and ${to} differ in length`);
			for (let at = octets.indexOf(from); at >= 0; at = octets.indexOf(from, at)) {
				octets.write(to, at, 'latin1');
				changed = true;
			}
		}
		if (changed) await writeFile(file, octets);
	}
}

/** A link in /tmp, where anyone may write: one that is not ours is refused. */
async function ownLink(link: string, target: string): Promise<void> {
	await symlink(target, link).catch(async (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EEXIST') throw error;
		const found = await lstat(link);
		const ours = found.isSymbolicLink() && found.uid === process.getuid?.();
		if (!ours || (await readlink(link)) !== target)
			throw new Error(`${link} is there already and is not ours`);
	});
}
