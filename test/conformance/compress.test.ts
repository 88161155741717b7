import { expect, test } from 'vitest';
import { largeMessage, message } from './messages';
import { needs } from './needs';
import { onEachServer } from './on-each-server';

onEachServer((bench) => {
	test.for(['none', 'starttls', 'tls'] as const)(
		'all commands go on compressed, with security %s',
		async (security, context) => {
			const { imap } = await bench.logIn(undefined, { security });
			needs(context, imap, 'COMPRESS=DEFLATE');
			await imap.compress();
			const large = largeMessage(1_000_000);
			await imap.append('INBOX', large);
			await Promise.all(Array.from({ length: 20 }, () => imap.append('INBOX', message())));
			expect((await imap.open()).exists).toBe(21);
			const bodies = await imap.selected.bySequenceNumber
				.fetch('1:*', { body: [{ section: '' }] })
				.all();
			expect(bodies).toHaveLength(21);
			expect(bodies[0]?.body[0]?.content?.equals(large)).toBe(true);
			expect(await imap.logout()).not.toBe('');
		},
	);

	test('a body is streamed through it', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'COMPRESS=DEFLATE');
		const large = largeMessage(3_000_000);
		await imap.append('INBOX', large);
		await imap.compress();
		await imap.open();
		const chunks: Buffer[] = [];
		for await (const one of imap.selected.bySequenceNumber.fetch('1', { body: [{ section: '' }] }))
			for await (const chunk of one.body[0]?.stream() ?? []) chunks.push(chunk as Buffer);
		expect(Buffer.concat(chunks).equals(large)).toBe(true);
	});

	test('what was issued before it and after it is answered', async (context) => {
		const { imap } = await bench.inbox([message()]);
		needs(context, imap, 'COMPRESS=DEFLATE');
		const results = await Promise.all([
			imap.selected.bySequenceNumber.search({ all: true }),
			imap.compress(),
			imap.selected.bySequenceNumber.search({ all: true }),
			imap.noop(),
			imap.status('INBOX', ['messages']),
		]);
		expect(results[0]).toEqual([1]);
		expect(results[2]).toEqual([1]);
		expect(results[4]).toMatchObject({ messages: 1 });
	});

	test('twice is refused, and the session goes on', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'COMPRESS=DEFLATE');
		await imap.compress();
		await expect(imap.compress()).rejects.toMatchObject({ name: 'Imap4Error' });
		await imap.noop();
	});

	test('where it is not offered, nothing is sent', async ({ skip }) => {
		const { imap, sent } = await bench.inbox();
		if (imap.capabilities.has('COMPRESS=DEFLATE')) return skip('COMPRESS=DEFLATE offered');
		await expect(imap.compress()).rejects.toMatchObject({ code: 'CAPABILITY' });
		expect(sent).toEqual([]);
	});
});
