/**
 * The last step of `npm run docs:site`: every link between the pages of site/ leads to a page, and to a
 * heading of it. VitePress checks those of the text, not those of the menus and of the engine's reference.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const SITE = process.argv[2] ?? join(dirname(dirname(fileURLToPath(import.meta.url))), 'site');
const BASE = process.env.DOCS_BASE ?? '/';

/** @param {string} target a path in the site, as links name it */
function fileOf(target) {
	const path = resolve(SITE, target);
	const choices = [path, `${path}.html`, join(path, 'index.html')];
	return choices.find((choice) => existsSync(choice) && statSync(choice).isFile());
}

/** @type {Map<string, Set<string>>} */
const anchors = new Map();
/** @param {string} file */
function anchorsOf(file) {
	let known = anchors.get(file);
	if (known === undefined) {
		const ids = readFileSync(file, 'utf8').matchAll(/\sid="([^"]*)"/g);
		anchors.set(file, (known = new Set([...ids].map(([, id = '']) => id))));
	}
	return known;
}

/**
 * @param {string} page
 * @param {string} href
 */
function problemOf(page, href) {
	if (/^[a-z]+:|^\/\//.test(href)) return undefined;
	const [path = '', anchor = ''] = href.replace(/&amp;/g, '&').split('#');
	const target = path.startsWith(BASE)
		? path.slice(BASE.length)
		: relative(SITE, resolve(dirname(page), path));
	const file = path === '' ? page : fileOf(decodeURI(target.replace(/\?.*$/, '')));
	if (file === undefined) return `${relative(SITE, page)}: ${href} leads nowhere`;
	if (anchor === '' || !file.endsWith('.html')) return undefined;
	return anchorsOf(file).has(decodeURIComponent(anchor))
		? undefined
		: `${relative(SITE, page)}: ${href} names no heading`;
}

const pages = readdirSync(SITE, { recursive: true, encoding: 'utf8' })
	.filter((name) => name.endsWith('.html') && name !== '404.html')
	.map((name) => join(SITE, name));
const problems = pages.flatMap((page) =>
	[...readFileSync(page, 'utf8').matchAll(/<a\s[^>]*?href="([^"]*)"/g)].flatMap(
		([, href = '']) => problemOf(page, href) ?? [],
	),
);
for (const problem of new Set(problems)) console.error(problem);
console.log(`${pages.length} pages, ${new Set(problems).size} dead links`);
process.exitCode = problems.length > 0 ? 1 : 0;
