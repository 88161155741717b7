/** Encoded words (RFC 2047) of which each begins as if it were a text of its own. */
import { expect, test } from 'vitest';
import { decodeWords } from '../../../mail/header/encoded-words';

test.each([
	['UTF-8', '=?utf-8?B?77u/YQ==?= =?utf-8?B?77u/Yg==?='],
	['UTF-16', '=?utf-16?B?/v8AYQ==?= =?utf-16?B?/v8AYg==?='],
])('a byte order mark in each word: %s', (_charset, words) => {
	expect(decodeWords(words)).toBe('ab');
});
