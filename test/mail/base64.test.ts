/** Base64 as it comes, in pieces of any length. */
import { describe, expect, test } from 'vitest';
import { Base64Decoder } from '../../mail/transfer-encoding/base64';

function decoded(text: string, size: number): string {
	const decoder = new Base64Decoder();
	const found: Buffer[] = [];
	const bytes = Buffer.from(text, 'latin1');
	for (let at = 0; at < bytes.length; at += size) {
		found.push(decoder.decode(bytes.subarray(at, at + size)));
	}
	return Buffer.concat([...found, decoder.end()]).toString('latin1');
}

const encoded = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const forUrls = (text: string): string => Buffer.from(text, 'latin1').toString('base64url');
/** Every byte, so that every character of the alphabet occurs at every place. */
const BYTES = Array.from({ length: 768 }, (_, at) => String.fromCharCode((at * 7) % 256)).join('');
const CLEAR = 'Hello, this is no base64 at all.\r\n\r\nOne line more, please.';

describe.each([1, 3, 7, 64, 10_000])('in pieces of %i bytes', (size) => {
	test.each([
		['text that only claims to be base64 stays as it is', CLEAR, CLEAR],
		[
			'and all of its letters',
			'Et voil\xc3\xa0\r\nEt voil\xc3\xa0',
			'Et voil\xc3\xa0\r\nEt voil\xc3\xa0',
		],
		['and with a line end behind it', `${CLEAR}\r\n`, `${CLEAR}\r\n`],
		[
			'clear text behind base64 is none of it',
			`${encoded('abc')}\r\n-- \r\nA list, of many.`,
			'abc',
		],
		['stray characters are passed over', 'YW*Jj\r\n ZG!Vm\t', 'abcdef'],
		['the alphabet for URLs is read like the usual one', forUrls(BYTES), BYTES],
		[
			'and so is a line of it that looks like a delimiter',
			`${forUrls('abc\xfbde')}\r\n--__${forUrls(BYTES)}`,
			`abc\xfbde\xfb\xef\xff${BYTES}`,
		],
		[
			'a line that is drawn behind it is none of it',
			`${encoded('abc')}\r\n______\r\nA list`,
			'abc',
		],
		['nor is a delimiter', `${encoded('abc')}\r\n--b1_x--\r\n`, 'abc'],
		['a run that was padded is followed by another', 'YQ==\r\nYmM=\r\n', 'abc'],
	])('%s', (_rule, text, bytes) => {
		// What follows a line break is what the decoder makes of any line end.
		expect(decoded(text, size).replaceAll('\r', '')).toBe(bytes.replaceAll('\r', ''));
	});
});
