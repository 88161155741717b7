import * as fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { decodeAttribute, decodeText } from '../../mail/html-to-text/character-references';
import { htmlToText } from '../../mail/html-to-text/html-to-text';

test.each([
	['a &amp; b', 'a & b'],
	['&#228;&#xe4;&auml;', 'äää'],
	['&lt;b&gt;', '<b>'],
	['AT&T &copy 2026', 'AT&T © 2026'],
	['1 < 2 &lt; 3', '1 < 2 < 3'],
	['&unknown; & &', '&unknown; & &'],
])('text: %s', (text, expected) => {
	expect(decodeText(text)).toBe(expected);
});

test.each([
	['https://example.com/?a=1&amp;b=2', 'https://example.com/?a=1&b=2'],
	['?a=1&copy=2', '?a=1&copy=2'],
	['"&quot;\'', '""\''],
])('an attribute: %s', (value, expected) => {
	expect(decodeAttribute(value)).toBe(expected);
});

it('decodes a reference wherever the HTML is cut into pieces', async () => {
	await fc.assert(
		fc.asyncProperty(fc.integer({ min: 32_740, max: 32_780 }), async (before) => {
			const html = `<p>${'x'.repeat(before)}&auml;&CounterClockwiseContourIntegral;&amp;y</p>`;
			expect((await htmlToText(html)).trim()).toBe(`${'x'.repeat(before)}ä∳&y`);
		}),
	);
});

it('decodes text between tags, beside a style sheet that has none', async () => {
	expect(await htmlToText('<style>.a&amp;{}</style><p>&amp;<b>&lt;</b></p>')).toContain('&<');
});
