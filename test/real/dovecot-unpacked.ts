import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { libraryFolders, unpackedPackages } from './debian-packages';

/** Paths built into Debian's Dovecot. Each is replaced by one of the same length. */
const LIBRARY = '/usr/lib/dovecot';
const DOVECONF = '/usr/bin/doveconf';

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
	const root = await unpackedPackages({
		name: 'dovecot',
		packages: ['dovecot-core', 'dovecot-imapd'],
		// The folder that is to be known to the programs is the one they will have in the end.
		async finish(files, end) {
			for (const folder of ['usr/lib/dovecot', 'usr/sbin', 'usr/bin'])
				await relocate(join(files, folder), [
					[LIBRARY, linkTo(end)],
					[DOVECONF, `${linkTo(end)}c`],
				]);
		},
	});
	const link = linkTo(root);
	await ownLink(link, join(root, LIBRARY));
	await ownLink(`${link}c`, join(root, DOVECONF));
	return {
		dovecot: join(root, 'usr/sbin/dovecot'),
		libexec: link,
		plugins: `${link}/modules`,
		environment: { LD_LIBRARY_PATH: [link, ...(await libraryFolders(root))].join(':') },
	};
}

/** As long as {@link LIBRARY}, and another one for each cache. */
function linkTo(root: string): string {
	return `/tmp/dv${createHash('sha256').update(root).digest('hex').slice(0, 9)}`;
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
