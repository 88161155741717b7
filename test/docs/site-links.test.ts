/** The check of the documentation's site finds links that lead nowhere. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SCRIPT = join(__dirname, '../../scripts/site-links.mjs');

let site: string;
beforeEach(() => (site = mkdtempSync(join(tmpdir(), 'imap4-site-'))));
afterEach(() => rmSync(site, { recursive: true, force: true }));

function check(pages: Record<string, string>): { status: number | null; problems: string[] } {
	for (const [name, html] of Object.entries(pages)) {
		mkdirSync(dirname(join(site, name)), { recursive: true });
		writeFileSync(join(site, name), html);
	}
	const { status, stderr } = spawnSync(process.execPath, [SCRIPT, site], { encoding: 'utf8' });
	return { status, problems: stderr.split('\n').filter((line) => line !== '') };
}

test('accepts links to pages, folders, headings and other sites', () => {
	const links = ['/b', './b', 'b.html#top', '#here', '/c/', 'https://example.com/', '/b?x=1'];
	const html = links.map((href) => `<a class="x" href="${href}">x</a>`).join('');
	expect(
		check({
			'a.html': `<h1 id="here">x</h1>${html}`,
			'b.html': '<h1 id="top">x</h1>',
			'c/index.html': '',
		}),
	).toEqual({ status: 0, problems: [] });
});

test('names a link to no page, and one to no heading', () => {
	expect(
		check({ 'a.html': '<a href="/nowhere">x</a><a href="./b#below">x</a>', 'b.html': '' }),
	).toEqual({
		status: 1,
		problems: ['a.html: /nowhere leads nowhere', 'a.html: ./b#below names no heading'],
	});
});
