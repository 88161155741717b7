/** Japanese in seven bits with the sets of its extensions (RFC 2237, RFC 1554, JIS X 0213). */
import { expect, test } from 'vitest';
import { decodeLongText, decodeText } from '../../../mail/charset/decode-text';
import { decodeWords } from '../../../mail/header/encoded-words';

/** @param written with `^` for ESC */
const bytes = (written: string): Buffer => Buffer.from(written.replaceAll('^', '\x1b'), 'latin1');

test.each([
	['JIS X 0212', 'iso-2022-jp-1', '^$B$"^$(D0!0"^(Bx', 'あ丂丄x'],
	['JIS X 0212 under the usual label', 'iso-2022-jp', '^$B$"^$(D0!^(B', 'あ丂'],
	['JIS X 0212 over lines', 'iso-2022-jp-1', '^$(D0!^(B\n^$BF|^(B\n^$(D0!^(B', '丂\n日\n丂'],
	['GB 2312', 'iso-2022-jp-2', '^$ADc^$BF|^(B', '你日'],
	['KS X 1001', 'iso-2022-jp-2', '^$(C0!^(B.', '가.'],
	['Latin-1', 'iso-2022-jp-2', '^.AGr^N|^NGe ^$BF|^Nd^(B', 'GrüÇe 日ä'],
	['Greek', 'iso-2022-jp-2', '^.F^Na^Nb', 'αβ'],
	['Latin-1 at the end', 'iso-2022-jp-2', '^.Aa^N', 'a'],
	['JIS X 0213', 'iso-2022-jp-3', '^$(O$"^(B', 'あ'],
	['JIS X 0213 of 2004', 'iso-2022-jp-2004', '^$(Q$"^(Ba', 'あa'],
	['half-width Kana', 'iso-2022-jp-1', '^(I6E^$(D0!^(B', 'ｶﾅ丂'],
])('%s', (_set, claimed, written, text) => {
	expect(decodeText(bytes(written), { claimed })).toBe(text);
});

test('in an encoded word', () => {
	const coded = bytes('^$(D0!^(B').toString('base64');
	expect(decodeWords(`=?iso-2022-jp-1?B?${coded}?=`)).toBe('丂');
});

test('a text that switches without end is decoded to its end', async () => {
	const text = await decodeLongText(bytes(`${'^$ADc^(B'.repeat(200_000)}end`), {
		claimed: 'iso-2022-jp-2',
	});
	expect([text.startsWith('你你'), text.endsWith('end')]).toEqual([true, true]);
});
