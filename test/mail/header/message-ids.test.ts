/** Message-IDs in fields such as References, as programs write and fold them. */
import { expect, test } from 'vitest';
import { messageIds } from '../../../mail/header/message-ids';

test.each([
	['<1@x.example><2@x.example>', ['<1@x.example>', '<2@x.example>']],
	['<1@x.example>,<2@x.example>', ['<1@x.example>', '<2@x.example>']],
	['<a@ x.example>', ['<a@x.example>']],
	['<a. b@x.example>', ['<a.b@x.example>']],
	['your message of <Monday at noon> <1@x.example>', ['<1@x.example>']],
	['<Anna B> <1@x.example>', ['<1@x.example>']],
	['1 < 2', []],
	[undefined, []],
])('%s', (text, ids) => {
	expect(messageIds(text)).toEqual(ids);
});
