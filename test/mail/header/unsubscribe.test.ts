/** Links to leave a mailing list, as senders write them. */
import { expect, test } from 'vitest';
import { unsubscribe } from '../../../mail/header/unsubscribe';

test('a link in an encoded word', () => {
	const header = Buffer.from(
		'List-Unsubscribe: =?utf-8?Q?=3Chttps=3A//x.example/u=3Fa=3D1=3E=2C_?=\r\n' +
			' =?utf-8?Q?=3Cmailto=3Au=40x.example=3E?=\r\n\r\n',
	);
	expect(unsubscribe(header)).toEqual({
		url: 'https://x.example/u?a=1',
		mailto: 'mailto:u@x.example',
		oneClick: false,
	});
});

test('a program in an encoded word is not a link', () => {
	const header = Buffer.from(
		'List-Unsubscribe: =?utf-8?Q?=3Cjavascript=3Aalert=281=29=3E?=\r\n\r\n',
	);
	expect(unsubscribe(header)).toBeUndefined();
});
