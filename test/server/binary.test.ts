import { expect, test } from 'vitest';
import { mail, selected } from './raw-client';

const base64 = mail({ 'Content-Transfer-Encoding': 'base64' }, 'AAEC/w==');
const quoted = mail(
	{ 'Content-Type': 'multipart/mixed; boundary=b' },
	[
		'--b',
		'Content-Transfer-Encoding: quoted-printable',
		'',
		'a=C3=BC',
		'--b',
		'Content-Transfer-Encoding: x-own',
		'',
		'x',
		'--b--',
	].join('\r\n'),
);

test('BINARY is returned without its transfer encoding, as a literal8 where it holds NUL', async () => {
	const { client } = await selected([base64, quoted]);
	const told = await client.send('FETCH 1 (BINARY.PEEK[1] BINARY.SIZE[1])');
	expect(told[0]).toBe('* 1 FETCH (BINARY[1] ~{4}');
	expect(told[1]).toBe('\0\u0001\u0002\u00ff BINARY.SIZE[1] 4)');
	expect(await client.untagged('FETCH 2 BINARY.PEEK[1]')).toEqual([
		'2 FETCH (BINARY[1] {3}',
		'a\u00c3\u00bc)',
	]);
});

test('a part of it', async () => {
	const { client } = await selected([base64]);
	const told = await client.untagged('FETCH 1 BINARY.PEEK[1]<1.2>');
	expect(told).toEqual(['1 FETCH (BINARY[1]<1> {2}', '\u0001\u0002)']);
});

test('BINARY sets \\Seen, BINARY.PEEK does not', async () => {
	const { client, inbox } = await selected([base64]);
	await client.send('FETCH 1 BINARY.PEEK[1]');
	expect(inbox.messages[0]?.flags.has('\\Seen')).toBe(false);
	await client.send('FETCH 1 BINARY[1]');
	expect(inbox.messages[0]?.flags.has('\\Seen')).toBe(true);
});

test('an unknown transfer encoding is refused by name, a missing part is NIL', async () => {
	const { client } = await selected([quoted]);
	const answer = await client.send('FETCH 1 BINARY.PEEK[2]');
	expect(answer).toEqual([expect.stringMatching(/^NO \[UNKNOWN-CTE\] /)]);
	expect(await client.untagged('FETCH 1 BINARY.PEEK[3]')).toEqual(['1 FETCH (BINARY[3] NIL)']);
});

test('APPEND of a literal8 keeps NUL, and BODY[] has it as base64', async () => {
	const { client, inbox } = await selected();
	const message = mail({ 'Content-Transfer-Encoding': 'binary', Subject: 'x' }, 'a\0b').slice(
		0,
		-2,
	);
	await client.send(`APPEND INBOX ~{${message.length}+}\r\n${message}`);
	const told = await client.untagged('FETCH 1 BINARY.PEEK[1]');
	expect(told).toEqual(['1 FETCH (BINARY[1] ~{3}', 'a\0b)']);
	expect(inbox.messages[0]?.octets.toString()).toBe(
		'Content-Transfer-Encoding: base64\r\nSubject: x\r\n\r\nYQBi\r\n',
	);
});

test('NUL in any other literal is bad syntax', async () => {
	const { client } = await selected();
	expect(await client.send('APPEND INBOX {3+}\r\na\0b')).toEqual([expect.stringMatching(/^BAD /)]);
});

test('without BINARY, literal8 is rejected', async () => {
	const { client } = await selected([base64], { capabilities: { remove: ['BINARY'] } });
	expect(await client.send('APPEND INBOX ~{3+}\r\na\0b')).toEqual([expect.stringMatching(/^BAD /)]);
	expect(await client.send('FETCH 1 BINARY[1]')).toEqual([expect.stringMatching(/^BAD /)]);
});
