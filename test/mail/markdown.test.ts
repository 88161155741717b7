/** Markdown of HTML: where its marks stand. */
import { describe, expect, test } from 'vitest';
import { htmlToText } from '../../mail/html-to-text/html-to-text';

const link = (text: string) => `<a href="https://wiki.example/d">${text}</a>`;

describe('the mark of a line stands before what begins the line', () => {
	test.each([
		['a link in a list', `<ul><li>${link('ship')}</li></ul>`, '- [ship](https://wiki.example/d)'],
		[
			'a link in the second item',
			`<ol><li>build</li><li>${link('ship')} it</li></ol>`,
			'1. build\n2. [ship](https://wiki.example/d) it',
		],
		['bold in a list', '<ul><li><b>now</b>, not later</li></ul>', '- **now**, not later'],
		[
			'a bold link in a list',
			`<ul><li><b>${link('ship')}</b></li></ul>`,
			'- **[ship](https://wiki.example/d)**',
		],
		['a heading of one link', `<h2>${link('Docs')}</h2>`, '## [Docs](https://wiki.example/d)'],
		['a heading in bold', '<h1><strong>News</strong></h1>', '# **News**'],
		[
			'a quoted link',
			`<blockquote>${link('Docs')}</blockquote>`,
			'> [Docs](https://wiki.example/d)',
		],
		[
			'a list in a quote, after text',
			`<blockquote>a<ul><li><em>b</em></li></ul></blockquote>`,
			'> a\n>\n> - *b*',
		],
		[
			'an address that is its own text',
			'<ul><li><a href="https://wiki.example/d">https://wiki.example/d</a></li></ul>',
			'- https://wiki.example/d',
		],
	])('%s', async (_, html, expected) => {
		expect(await htmlToText(html, { format: 'markdown' })).toBe(expected);
	});

	test('in plain text too, an address in a list is written once', async () => {
		const html = '<ul><li><a href="https://wiki.example/d">https://wiki.example/d</a></li></ul>';
		expect(await htmlToText(html)).toBe('* https://wiki.example/d');
	});
});

test('an item can have a number of its own, from which the list goes on', async () => {
	const html = '<ol start="3"><li>a</li><li value="7">b</li><li value="x">c</li></ol>';
	expect(await htmlToText(html, { format: 'markdown' })).toBe('3. a\n7. b\n8. c');
});
