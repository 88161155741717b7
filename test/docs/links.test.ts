/** Links of README and docs lead somewhere: to a file that is there, and to a heading that it has. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorOf } from '../../docs/generator/markdown';

const ROOT = join(__dirname, '../..');
const PAGES = ['README.md', 'CONTRIBUTING.md', ...markdownBelow('docs')];

function markdownBelow(folder: string): string[] {
	return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) return markdownBelow(path);
		return path.endsWith('.md') ? [path] : [];
	});
}

/** Without what only looks like a link or a heading: code. */
function textOf(path: string): string {
	const text = readFileSync(path, 'utf8').replace(/^ *(```|~~~)[\s\S]*?^ *\1/gm, '');
	return text.replace(/(?<!\\)`[^`\n]*`/g, (code) => (/^`\[/.test(code) ? '' : code));
}

function anchorsOf(path: string): Set<string> {
	const anchors = new Set<string>();
	for (const [, heading = ''] of textOf(path).matchAll(/^#{1,6} +(.*)$/gm)) {
		const anchor = anchorOf(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, ''));
		// The second of the same name gets a number.
		let free = anchor;
		for (let count = 1; anchors.has(free); count++) free = `${anchor}-${count}`;
		anchors.add(free);
	}
	return anchors;
}

/** Why a link leads nowhere; undefined if it does lead somewhere, or out of the repository. */
function problemOf(page: string, target: string): string | undefined {
	if (/^(https?|mailto):/.test(target)) return undefined;
	const [path = '', anchor] = target.split('#');
	const file = path === '' ? join(ROOT, page) : resolve(ROOT, dirname(page), decodeURI(path));
	if (relative(ROOT, file).startsWith('..')) return `${target} leads out of the repository`;
	if (!existsSync(file)) return `${target}: there is no ${relative(ROOT, file)}`;
	if (anchor === undefined || anchor === '') return undefined;
	if (!statSync(file).isFile() || !file.endsWith('.md')) return `${target}: no page has anchors`;
	return anchorsOf(file).has(anchor) ? undefined : `${target}: there is no such heading`;
}

function targetsIn(page: string): string[] {
	const text = textOf(join(ROOT, page));
	const inline = [...text.matchAll(/\]\(<?([^)\s>]+)>?(?: +"[^"]*")?\)/g)];
	const named = [...text.matchAll(/^ *\[[^\]]+\]: +<?([^\s>]+)>?/gm)];
	const html = [...text.matchAll(/(?:href|src)="([^"]+)"/g)];
	return [...inline, ...named, ...html].map(([, target = '']) => target);
}

describe('links lead somewhere', () => {
	test.each(PAGES)('%s', (page) => {
		const problems = targetsIn(page)
			.map((target) => problemOf(page, target))
			.filter((problem) => problem !== undefined);
		expect(problems).toEqual([]);
	});

	test('the check knows a link that does not', () => {
		expect(problemOf('README.md', 'docs/nowhere.md')).toContain('there is no');
		expect(problemOf('README.md', '#nowhere')).toContain('no such heading');
		expect(problemOf('README.md', '../elsewhere.md')).toContain('leads out');
		expect(problemOf('README.md', '#installation')).toBeUndefined();
	});
});

test('every page of docs/ can be reached from its index', () => {
	const index = join('docs', 'README.md');
	const reached = new Set([index]);
	const queue = [index];
	for (let page = queue.pop(); page !== undefined; page = queue.pop()) {
		for (const target of targetsIn(page)) {
			if (/^[a-z]+:/.test(target)) continue;
			const next = join(dirname(page), target.split('#')[0] ?? '');
			if (!next.endsWith('.md') || reached.has(next)) continue;
			reached.add(next);
			if (next.startsWith('docs')) queue.push(next);
		}
	}
	expect(PAGES.filter((page) => page.startsWith('docs') && !reached.has(page))).toEqual([]);
});
