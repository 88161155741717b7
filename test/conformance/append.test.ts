import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { Client } from './on-each-server';
import { onEachServer } from './on-each-server';
import { largeMessage, message } from './messages';

onEachServer((bench) => {
	async function contentOf({ imap }: Client, set: string): Promise<Buffer | null | undefined> {
		// It does not tell of a message before the next NOOP.
		if (bench.name === 'Courier') await imap.noop();
		const [found] = await imap.selected.fetch(set, { body: [{ section: '' }] }).all();
		return found?.body[0]?.bytes();
	}

	test('bytes, flags and date are kept as they are; APPENDUID names the place', async () => {
		const client = await bench.inbox();
		const { imap } = client;
		const octets = Buffer.concat([
			Buffer.from('Subject: octets\r\n\r\n'),
			Buffer.from(
				Array.from({ length: 246 }, (_, index) => index + 10).filter(
					(one) => one !== 13 && one !== 10,
				),
			),
			Buffer.from('\r\n'),
		]);
		const date = new Date('2020-02-29T23:30:15Z');
		const appended = await imap.append('INBOX', octets, {
			flags: ['\\Flagged', '\\Draft', 'my-keyword', '$Forwarded'],
			date,
			dateOffset: -330,
		});
		expect(appended).toEqual({ uidValidity: imap.mailbox?.uidValidity, uid: 1 });
		await imap.noop();
		const [found] = await imap.selected
			.fetch('1', { flags: true, internalDate: true, size: true })
			.all();
		expect(found).toMatchObject({ seq: 1, uid: 1, size: octets.length });
		expect(found?.flags).toEqual(
			expect.arrayContaining(['\\Flagged', '\\Draft', 'my-keyword', '$Forwarded']),
		);
		expect(found?.flags).not.toContain('\\Seen');
		expect(found?.internalDate).toEqual(date);
		expect((await contentOf(client, '1'))?.equals(octets)).toBe(true);
	});

	test('bare CR and LF become CRLF, in text and in bytes', async () => {
		const client = await bench.inbox();
		const wanted = 'Subject: ü\r\n\r\none\r\n\r\ntwo\r\nthree\r\n';
		await client.imap.append('INBOX', 'Subject: ü\n\none\r\rtwo\nthree\n');
		await client.imap.append('INBOX', Buffer.from('Subject: ü\r\n\none\r\n\ntwo\rthree\r\n'));
		expect((await contentOf(client, '1'))?.toString()).toBe(wanted);
		expect((await contentOf(client, '2'))?.toString()).toBe(wanted);
	});

	test('an empty body and a message without header', async () => {
		const client = await bench.inbox();
		await client.imap.append('INBOX', 'Subject: only a header\r\n\r\n');
		await client.imap.append('INBOX', '\r\nonly a body\r\n');
		expect((await contentOf(client, '1'))?.toString()).toBe('Subject: only a header\r\n\r\n');
		expect((await contentOf(client, '2'))?.toString()).toBe('\r\nonly a body\r\n');
	});

	test('a message that does not end with a line end', async () => {
		const client = await bench.inbox();
		await client.imap.append('INBOX', 'Subject: x\r\n\r\nno more');
		// Courier keeps whole lines.
		const end = bench.name === 'Courier' ? '\r\n' : '';
		expect((await contentOf(client, '1'))?.toString()).toBe(`Subject: x\r\n\r\nno more${end}`);
	});

	test('a stream of known size is sent while it is read', async () => {
		const client = await bench.inbox();
		const octets = largeMessage(700_000);
		const pieces: Buffer[] = [];
		for (let at = 0; at < octets.length; at += 9973) pieces.push(octets.subarray(at, at + 9973));
		const appended = await client.imap.append('INBOX', Readable.from(pieces), {
			size: octets.length,
			lineEndings: 'unchanged',
		});
		expect(appended?.uid).toBe(1);
		await client.imap.noop();
		expect((await contentOf(client, '1'))?.equals(octets)).toBe(true);
	});

	test('line ends become CRLF from whatever source they come, also from one too large to hold', async () => {
		const client = await bench.inbox();
		const text = 'Subject: x\n\none\ntwo\n';
		const bytes = Buffer.from(text);
		const large = Buffer.from(largeMessage(2_000_000).toString().replaceAll('\r\n', '\n'));
		const sources = [
			text,
			bytes,
			Readable.from([bytes]),
			() => Readable.from([bytes]),
			() => Readable.from([large]),
		];
		for (const source of sources) await client.imap.append('INBOX', source);
		await client.imap.append('INBOX', Readable.from([bytes]), { size: bytes.length });
		await client.imap.noop();
		for (const number of ['1', '2', '3', '4', '6'])
			expect((await contentOf(client, number))?.toString()).toBe(text.replaceAll('\n', '\r\n'));
		expect((await contentOf(client, '5'))?.equals(largeMessage(2_000_000))).toBe(true);
	});

	test('a stream of unknown size is read first', async () => {
		const client = await bench.inbox();
		const octets = largeMessage(100_000);
		await client.imap.append('INBOX', Readable.from([octets.subarray(0, 7), octets.subarray(7)]));
		expect((await contentOf(client, '1'))?.equals(octets)).toBe(true);
	});

	test('5 MB, and a command behind it', async () => {
		const client = await bench.inbox();
		const octets = largeMessage(5 * 1024 * 1024);
		const [appended] = await Promise.all([
			client.imap.append('INBOX', octets),
			client.imap.status('INBOX', ['uidNext']),
		]);
		expect(appended?.uid).toBe(1);
		await client.imap.noop();
		expect((await contentOf(client, '1'))?.equals(octets)).toBe(true);
	});

	test('a mailbox that does not exist: TRYCREATE, and the session goes on', async () => {
		const { imap } = await bench.logIn();
		const nowhere = bench.mailbox('Nowhere');
		for (const octets of [message(), largeMessage(300_000), largeMessage(2_000_000)]) {
			await expect(imap.append(nowhere, octets)).rejects.toMatchObject({
				code: 'NO',
				command: 'APPEND',
				responseCode: 'TRYCREATE',
			});
			await imap.noop();
		}
		await imap.createMailbox(nowhere);
		expect((await imap.append(nowhere, message()))?.uid).toBe(1);
	});

	test('a stream to a mailbox that does not exist is refused too', async () => {
		const { imap } = await bench.logIn();
		const octets = largeMessage(2_000_000);
		await expect(
			imap.append(bench.mailbox('Nowhere'), Readable.from([octets]), {
				size: octets.length,
				lineEndings: 'unchanged',
			}),
		).rejects.toMatchObject({ code: 'NO', responseCode: 'TRYCREATE' });
		expect((await imap.append('INBOX', message()))?.uid).toBe(1);
	});

	test('a stream shorter or longer than it claims ends the session, and nothing is stored', async () => {
		for (const size of [100, 10_000]) {
			const { imap, account } = await bench.logIn();
			const failed = imap.append('INBOX', Readable.from([largeMessage(1000)]), {
				size,
				lineEndings: 'unchanged',
			});
			await expect(failed).rejects.toMatchObject({ name: 'Imap4AbortError', code: 'CLOSED' });
			const { imap: again } = await bench.logIn(account);
			expect(await again.status('INBOX', ['messages'])).toMatchObject({ messages: 0 });
		}
	});

	test('several at once, one of them refused: each fails or succeeds for itself', async () => {
		const { imap } = await bench.logIn();
		const results = await Promise.allSettled(
			['INBOX', bench.mailbox('Nowhere'), 'INBOX', 'INBOX'].map((name) =>
				imap.append(name, message()),
			),
		);
		expect(results.map(({ status }) => status)).toEqual([
			'fulfilled',
			'rejected',
			'fulfilled',
			'fulfilled',
		]);
		expect(await imap.status('INBOX', ['messages'])).toMatchObject({ messages: 3 });
	});

	test('appendAll() returns each UID in order', async () => {
		const { imap } = await bench.logIn();
		const appended = await imap.appendAll('INBOX', [
			{ message: message({ Subject: 'a' }), flags: ['\\Seen'] },
			{ message: largeMessage(200_000), date: new Date('2001-02-03T04:05:06Z') },
			{ message: message({ Subject: 'c' }) },
		]);
		expect(appended.map((one) => one?.uid)).toEqual([1, 2, 3]);
		await imap.open();
		const found = await imap.selected.bySequenceNumber
			.fetch('1:*', { flags: true, internalDate: true, envelope: true })
			.all();
		expect(found.map(({ envelope }) => envelope?.subject)).toEqual(['a', 'large', 'c']);
		expect(found[0]?.flags).toContain('\\Seen');
		expect(found[1]?.internalDate?.toISOString()).toBe('2001-02-03T04:05:06.000Z');
	});

	test('small literals go without waiting where LITERAL+ is offered', async () => {
		const { imap, sent } = await bench.logIn();
		sent.length = 0;
		await imap.append('INBOX', '\r\nx\r\n');
		// Courier does not offer it.
		expect(sent[0]).toBe(bench.name === 'Courier' ? 'APPEND INBOX {5}' : 'APPEND INBOX {5+}');
	});
});
