import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * How many packages npm has unpacked at the top of `folder`/node_modules so far. npm makes all the
 * folders first and fills them later, so only a folder with a package.json counts.
 *
 * @param {string} folder
 * @returns {number}
 */
export function countPackages(folder) {
	/** @param {string} parent @returns {string[]} */
	const subfolders = (parent) => {
		try {
			return readdirSync(parent).map((name) => join(parent, name));
		} catch {
			return []; // not there yet
		}
	};
	return subfolders(join(folder, 'node_modules'))
		.flatMap((path) => (/[\\/]@[^\\/]+$/.test(path) ? subfolders(path) : [path]))
		.filter((path) => existsSync(join(path, 'package.json'))).length;
}
