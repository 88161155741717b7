/**
 * Shapes that took quadratic time: minutes for a megabyte. What is linear is done before a test's own
 * time limit, on any machine.
 */
import { expect, test } from 'vitest';
import { parseAddresses } from '../../mail/address/parse-addresses';
import { replySubject } from '../../mail/compose/reply';
import { safeFileName } from '../../mail/file-name';
import { unsubscribe } from '../../mail/header/unsubscribe';
import { htmlToText } from '../../mail/html-to-text/html-to-text';
import { newText } from '../../mail/reading/new-text';
import { takeUuFiles } from '../../mail/transfer-encoding/uuencode';
import { deliveryReports } from '../../mail/unwrap/report';

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
	[
		'links within links that tables keep open',
		'<a href="https://example.com/"><table>'.repeat(4990) + 'x<br>'.repeat(MEGABYTE / 5),
	],
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

test('lines of spaces, in which the header of a quoted message is looked for', () => {
	const text = `${' '.repeat(399)}x\n`.repeat(10_000);
	expect(newText(text)).toContain('x');
});

test('a subject of a prefix and a row of spaces', () => {
	const subject = `re${' '.repeat(MEGABYTE)}x`;
	expect(replySubject(subject)).toBe(`Re: ${subject}`);
});

test('a link to unsubscribe that never ends', () => {
	const field = (value: string): Buffer => Buffer.from(`List-Unsubscribe: ${value}\r\n\r\n`);
	expect(unsubscribe(field(`<https://example.com/>, <${'\t'.repeat(16_000)}x`))?.url).toBe(
		'https://example.com/',
	);
});

test.each([
	['colons behind an address', `a@example.com${':'.repeat(160_000)}`],
	['colons behind an address in brackets', `<a@example.com>${':'.repeat(160_000)}`],
	['long words', `${'a'.repeat(4990)},`.repeat(32)],
])('addresses: %s', (_shape, value) => {
	expect(parseAddresses(value)).not.toEqual([]);
});

test('a delivery report of groups that say nothing', () => {
	const groups = 'a: b\r\n\r\n'.repeat(MEGABYTE / 8);
	expect(
		deliveryReports(Buffer.from(`Final-Recipient: rfc822; a@example.com\r\n\r\n${groups}`)),
	).toHaveLength(1);
});

test('thousands of files in uuencode, of which no more are taken than asked for', async () => {
	const file = 'begin 644 a\n#86)C\nend\n';
	const { files, text } = await takeUuFiles(file.repeat(200_000), 5000);
	expect(files).toHaveLength(5000);
	expect(text).toHaveLength(file.length * 195_000);
});

test('a file in uuencode of millions of short lines', async () => {
	const { files } = await takeUuFiles(`begin 644 a\n${'!0\n'.repeat(3 * MEGABYTE)}end`);
	expect(files[0]?.content.length).toBe(3 * MEGABYTE);
});
