/** The HTML that Outlook keeps in RTF ([MS-OXRTFEX]): characters in all the ways in which it writes them. */
import { expect, test } from 'vitest';
import { htmlOfRtf } from '../../../mail/unwrap/rtf';

const rtf = (body: string, codePage: number): string =>
	`{\\rtf1\\ansi\\ansicpg${codePage}\\fromhtml1 \\deff0{\\fonttbl{\\f0 Arial;}}{\\*\\htmltag64 <p>}${body}{\\*\\htmltag72 </p>}}`;

test.each([
	['codes of one byte', "\\'e9t\\'e9", 1252, 'été'],
	['codes of two bytes', "\\'82\\'a0", 932, 'あ'],
	['a second byte that is a letter', "\\'83Rx", 932, 'コx'],
	['a second byte that is a backslash', "\\'83\\\\x", 932, 'ソx'],
	['a character with one substitute', '\\u8217?x', 1252, '’x'],
	['with two', "\\uc2\\u12354\\'82\\'a0x", 932, 'あx'],
	['with none', '\\uc0\\u12354x', 932, 'あx'],
	['with as many as before, behind a group', '{\\uc0\\u12354x}\\u12354?y', 932, 'あxあy'],
	['beyond the first plane', '\\u-10179?\\u-8704?', 1252, '😀'],
	['words', 'don\\rquote t \\endash  \\ldblquote a\\rdblquote ', 1252, 'don’t – “a”'],
	['marks of RTF itself', '\\{a\\}\\\\b', 1252, '{a}\\b'],
])('%s', async (_way, body, codePage, text) => {
	expect(await htmlOfRtf(rtf(body, codePage))).toBe(`<p>${text}</p>`);
});
