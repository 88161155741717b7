/** Encoded words (RFC 2047) of which each begins as if it were a text of its own. */
import { expect, test } from 'vitest';
import { decodeWords } from '../../../mail/header/encoded-words';
import { headerFields } from '../../../mail/header/header-text';

test.each([
	['UTF-8', '=?utf-8?B?77u/YQ==?= =?utf-8?B?77u/Yg==?='],
	['UTF-16', '=?utf-16?B?/v8AYQ==?= =?utf-16?B?/v8AYg==?='],
])('a byte order mark in each word: %s', (_charset, words) => {
	expect(decodeWords(words)).toBe('ab');
});

test('fields that name no charset are in that of the text', () => {
	const [field, type] = ['Subject: \xf3\xde\xa3\xd4', 'Content-Type: text/plain; charset=koi8-r'];
	const header = Buffer.from(`${field}\r\n${type}\r\n\r\n`, 'latin1');
	expect(headerFields(header).subject).toBe('Счёт');
});
