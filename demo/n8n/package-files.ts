import { execFile } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export const PACKAGE_NAME = 'n8n-nodes-imap4';
export const PACKAGE_FOLDER = dirname(dirname(__dirname));

/**
 * The files that `npm pack` would put into the tarball, relative to the package's folder.
 *
 * @throws {Error} when npm fails
 */
export async function packedFiles(): Promise<string[]> {
	const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
	const cli = process.env.npm_execpath;
	const { stdout } =
		cli?.endsWith('.js') === true
			? await promisify(execFile)(process.execPath, [cli, ...args], { cwd: PACKAGE_FOLDER })
			: await promisify(execFile)('npm', args, {
					cwd: PACKAGE_FOLDER,
					shell: process.platform === 'win32',
				});
	const [tarball] = JSON.parse(stdout) as Array<{ files: Array<{ path: string }> }>;
	return tarball?.files.map(({ path }) => path) ?? [];
}

/**
 * Puts this package where n8n looks for community nodes, holding exactly what a user would get from
 * the registry: a file that is missing from the tarball is missing here too.
 *
 * @param userFolder n8n's N8N_USER_FOLDER
 */
export async function placePackage(userFolder: string): Promise<void> {
	const target = join(userFolder, '.n8n', 'nodes', 'node_modules', PACKAGE_NAME);
	for (const path of await packedFiles()) {
		mkdirSync(dirname(join(target, path)), { recursive: true });
		cpSync(join(PACKAGE_FOLDER, path), join(target, path));
	}
}
