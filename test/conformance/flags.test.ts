import { expect, test } from 'vitest';
import type { Imap4 } from '../../engine/index';
import { message } from './messages';
import { onEachServer } from './on-each-server';

/** The flags of each message, sorted, \Recent left out. */
async function flagsOf(imap: Imap4): Promise<string[][]> {
	const found = await imap.selected.bySequenceNumber.fetch('1:*', { flags: true }).all();
	return found.map(({ flags = [] }) => flags.filter((flag) => flag !== '\\Recent').sort());
}

const three = [message(), message(), message()];

onEachServer((bench) => {
	test('add, remove, set', async () => {
		const { imap } = await bench.inbox(three);
		await imap.selected.bySequenceNumber.store('1:2', '+FLAGS', ['\\Seen', 'kw'], { silent: true });
		expect(await flagsOf(imap)).toEqual([['\\Seen', 'kw'], ['\\Seen', 'kw'], []]);
		await imap.selected.bySequenceNumber.store('2:3', '-FLAGS', ['kw', '\\Draft'], {
			silent: true,
		});
		expect(await flagsOf(imap)).toEqual([['\\Seen', 'kw'], ['\\Seen'], []]);
		await imap.selected.bySequenceNumber.store('1,3', 'FLAGS', ['\\Flagged'], { silent: true });
		expect(await flagsOf(imap)).toEqual([['\\Flagged'], ['\\Seen'], ['\\Flagged']]);
		await imap.selected.bySequenceNumber.store('1:*', 'FLAGS', [], { silent: true });
		expect(await flagsOf(imap)).toEqual([[], [], []]);
	});

	test('the new flags are returned, unless silent', async () => {
		const { imap, sent } = await bench.inbox(three);
		const { messages, modified } = await imap.selected.bySequenceNumber.store('2:3', '+FLAGS', [
			'\\Deleted',
		]);
		expect(messages.map(({ seq }) => seq)).toEqual([2, 3]);
		for (const { flags } of messages) expect(flags).toContain('\\Deleted');
		expect(modified).toBeUndefined();
		expect(sent).toEqual(['STORE 2:3 +FLAGS (\\Deleted)']);
		sent.length = 0;
		const silent = await imap.selected.bySequenceNumber.store('1', '+FLAGS', ['\\Deleted'], {
			silent: true,
		});
		// Cyrus tells the flags once more, as long as they are recent.
		expect(silent.messages).toHaveLength(bench.name === 'Cyrus' ? 1 : 0);
		expect(silent.modified).toBeUndefined();
		expect(sent).toEqual(['STORE 1 +FLAGS.SILENT (\\Deleted)']);
	});

	test('by UID', async () => {
		const { imap } = await bench.inbox(three);
		await imap.selected.bySequenceNumber.store('1', '+FLAGS', ['\\Deleted'], { silent: true });
		await imap.selected.expunge();
		const { messages } = await imap.selected.store('1:2', '+FLAGS', ['\\Answered']);
		expect(messages.map(({ seq, uid }) => [seq, uid])).toEqual([[1, 2]]);
		expect(await flagsOf(imap)).toEqual([['\\Answered'], []]);
		expect((await imap.selected.store('99', '+FLAGS', ['\\Seen'])).messages).toEqual([]);
	});

	test('keywords of odd but permitted characters survive', async () => {
		const { imap } = await bench.inbox([message()]);
		const store = (keyword: string) =>
			imap.selected.bySequenceNumber.store('1', '+FLAGS', [keyword], { silent: true });
		const odd = ['$MDNSent', 'a.b/c', "it's", 'x&y', '|;:,?'];
		const refusedByCourier = ['~`+=', '[test'];
		if (bench.name !== 'Courier') odd.push(...refusedByCourier);
		else
			for (const keyword of refusedByCourier)
				await expect(store(keyword)).rejects.toMatchObject({ code: 'NO', command: 'STORE' });
		for (const keyword of odd) await store(keyword);
		expect(await flagsOf(imap)).toEqual([odd.toSorted()]);
		for (const keyword of odd)
			expect(await imap.selected.bySequenceNumber.search({ keyword }), keyword).toEqual([1]);
		const { flags, permanentFlags } = await imap.open();
		expect(flags).toEqual(expect.arrayContaining(odd));
		expect(permanentFlags).toEqual(expect.arrayContaining(odd));
	});

	test('a keyword with a closing bracket is left to the server to accept', async () => {
		const { imap } = await bench.inbox([message()]);
		const stored = imap.selected.bySequenceNumber.store('1', '+FLAGS', ['[test]'], {
			silent: true,
		});
		// RFC 3501 has no "]" in an atom, and many servers take it all the same.
		if (bench.name === 'Dovecot' || bench.name === 'Courier') {
			const responseCode = bench.name === 'Dovecot' ? 'CANNOT' : undefined;
			await expect(stored).rejects.toMatchObject({ code: 'NO', responseCode });
			return;
		}
		await stored;
		expect(await flagsOf(imap)).toEqual([['[test]']]);
		expect((await imap.open()).permanentFlags).toContain('[test]');
	});

	test.each(['two words', 'a"b', 'a(b', 'a)b', 'a{1}', 'ü', '\\', 'a\\b', '', 'a%', 'a\r\nb'])(
		'the flag %j is refused here',
		async (flag) => {
			const { imap, sent } = await bench.inbox([message()]);
			await expect(
				imap.selected.bySequenceNumber.store('1', '+FLAGS', [flag]),
			).rejects.toMatchObject({ code: 'ARGUMENT' });
			await expect(imap.append('INBOX', message(), { flags: [flag] })).rejects.toMatchObject({
				code: 'ARGUMENT',
			});
			await imap.noop();
			expect(sent).toEqual(['NOOP']);
		},
	);

	test('a mailbox opened with EXAMINE keeps its flags', async () => {
		const { imap, sent } = await bench.inbox([message()]);
		await imap.open('INBOX', { readOnly: true });
		sent.length = 0;
		// Nothing is sent: Courier would change the flags even of a mailbox opened with EXAMINE.
		await expect(
			imap.selected.bySequenceNumber.store('1', '+FLAGS', ['\\Seen'], { silent: true }),
		).rejects.toMatchObject({
			code: 'READ_ONLY',
		});
		expect(sent).toEqual([]);
		await imap.open();
		expect(await flagsOf(imap)).toEqual([[]]);
	});

	test('only if unchanged since, where CONDSTORE is offered', async () => {
		const { imap } = await bench.inbox(three);
		if (!imap.capabilities.has('CONDSTORE')) {
			await expect(
				imap.selected.bySequenceNumber.store('1', '+FLAGS', ['\\Seen'], { unchangedSince: 1n }),
			).rejects.toMatchObject({ code: 'CAPABILITY' });
			return;
		}
		const all = await imap.selected.bySequenceNumber.fetch('1:3', { modSeq: true }).all();
		// Cyrus counts on with each message.
		const before = all.reduce(
			(one, other) => (one > (other.modSeq ?? 0n) ? one : (other.modSeq ?? 0n)),
			0n,
		);
		await imap.selected.bySequenceNumber.store('2', '+FLAGS', ['\\Seen'], { silent: true });
		const { modified } = await imap.selected.bySequenceNumber.store('1:3', '+FLAGS', ['late'], {
			unchangedSince: before,
		});
		expect(modified?.toString()).toBe('2');
		expect(await flagsOf(imap)).toEqual([['late'], ['\\Seen'], ['late']]);
		const changed = await imap.selected
			.fetch('1:*', { flags: true }, { changedSince: before })
			.all();
		expect(changed.map(({ uid }) => uid)).toEqual([1, 2, 3]);
	});
});
