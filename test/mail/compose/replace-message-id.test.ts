import { expect, test } from 'vitest';
import { withMessageId } from '../../../mail/compose/replace-message-id';

const NEW = 'Message-ID: <new@x>\r\n';

test.each([
	[
		'takes the place of the old one',
		'A: b\r\nMessage-ID: <old@x>\r\nC: d\r\n\r\nt',
		'A: b\r\nC: d\r\n\r\nt',
	],
	['and of a folded one', 'message-id:\r\n <old@x>\r\nC: d\r\n\r\nt', 'C: d\r\n\r\nt'],
	['and of all of them', 'Message-Id: 1\nA: b\nMESSAGE-ID: 2\n\nt', 'A: b\n\nt'],
	['where there was none', 'A: b\r\n\r\nt', 'A: b\r\n\r\nt'],
	['at the end of a header without body', 'A: b\r\nMessage-ID: x', 'A: b\r\n'],
	['not in the body', 'A: b\r\n\r\nMessage-ID: <x@x>\r\n', 'A: b\r\n\r\nMessage-ID: <x@x>\r\n'],
	['not in a message without header', '\r\nMessage-ID: <x@x>\r\n', '\r\nMessage-ID: <x@x>\r\n'],
	['and changes no byte beside it', 'A: \xff\x00\r\n\r\n\xfe\n', 'A: \xff\x00\r\n\r\n\xfe\n'],
])('the new Message-ID %s', (_rule, message, rest) => {
	const replaced = withMessageId(Buffer.from(message, 'latin1'), '<new@x>');
	expect(replaced.toString('latin1')).toBe(NEW + rest);
});
