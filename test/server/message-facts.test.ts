import { expect, test } from 'vitest';
import { mail, selected } from './raw-client';

test('SAVEDATE is when the message came here, whatever its internal date (RFC 8514)', async () => {
	const { client } = await selected();
	await client.send('APPEND INBOX "01-Feb-2001 00:00:00 +0000" {4+}\r\n\r\nx\n');
	const [told = ''] = await client.untagged('FETCH 1 SAVEDATE');
	const date = /^1 FETCH \(SAVEDATE "(.*)"\)$/.exec(told)?.[1];
	expect(Date.now() - Date.parse(date ?? '')).toBeLessThan(60_000);
	expect(await client.untagged('SEARCH SAVEDSINCE 1-Feb-2020')).toEqual(['SEARCH 1']);
	expect(await client.untagged('SEARCH SAVEDBEFORE 1-Feb-2020')).toEqual(['SEARCH']);
	expect(await client.untagged('SEARCH SAVEDATESUPPORTED BEFORE 1-Feb-2020')).toEqual(['SEARCH 1']);
});

const html = mail({ 'Content-Type': 'text/html' }, '<p>one &amp;\r\n <b>two</b></p>');
const alternative = mail(
	{ 'Content-Type': 'multipart/alternative; boundary=b' },
	[
		'--b',
		'Content-Type: text/html',
		'',
		'<p>html</p>',
		'--b',
		'Content-Type: text/plain; charset=iso-8859-1',
		'Content-Transfer-Encoding: quoted-printable',
		'',
		'gr=FC=DFe =\r\n  there',
		'--b--',
	].join('\r\n'),
);

test('PREVIEW is the text in one line, from plain text or HTML (RFC 8970)', async () => {
	const { client } = await selected([html, alternative, mail({}, 'x'.repeat(500))]);
	expect(await client.untagged('FETCH 1 (PREVIEW)')).toEqual(['1 FETCH (PREVIEW "one & two")']);
	expect(await client.untagged('FETCH 2 (PREVIEW (LAZY) UID)')).toEqual([
		'2 FETCH (PREVIEW {13}',
		`${Buffer.from('gr\u00fc\u00dfe there').toString('latin1')} UID 2)`,
	]);
	const [long] = await client.untagged('FETCH 3 PREVIEW');
	expect(long).toBe(`3 FETCH (PREVIEW "${'x'.repeat(200)}")`);
});

test('PREVIEW sets no flag, and is NIL where a message has no text', async () => {
	const { client, inbox } = await selected([mail({ 'Content-Type': 'image/png' })]);
	expect(await client.untagged('FETCH 1 PREVIEW')).toEqual(['1 FETCH (PREVIEW NIL)']);
	expect(inbox.messages[0]?.flags.size).toBe(0);
});
