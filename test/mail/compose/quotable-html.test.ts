import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quotableHtml } from '../../../mail/compose/quotable-html';

describe('quoted HTML', () => {
	test.each([
		['what was written', '<p>a <b>b</b><br>c &amp; d</p>', '<p>a <b>b</b><br>c &amp; d</p>'],
		['closes what was left open', '<div><b>x', '<div><b>x</b></div>'],
		['closes nothing around it', 'x</blockquote></div><p>mine?</p>', 'x<p>mine?</p>'],
		['ends a row where the next begins', '<ul><li>a<li>b</ul>', '<ul><li>a</li><li>b</li></ul>'],
		['runs nothing', '<script>alert(1)</script><p onclick="x()">y</p>', '<p>y</p>'],
		['has no frames and forms', '<iframe src="//x"></iframe><form><input>z</form>', 'z'],
		['has no style for what is around it', '<style>p{display:none}</style>a', 'a'],
		[
			'covers nothing',
			'<p style="position:fixed; color: red">a</p>',
			'<p style="color: red">a</p>',
		],
		['hides no word in an escape', '<p style="posi\\74ion:fixed">a</p>', '<p>a</p>'],
		['loads no background', '<p style="background:url(//x)">a</p>', '<p>a</p>'],
		['links to pages only', '<a href="javascript:x()">a</a>', '<a>a</a>'],
		['keeps links', '<a href="https://x/?a&amp;b">a</a>', '<a href="https://x/?a&amp;b">a</a>'],
		['keeps images of the message', '<img src="cid:1" alt="i">', '<img src="cid:1" alt="i">'],
		['takes no other document', '<img src="data:text/html,x">', '<img>'],
		['a document inside of it', '<html><head><title>t</title></head><body>b', 'b'],
		['a title that hides nothing', '<head><meta charset="x"><p>a', '<p>a</p>'],
	])('%s', async (_rule, html, quoted) => {
		expect(await quotableHtml(html)).toBe(quoted);
	});

	test('every element is closed where it was opened, whatever comes in', async () => {
		const piece = fc.constantFrom(
			'<div>',
			'</div>',
			'<p',
			'>',
			'</p>',
			'<b a="',
			'"',
			'<td>',
			'</table>',
			'<!--',
			'-->',
			'<script>',
			'</script>',
			'x',
			'<img src=x>',
			'</blockquote>',
		);
		await fc.assert(
			fc.asyncProperty(fc.array(piece, { maxLength: 60 }), async (pieces) => {
				const quoted = await quotableHtml(pieces.join(''));
				const open: string[] = [];
				for (const [, slash, name = ''] of quoted.matchAll(/<(\/?)([a-z0-9]+)[^>]*>/g)) {
					if (slash) expect(open.pop()).toBe(name);
					else if (name !== 'img') open.push(name);
				}
				expect(open).toEqual([]);
				expect(quoted).not.toMatch(/<script|<!--/);
			}),
		);
	});

	test('elements inside one another have an end, and text has none', async () => {
		const quoted = await quotableHtml(`${'<div>'.repeat(10_000)}deep`);
		expect(quoted.match(/<div>/g)).toHaveLength(200);
		expect(quoted).toContain('deep');
	});
});
