// Says which libraries that the build bundles (mail/vendor) are outdated or have a known vulnerability, and
// fails if there is one. Needs the registry, so it is no test.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const vendor = join(root, 'mail', 'vendor');

/** The packages that the files of mail/vendor import, types too: their versions go together. */
export function bundledLibraries() {
	const names = readdirSync(vendor).flatMap((file) =>
		[
			...readFileSync(join(vendor, file), 'utf8').matchAll(/ from '((?:@[^/']+\/)?[^./'][^/']*)/g),
		].map(([, name = '']) => name),
	);
	return [...new Set(names)].filter((name) => !name.startsWith('node:')).sort();
}

/**
 * npm's answer, which comes with an exit code of its own where it has something to say.
 * @param {...string} args
 */
function npm(...args) {
	try {
		return JSON.parse(execFileSync('npm', [...args, '--json'], { cwd: root, encoding: 'utf8' }));
	} catch (error) {
		const { stdout } = /** @type {{ stdout?: string }} */ (error);
		if (stdout) return JSON.parse(stdout);
		throw error;
	}
}

/**
 * What there is to say of one library.
 * @param {string} name
 * @param {Record<string, { nodes: string[], severity: string }>} vulnerabilities by package
 */
function problems(name, vulnerabilities) {
	const path = join('node_modules', name);
	const { version } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
	const latest = npm('view', name, 'version');
	// Other packages may have copies of their own, which are not bundled.
	const known = vulnerabilities[name]?.nodes.includes(path) ? vulnerabilities[name].severity : '';
	return [
		...(version === latest ? [] : [`${name} ${version} is outdated: ${latest}`]),
		...(known ? [`${name} ${version} has a known vulnerability (${known})`] : []),
	];
}

function main() {
	const { vulnerabilities, message } = npm('audit');
	const names = bundledLibraries();
	const found = names.flatMap((name) => problems(name, vulnerabilities ?? {}));
	if (!vulnerabilities) found.push(`Known vulnerabilities were not looked up: ${message}`);
	console.log(found.length > 0 ? found.join('\n') : `Current: ${names.join(', ')}`);
	if (found.length > 0) process.exitCode = 1;
}

if (process.argv[1] === import.meta.filename) main();
