/** Markdown of HTML that a stranger wrote: nothing but what is written here becomes markup. */
import { describe, expect, test } from 'vitest';
import { htmlToText, type HtmlTextOptions } from '../../mail/html-to-text/html-to-text';

const markdown = (html: string, options: HtmlTextOptions = {}): Promise<string> =>
	htmlToText(html, { format: 'markdown', ...options });

const IMAGE = '![x](http://evil.example/)';

describe('code cannot end itself', () => {
	test.each([
		['a block', `<pre>\`\`\`\n${IMAGE}</pre>`, `\`\`\`\`\n\`\`\`\n${IMAGE}\n\`\`\`\``],
		[
			'a block whose backticks come in pieces',
			`<pre>&#96;\`<b>\`</b>\`\n${IMAGE}</pre>`,
			`\`\`\`\`\`\n\`\`\`\`\n${IMAGE}\n\`\`\`\`\``,
		],
		['code within a line', `<code>a\` ${IMAGE} \`b</code>`, `\`\`a\` ${IMAGE} \`b\`\``],
		['code that begins with a backtick', '<code>`a</code>', '`` `a ``'],
		[
			'code of several lines',
			`<code>${IMAGE}<br>&lt;script&gt;</code>`,
			`\`${IMAGE}\`\n\`<script>\``,
		],
		[
			'code right behind code',
			`<code>x</code><code>\`y ${IMAGE}</code>`,
			`\`x\` \`\` \`y ${IMAGE} \`\``,
		],
		['code that is not closed', `<code>a\`b`, '``a`b``'],
		[
			'code in a table',
			`<table><tr><th><code>a|${IMAGE}</code></th></tr></table>`,
			`| \`a\\|${IMAGE}\` |\n| --- |`,
		],
	])('%s', async (_, html, expected) => {
		expect(await markdown(html)).toBe(expected);
	});

	test.each([
		['a heading', `<h1><pre>${IMAGE}</pre></h1>`, '# !\\[x\\](http://evil.example/)'],
		[
			'a cell',
			`<table><tr><th><pre>|${IMAGE}</pre></th></tr></table>`,
			'| \\|!\\[x\\](http://evil.example/) |\n| --- |',
		],
	])('%s cannot hold a code block, so its text stays text', async (_, html, expected) => {
		expect(await markdown(html)).toBe(expected);
	});
});

test('code in several elements is one piece, unless they write something of their own', async () => {
	expect(await markdown('<code><span>a</span><span>b</span></code>')).toBe('`ab`');
	expect(await markdown('a <code> x <b>y</b></code> z')).toBe('a `x` **`y`** z');
	expect(await markdown('<code><a href="http://x.example/">l</a></code>')).toBe(
		'[`l`](http://x.example/)',
	);
});

describe('a link without text is not a tag', () => {
	test.each([
		[
			'<a href="script"></a>alert(1)<a href="/script"></a>',
			'[script](script)alert(1)[/script](/script)',
		],
		[
			'<a href="x:img/onmouseover=location=name"></a>',
			'[x:img/onmouseover=location=name](x:img/onmouseover=location=name)',
		],
		[
			`<a href="https://x.example/'/onmouseover=alert\`1\`"></a>`,
			'<https://x.example/%27/onmouseover=alert%601%60>',
		],
		['<a href="mailto:a@b.example"></a>', '[a@b.example](mailto:a@b.example)'],
		['<a href="script">a<br>b</a>', 'a\nb [script](script)'],
	])('%s', async (html, expected) => {
		expect(await markdown(html)).toBe(expected);
	});
});

test.each([
	['javascript&amp;colon;alert(1)', '[l](javascript&amp;colon;alert%281%29)'],
	['java&amp;Tab;script:alert(1)', '[l](java&amp;Tab;script:alert%281%29)'],
	['javascript&amp;#58;alert(1)', '[l](javascript&amp;#58;alert%281%29)'],
	['http://x.example/?a=1&amp;b=2', '[l](http://x.example/?a=1&b=2)'],
])('an address holds no character references: %s', async (address, expected) => {
	expect(await markdown(`<a href="${address}">l</a>`)).toBe(expected);
});

test('a footnote ends with its address', async () => {
	const html = '<a href="http://x.example/ <script>alert(1)</script>">l</a>';
	expect(await markdown(html, { links: 'footnotes' })).toBe(
		'[l][1]\n\n[1]: http://x.example/%20%3Cscript%3Ealert%281%29%3C/script%3E',
	);
});

test.each([
	['Title<br>===<br>= b', 'Title\n\\===\n\\= b'],
	['~~~<br>~~a~~ ~b~', '\\~\\~\\~\n\\~\\~a\\~\\~ \\~b\\~'],
	['http://x.example/~anna a~b', 'http://x.example/~anna a~b'],
	['&amp;lt;b&amp;gt; &amp;#60; AT&amp;T', '\\&lt;b\\&gt; \\&#60; AT&T'],
])('text does not become markup: %s', async (html, expected) => {
	expect(await markdown(html)).toBe(expected);
});

test('a program in a link is none behind control characters either', async () => {
	expect(await htmlToText('<a href="&#1; javascript:alert(1)">l</a>')).toBe('l');
});

describe('links are relative to <base>', () => {
	test.each([
		['a path', '<base href="https://x.example/d/">', 'a?b=1', 'https://x.example/d/a?b=1'],
		['another host', '<base href="https://x.example/d/">', '//y.example/z', 'https://y.example/z'],
		['an address', '<base href="https://x.example/d/">', 'tel:123', 'tel:123'],
		['no base', '', '/a', '/a'],
		['a base that is none', '<base href="javascript:1"><base href="https://">', '/a', '/a'],
		[
			'the first base',
			'<base href="https://x.example/"><base href="https://y.example/">',
			'/a',
			'https://x.example/a',
		],
	])('%s', async (_, base, href, expected) => {
		expect(await htmlToText(`${base}<a href="${href}">l</a>`)).toBe(`l [${expected}]`);
	});
});
