import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { reasonOf, unpackedPackages } from './debian-packages';

const run = promisify(execFile);

/** A Courier to be run. */
export interface CourierFiles {
	/** Folder with its `usr` and `etc`. */
	root: string;
	version: string;
}

/**
 * The Courier to test with, unpacked from Debian's packages, since it can't be installed beside
 * another IMAP server. All of its paths are built in, and it wants to change users: it runs in a
 * mount namespace of its own, for root only. The environment variable IMAP4_TEST_COURIER may say
 * `none`.
 * @throws Error that says why there is none
 */
export async function findCourier(): Promise<CourierFiles> {
	if (process.env.IMAP4_TEST_COURIER === 'none') throw new Error('IMAP4_TEST_COURIER says none');
	if (process.getuid?.() !== 0) throw new Error('Courier can be run by root only');
	try {
		const root = await unpackedPackages({
			name: 'courier',
			packages: ['courier-imap', 'courier-base', 'courier-authlib', 'gamin'],
		});
		await canOverlay(root);
		const { stdout } = await run('apt-cache', ['show', '--no-all-versions', 'courier-imap']);
		return { root, version: /^Version: (\S+)/m.exec(stdout)?.[1] ?? 'unknown' };
	} catch (error) {
		throw new Error(`Courier cannot be unpacked from Debian's packages (${reasonOf(error)})`, {
			cause: error,
		});
	}
}

/** A container may forbid what root may do elsewhere. */
async function canOverlay(root: string): Promise<void> {
	const mount = `mount -t overlay overlay -o lowerdir=${join(root, 'usr')}:/usr /usr`;
	await run('unshare', ['--mount', '--pid', '--fork', 'sh', '-c', mount]).catch((error: Error) => {
		throw new Error(`Error: there can be no mount namespace here: ${error.message}`);
	});
}
