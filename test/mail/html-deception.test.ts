/** HTML that says one thing to the eye and another to a program. */
import { expect, test } from 'vitest';
import { htmlToText } from '../../mail/html-to-text/html-to-text';

test.each([
	'display:/* */none',
	'/* a */display:none',
	'display:none/* never closed',
	'd\\69 splay:none',
	'display:n\\6f ne',
	'display:n\\one',
	'display&#58;none',
	'DISPLAY : NONE ! important',
	'opacity:0.0',
	'visibility:hidd\\000065n',
	'font-size:0\\70x',
])('text is hidden by the style %s', async (style) => {
	expect(await htmlToText(`<p>a</p><div style="${style}">hidden</div>`)).toBe('a');
});

test('text is hidden by an escape in a style sheet', async () => {
	const html = '<style>.a{d\\69 splay:none}</style><p>a</p><p class="a">hidden</p>';
	expect(await htmlToText(html)).toBe('a');
});

test('a comment within a word makes two of it, which hide nothing', async () => {
	expect(await htmlToText('<div style="display:no/**/ne">shown</div>')).toBe('shown');
});

test('an escape of no character hides nothing', async () => {
	expect(await htmlToText('<div style="display:n\\ffffff ne">shown</div>')).toBe('shown');
});

test.each([
	['\u202e', '%E2%80%AE'],
	['\u200b', '%E2%80%8B'],
	['\u0001', '%01'],
])(
	'a character in an address that cannot be seen is written as what it is: %j',
	async (character, shown) => {
		const html = `<a href="https://example.com/${character}x">y</a>`;
		expect(await htmlToText(html)).toBe(`y [https://example.com/${shown}x]`);
		expect(await htmlToText(html, { format: 'markdown' })).toBe(
			`[y](https://example.com/${shown}x)`,
		);
	},
);
