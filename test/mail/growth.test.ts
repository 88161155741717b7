/**
 * Shapes that took quadratic time: minutes for a megabyte. What is linear is done before a test's own
 * time limit, on any machine.
 */
import { expect, test } from 'vitest';
import { safeFileName } from '../../mail/file-name';
import { htmlToText } from '../../mail/html-to-text/html-to-text';
import { newText } from '../../mail/reading/new-text';

const MEGABYTE = 1024 * 1024;

test.each([
	[
		'tags that are never closed, and end tags that close nothing',
		'<b>'.repeat(166_000) + '</i>'.repeat(125_000) + 'x',
	],
	['a row of spaces before a word', `<pre>${' '.repeat(MEGABYTE)}x</pre>`],
	['a row of tabs before a word', `<pre>${'\t'.repeat(MEGABYTE)}x</pre>`],
	['tables within tables', `${'<table><tr><td>'.repeat(50_000)}x`],
	['links within links', `${'<a href="https://example.com/">'.repeat(30_000)}x`],
])('HTML: %s', async (_shape, html) => {
	expect(await htmlToText(html)).toContain('x');
});

test('lines of deep quotations stay within a bound', async () => {
	const html = '<blockquote>'.repeat(190) + 'x<br>'.repeat(200_000);
	expect((await htmlToText(html)).length).toBeLessThan(html.length * 8);
});

test('a file name of a megabyte of dots', () => {
	expect(safeFileName(`${'. '.repeat(MEGABYTE / 2)}.pdf`)).toMatch(/\.pdf$/);
});

test('an answer between each two quotations', () => {
	const text = 'On 1 Jan 2020 anna@example.com wrote:\n> x\nanswer\n'.repeat(20_000);
	expect(newText(text)).toContain('answer');
});
