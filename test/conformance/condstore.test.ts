import { expect, test } from 'vitest';
import type { Client } from './on-each-server';
import { message } from './messages';
import { needs } from './needs';
import { onEachServer } from './on-each-server';

const messages = ['a', 'b', 'c', 'd'].map((Subject) => message({ Subject }));

onEachServer((bench) => {
	test('messages changed since a mod-sequence', async (context) => {
		const { imap } = await bench.inbox(messages);
		needs(context, imap, 'CONDSTORE');
		const { highestModSeq } = await imap.open('INBOX', { condStore: true });
		expect(highestModSeq).toBeTypeOf('bigint');
		await imap.selected.bySequenceNumber.store('2', '+FLAGS', ['\\Flagged'], { silent: true });
		const since = highestModSeq ?? 0n;
		const changed = await imap.selected.bySequenceNumber
			.fetch('1:*', { uid: true, flags: true, modSeq: true }, { changedSince: since })
			.all();
		expect(changed.map(({ seq }) => seq)).toEqual([2]);
		expect(changed[0]?.modSeq).toBeGreaterThan(since);
		expect(await imap.selected.bySequenceNumber.search({ modSeq: since + 1n })).toEqual([2]);
		expect((await imap.status('INBOX', ['highestModSeq'])).highestModSeq).toBe(changed[0]?.modSeq);
	});

	test('STORE leaves alone what was changed since', async (context) => {
		const one = await bench.inbox(messages);
		const { imap } = one;
		needs(context, imap, 'CONDSTORE');
		const { highestModSeq = 0n } = await imap.open('INBOX', { condStore: true });
		const { imap: other } = await bench.logIn(one.account);
		await other.open();
		await other.selected.bySequenceNumber.store('2', '+FLAGS', ['\\Flagged'], { silent: true });
		const { modified } = await imap.selected.store('1:4', '+FLAGS', ['\\Seen'], {
			unchangedSince: highestModSeq,
		});
		expect(String(modified)).toBe('2');
		expect(await imap.selected.bySequenceNumber.search({ seen: true })).toEqual([1, 3, 4]);
	});

	/** A mailbox as a client knew it, and what happened to it since. */
	async function changedMeanwhile(
		client: Client,
	): Promise<{ uidValidity: number; modSeq: bigint; knownUids: string }> {
		const { imap } = client;
		await imap.enable('QRESYNC');
		const { uidValidity = 0, highestModSeq = 0n } = await imap.open();
		await imap.selected.close();
		const { imap: other } = await bench.logIn(client.account);
		await other.open();
		await other.selected.bySequenceNumber.store('1,3', '+FLAGS', ['\\Deleted'], { silent: true });
		await other.selected.expunge();
		await other.selected.bySequenceNumber.store('2', '+FLAGS', ['\\Flagged'], { silent: true });
		await other.append('INBOX', message({ Subject: 'e' }));
		await other.logout();
		return { uidValidity, modSeq: highestModSeq, knownUids: '1:4' };
	}

	test('QRESYNC: SELECT reports what is gone and what has changed', async (context) => {
		const client = await bench.inbox(messages);
		needs(context, client.imap, 'QRESYNC');
		const { imap } = client;
		const qresync = await changedMeanwhile(client);
		const selected = await imap.open('INBOX', { qresync });
		expect(selected.exists).toBe(3);
		expect(String(selected.resynchronized?.vanished)).toMatch(/^(1,3)$/);
		// The one with a new flag; Cyrus and Dovecot tell the new message as well.
		const told = selected.resynchronized?.changed?.map(({ uid, flags }) => [
			uid,
			flags?.includes('\\Flagged'),
		]);
		expect(told).toContainEqual([4, true]);
		expect(told?.map(([uid]) => uid)).not.toContain(2);
	});

	test('QRESYNC: with an old UIDVALIDITY nothing but the mailbox is reported', async (context) => {
		const client = await bench.inbox(messages);
		needs(context, client.imap, 'QRESYNC');
		const known = await changedMeanwhile(client);
		const qresync = { ...known, uidValidity: known.uidValidity - 1 };
		const selected = await client.imap.open('INBOX', { qresync });
		expect(selected.exists).toBe(3);
		expect(selected.resynchronized?.vanished).toBeUndefined();
		expect(selected.resynchronized?.changed).toEqual([]);
	});

	test('QRESYNC: VANISHED takes the place of EXPUNGE', async (context) => {
		const one = await bench.inbox(messages);
		needs(context, one.imap, 'QRESYNC');
		await one.imap.enable('QRESYNC');
		await one.imap.open();
		const { imap: other } = await bench.logIn(one.account);
		await other.open();
		await other.selected.bySequenceNumber.store('1,3', '+FLAGS', ['\\Deleted'], { silent: true });
		await other.selected.expunge();
		await one.imap.noop();
		expect(one.imap.mailbox?.exists).toBe(2);
		const vanished = one.unsolicited.flatMap((news) =>
			news.type === 'VANISHED' ? [news.uids] : [],
		);
		expect(vanished.join()).toBe('1,3');
		await one.imap.selected.store('4', '+FLAGS', ['\\Deleted'], { silent: true });
		const expunged = await one.imap.selected.expunge();
		expect(String(expunged.uids)).toBe('4');
		expect(expunged.sequenceNumbers).toEqual([]);
		expect(one.imap.mailbox?.exists).toBe(1);
	});

	test('QRESYNC must be enabled before', async (context) => {
		const { imap, sent } = await bench.inbox(messages);
		needs(context, imap, 'QRESYNC');
		const qresync = { uidValidity: 1, modSeq: 1n };
		await expect(imap.open('INBOX', { qresync })).rejects.toMatchObject({ code: 'STATE' });
		expect(sent).toEqual([]);
	});

	test('what is not offered is not sent', async ({ skip }) => {
		const { imap, sent } = await bench.inbox(messages);
		if (imap.capabilities.has('CONDSTORE')) return skip('CONDSTORE offered');
		for (const refused of [
			imap.open('INBOX', { condStore: true }),
			imap.selected.bySequenceNumber.store('1', '+FLAGS', ['\\Seen'], { unchangedSince: 1n }),
			imap.selected.bySequenceNumber.fetch('1', { modSeq: true }).all(),
			imap.enable('QRESYNC'),
		])
			await expect(refused).rejects.toMatchObject({ code: 'CAPABILITY' });
		expect(sent).toEqual([]);
	});
});
