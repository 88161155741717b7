import { expect, test } from 'vitest';
import { mail, selected } from './raw-client';

const message = mail({ Subject: 'x' }, '0123456789');
const old = { protocols: ['IMAP4'] } as const;

test.each([
	['RFC822 1 7', 'RFC822 {7}\r\nSubject'],
	['RFC822.HEADER 10 100', 'RFC822.HEADER {5}\r\nx\r\n\r\n'],
	['RFC822.TEXT 4 3', 'RFC822.TEXT {3}\r\n345'],
	['BODY[TEXT] 11 100', 'BODY[TEXT] {2}\r\n\r\n'],
	['BODY[1] 100 5', 'BODY[1] {0}\r\n'],
])('PARTIAL 1 %s', async (part, piece) => {
	const { client, inbox } = await selected([message], old);
	inbox.setFlags(inbox.messages[0] as (typeof inbox.messages)[0], ['\\Seen']);
	await client.send('NOOP');
	const answer = (await client.send(`PARTIAL 1 ${part}`)).join('\r\n');
	expect(answer).toBe(`* 1 FETCH (${piece})\r\nOK Partial completed.`);
});

test('it sets \\Seen, unless it peeks', async () => {
	const { client, inbox } = await selected([message], old);
	await client.send('PARTIAL 1 RFC822.TEXT.PEEK 1 1');
	expect(inbox.messages[0]?.flags.has('\\Seen')).toBe(false);
	await client.send('PARTIAL 1 RFC822.TEXT 1 1');
	expect(inbox.messages[0]?.flags.has('\\Seen')).toBe(true);
});

test.each(['1 RFC822 0 1', '1:2 RFC822 1 1', '1 FLAGS 1 1', '1 BODY[]<0.1> 1 1', '1 RFC822 1'])(
	'refused: PARTIAL %s',
	async (given) => {
		const { client } = await selected([message, message], old);
		expect(await client.send(`PARTIAL ${given}`)).toEqual([expect.stringMatching(/^BAD /)]);
	},
);

test('IMAP4rev1 no longer has it: an unknown command is BAD, and the session continues', async () => {
	const { client } = await selected([message]);
	for (const command of ['PARTIAL 1 RFC822 1 1', 'XYZZY', 'XYZZY (a "b")', 'UID XYZZY'])
		expect(await client.send(command)).toEqual([expect.stringMatching(/^BAD .*unknown command/)]);
	expect(await client.send('NOOP')).toEqual(['OK NOOP completed.']);
});
