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
