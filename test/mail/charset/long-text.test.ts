/** Charsets that switch between sets, in texts that are decoded in pieces. */
import { expect, test } from 'vitest';
import { decodeLongText, decodeText } from '../../../mail/charset/decode-text';

const KOREAN = '\x1b$)C\x0e0!\x0f ';
const CHINESE = '~{VP~} ~~ ';

test.each([
	['iso-2022-kr', KOREAN, '가 '],
	['iso-2022-kr', `${KOREAN}\n`, '가 \n'],
	['iso-2022-cn', '\x1b$)A\x0eVP\x0f ', '中 '],
	['hz-gb-2312', CHINESE, '中 ~ '],
	['hz-gb-2312', '~{VP\n', '中\n'],
	['iso-2022-jp', '\x1b$BF|\x1b(B \n', '日 \n'],
	['johab', '\x88a ', '가 '],
	['utf-7', '+Ti0- +- ', '中 + '],
	['utf-32be', '\0\0\x4e\x2d', '中'],
])('%s: %j', async (claimed, written, read) => {
	const times = Math.ceil((512 * 1024) / written.length);
	const bytes = Buffer.from(written.repeat(times), 'latin1');
	expect(decodeText(Buffer.from(written, 'latin1'), { claimed })).toBe(read);
	expect((await decodeLongText(bytes, { claimed })) === read.repeat(times)).toBe(true);
});

test.each([
	['iso-2022-kr', KOREAN],
	['hz-gb-2312', CHINESE],
	['utf-7', '+Ti0-'],
])('%s lets other work have its turn', async (claimed, written) => {
	const bytes = Buffer.from(written.repeat((2 * 1024 * 1024) / written.length), 'latin1');
	let turns = 0;
	let isDone = false;
	const count = (): void => {
		turns++;
		if (!isDone) setImmediate(count);
	};
	setImmediate(count);
	const text = await decodeLongText(bytes, { claimed });
	isDone = true;
	expect(text.length).toBeGreaterThan(100_000);
	expect(turns).toBeGreaterThan(10);
});

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const JAPANESE = '\x1b$BF|K\\8l\x1b(B';

test.each(['shift_jis', 'euc-jp', 'iso-8859-1', 'gb2312', undefined])(
	'Japanese in seven bits shows what it is, whatever is claimed: %s',
	(claimed) => {
		expect(decodeText(Buffer.from(JAPANESE, 'latin1'), { claimed })).toBe('日本語');
	},
);

test('Korean and Chinese in seven bits too', () => {
	expect(decodeText(Buffer.from(KOREAN, 'latin1'), { claimed: 'euc-kr' })).toBe('가 ');
	expect(decodeText(Buffer.from('\x1b$)A\x0eVP\x0f', 'latin1'), { claimed: 'gb2312' })).toBe('中');
});

test.each([
	['iso-2022-jp', '93fa967b8cea82cc', '日本語の'],
	['iso-2022-jp', 'c6fccbdcb8eca4ce', '日本語の'],
	['iso-2022-kr', 'c7d1b1dbb7ce', '한글로'],
	['iso-2022-cn', 'd6d0cec4b1ea', '中文标'],
])('eight bits under %s are those of the same language', (claimed, hex, text) => {
	expect(decodeText(bytes(hex), { claimed })).toBe(text);
});

test.each([
	['utf-16', '65e5672c8a9e306e30c630ad30b930c8', '日本語のテキスト'],
	['utf-16', 'e5652c679e8a6e30c630ad30b930c830', '日本語のテキスト'],
	['utf-16', '480061006c006c006f00', 'Hallo'],
	['utf-16', '00480061006c006c006f', 'Hallo'],
])('%s without a mark: %s', (claimed, hex, text) => {
	expect(decodeText(bytes(hex), { claimed })).toBe(text);
});

test.each([
	['x-mac-japanese', '93fa', '日'],
	['x-mac-korean', 'c7d1', '한'],
	['x-mac-chinesesimp', 'd6d0', '中'],
	['x-mac-chinesetrad', 'a4a4', '中'],
	['x-mac-icelandic', 'de97', 'Þó'],
	['x-mac-hebrew', 'f9ec', 'של'],
	['x-viet-tcvn5712', '5669d674', 'Việt'],
])('%s: %s', (claimed, hex, text) => {
	expect(decodeText(bytes(hex), { claimed })).toBe(text);
});
