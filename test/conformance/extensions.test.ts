import type { SequenceNumber, Uid } from '../../engine/index';
import { describe, expect, test } from 'vitest';
import { largeMessage, message } from './messages';
import { needs } from './needs';
import { onEachServer } from './on-each-server';

onEachServer((bench) => {
	describe('MULTIAPPEND', () => {
		test('many messages in one command', async (context) => {
			const { imap, sent } = await bench.inbox();
			needs(context, imap, 'MULTIAPPEND');
			const many = Array.from({ length: 200 }, (_, index) => ({
				message: message({ Subject: `number ${index + 1}` }),
				flags: index % 2 ? ['\\Seen'] : [],
			}));
			const appended = await imap.appendAll('INBOX', many);
			expect(appended.map((one) => one?.uid)).toEqual(many.map((_, index) => index + 1));
			expect(sent.filter((line) => line.startsWith('APPEND'))).toHaveLength(1);
			await imap.noop();
			const found = await imap.selected.bySequenceNumber
				.fetch('1:*', { envelope: true, flags: true })
				.all();
			expect(found.map(({ envelope }) => envelope?.subject)).toEqual(
				many.map((_, index) => `number ${index + 1}`),
			);
			expect(found.filter(({ flags }) => flags?.includes('\\Seen'))).toHaveLength(100);
		});

		test('all or none', async (context) => {
			const { imap } = await bench.inbox();
			needs(context, imap, 'MULTIAPPEND');
			await expect(
				imap.appendAll(bench.mailbox('Nowhere'), [
					{ message: message() },
					{ message: largeMessage(200_000) },
				]),
			).rejects.toMatchObject({ code: 'NO', responseCode: 'TRYCREATE' });
			expect(await imap.selected.bySequenceNumber.search({ all: true })).toEqual([]);
		});
	});

	describe('REPLACE', () => {
		test.for([false, true])(
			'a new message in place of the old one, by UID: %s',
			async (uid, context) => {
				const { imap } = await bench.inbox(
					['one', 'two', 'three'].map((Subject) => message({ Subject })),
				);
				needs(context, imap, 'REPLACE');
				const { selected } = imap;
				const replacement = { message: message({ Subject: 'new' }), flags: ['\\Flagged'] };
				const replaced = uid
					? await selected.replace(2 as Uid, 'INBOX', replacement)
					: await selected.bySequenceNumber.replace(2 as SequenceNumber, 'INBOX', replacement);
				expect(replaced?.uid).toBe(4);
				await imap.noop();
				const found = await imap.selected.bySequenceNumber
					.fetch('1:*', { uid: true, envelope: true, flags: true })
					.all();
				expect(found.map((one) => [one.uid, one.envelope?.subject])).toEqual([
					[1, 'one'],
					[3, 'three'],
					[4, 'new'],
				]);
				expect(found[2]?.flags).toContain('\\Flagged');
			},
		);

		test('where it is not offered, nothing is sent', async ({ skip }) => {
			const { imap, sent } = await bench.inbox([message()]);
			if (imap.capabilities.has('REPLACE')) return skip('REPLACE offered');
			const replace = imap.selected.bySequenceNumber.replace(1 as SequenceNumber, 'INBOX', {
				message: message(),
			});
			await expect(replace).rejects.toMatchObject({ code: 'CAPABILITY' });
			expect(sent).toEqual([]);
		});
	});

	describe('BINARY', () => {
		const encoded = message(
			{
				'MIME-Version': '1.0',
				'Content-Type': 'application/octet-stream',
				'Content-Transfer-Encoding': 'base64',
			},
			Buffer.from([0, 1, 2, 0xff, 13, 10, 0]).toString('base64'),
		);

		test('a part is fetched decoded', async (context) => {
			const { imap } = await bench.inbox([encoded]);
			needs(context, imap, 'BINARY');
			const [one] = await imap.selected.bySequenceNumber
				.fetch('1', { body: [{ section: '1', binary: true }] })
				.all();
			expect(one?.body[0]?.content).toEqual(Buffer.from([0, 1, 2, 0xff, 13, 10, 0]));
		});

		test('where it is not offered, nothing is sent', async ({ skip }) => {
			const { imap, sent } = await bench.inbox([encoded]);
			if (imap.capabilities.has('BINARY')) return skip('BINARY offered');
			const fetched = (): unknown =>
				imap.selected.bySequenceNumber.fetch('1', { body: [{ section: '1', binary: true }] }).all();
			await expect((async () => fetched())()).rejects.toMatchObject({ code: 'CAPABILITY' });
			expect(sent).toEqual([]);
		});
	});

	describe('any extension', () => {
		test('xatom() gives what the server sent, as read and as it came', async (context) => {
			const { imap, sent } = await bench.logIn();
			needs(context, imap, 'ID');
			const { responses, lines } = await imap.command('ID', [null]);
			expect(sent.at(-1)).toBe('ID NIL');
			expect(lines.map(String).filter((line) => line.startsWith('* ID '))).toHaveLength(1);
			expect(responses).toHaveLength(lines.length);
		});

		test('xatom() writes texts as they can be sent', async () => {
			const { imap, sent } = await bench.logIn();
			const box = bench.mailbox('two words');
			await imap.createMailbox(box);
			const { lines } = await imap.command('STATUS', [box, ['MESSAGES', 'UIDNEXT']]);
			expect(sent.at(-1)).toBe(`STATUS "${box}" (MESSAGES UIDNEXT)`);
			expect(lines.map(String)).toContain(`* STATUS "${box}" (MESSAGES 0 UIDNEXT 1)`);
		});

		test('xatom() with bytes and numbers, and its refusal', async () => {
			const { imap } = await bench.inbox([message()]);
			const { lines } = await imap.command('STATUS', [Buffer.from('INBOX'), ['MESSAGES']]);
			expect(lines.map(String).join('\n')).toMatch(/^\* STATUS "?INBOX"? \(MESSAGES 1\)/m);
			await expect(imap.command('X-UNHEARD-OF', [1, null])).rejects.toMatchObject({
				name: 'Imap4Error',
				command: 'X-UNHEARD-OF',
			});
			await imap.noop();
		});

		test('xatom() refuses what changes the session', async () => {
			const { imap, sent } = await bench.inbox([message()]);
			for (const name of ['LOGOUT', 'select', 'STARTTLS', 'NO SUCH THING AT ALL', 'X\r\nY'])
				await expect(imap.command(name)).rejects.toMatchObject({ code: 'ARGUMENT' });
			expect(sent).toEqual([]);
		});
	});
});
