/** Separators, brackets and escapes that some servers leave out, or write otherwise. */
import { expect, test } from 'vitest';
import { MailboxNames } from '../../../engine/grammar/mailbox-name';
import { readResponse } from '../../../engine/grammar/response';

const inbox = (attributes: string[], delimiter: string): object => ({
	entry: { name: 'INBOX', delimiter, attributes },
});

test.each<[string, object]>([
	['* LIST () "\\" INBOX', inbox([], '\\')],
	['* LIST (\\Sent) "\\" "INBOX"', inbox(['\\Sent'], '\\')],
	['* LIST "\\" INBOX', inbox([], '\\')],
	['* LIST (\\HasChildren,\\Sent) "/" INBOX', inbox(['\\HasChildren', '\\Sent'], '/')],
	['* LIST (\\HasChildren, \\Sent) "/" INBOX', inbox(['\\HasChildren', '\\Sent'], '/')],
	['* LIST (\\HasChildren , \\Sent) "/" INBOX', inbox(['\\HasChildren', '\\Sent'], '/')],
	['* FLAGS (\\Seen, \\Draft, x)', { flags: ['\\Seen', '\\Draft', 'x'] }],
	['* FLAGS (\\Seen,\\Draft,x)', { flags: ['\\Seen', '\\Draft', 'x'] }],
	['* FLAGS (a,b \\Seen)', { flags: ['a,b', '\\Seen'] }],
	['* OK [ UIDVALIDITY 5] x', { code: { name: 'UIDVALIDITY', value: 5 }, text: 'x' }],
	['* OK [UIDVALIDITY 5 x', { code: { name: 'UIDVALIDITY', value: 5 }, text: 'x' }],
	['* OK [UIDVALIDITY 5', { code: { name: 'UIDVALIDITY', value: 5 }, text: '' }],
	['* OK [UIDVALIDITY 5 7] x', { code: { name: 'OTHER', atom: 'UIDVALIDITY' }, text: 'x' }],
	['A1 NO [TRYCREATE no such mailbox', { code: { name: 'TRYCREATE' } }],
	['* NAMESPACE ((NIL "/"))', { namespaces: { personal: [{ prefix: '', delimiter: '/' }] } }],
])('%s', (line, expected) => {
	const bytes = Buffer.from(line);
	const context = { names: new MailboxNames(), maxDepth: 100 };
	expect(readResponse(bytes, 0, bytes.length, context)).toMatchObject(expected);
});

test('half a million attributes with commas between them', () => {
	const bytes = Buffer.from(`* LIST (\\A${',b'.repeat(500_000)}) "/" x`);
	const context = { names: new MailboxNames(), maxDepth: 100 };
	const response = readResponse(bytes, 0, bytes.length, context);
	expect(response?.type === 'LIST' && response.entry.attributes.length).toBe(500_001);
});
